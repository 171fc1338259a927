import { URL } from 'node:url'
import type { HeaderList } from '../../model/header-list.ts'
import { headerList, isPlainPath, tagOf } from '../dispatch/dispatched-request.ts'

/** What `fetch` is asked for, in the plain forms that need none of its own reading. */
export interface AskedFetch {
  /** Without its fragment. */
  readonly url: URL
  readonly method: string
  /** As they were given. */
  readonly headers: HeaderList
  readonly body: Buffer | null
  readonly signal: AbortSignal | undefined
  /**
   * What asks for the same, whatever the caller has made of its arguments since.
   *
   * @param written headers as Node writes them
   */
  readonly again: (written: HeaderList) => [url: string, init: RequestInit]
  /** What is equal where Node makes the same headers of these. */
  readonly kind: string
}

// These `fetch` writes in capitals, whatever they were given in, and no others.
const normalized = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'])
// What else changes a request or its response is Node's business.
const special = [
  'cache',
  'credentials',
  'dispatcher',
  'integrity',
  'keepalive',
  'mode',
  'priority',
  'referrer',
  'referrerPolicy',
  'window',
] as const
const redirects = ['follow', 'manual', 'error'] as const

/**
 * Reads the arguments of `fetch` without touching them.
 *
 * @returns `undefined` where only Node knows what they mean, or would refuse them
 */
export function askedFetch(input: unknown, init: unknown): AskedFetch | undefined {
  const url = plainUrl(input)
  if (url === undefined) return undefined
  if (init === undefined || init === null) return asked(url, 'GET', [], '', null, {})
  if (typeof init !== 'object' || special.some((name) => isGiven(init, name))) return undefined
  const of = (name: string): unknown => Reflect.get(init, name)
  const method = plainMethod(of('method'))
  const signal = of('signal') ?? undefined
  const redirect = redirects.find((one) => one === of('redirect'))
  const headers = plainHeaders(of('headers'))
  const body = of('body') ?? null
  const bytes = bytesOf(body)
  if (method === undefined || headers === undefined || bytes === undefined) return undefined
  if (!(signal === undefined || isOpen(signal)) || redirect !== of('redirect')) return undefined
  if (bytes !== null && (method === 'GET' || method === 'HEAD')) return undefined
  const form = `${tagOf(of('headers'))} ${tagOf(body)}`
  return asked(url, method, headers, form, bytes, {
    body: sameBody(body, bytes),
    ...(signal && { signal }),
    ...(redirect && { redirect }),
  })
}

function asked(
  url: URL,
  method: string,
  headers: HeaderList,
  form: string,
  body: Buffer | null,
  rest: RequestInit,
): AskedFetch {
  const signal = rest.signal ?? undefined
  // A DOM that is emulated has signals of its own, which Node refuses.
  const given = `${form} ${signal === undefined ? '' : 'signal '}${headers.map(([name]) => name).join()}`
  const kind = `${url.origin} ${method} ${given}`
  const again = (written: HeaderList): [string, RequestInit] => {
    const names = new Set(headers.map(([name]) => name.toLowerCase()))
    const same = written.filter(([name]) => names.has(name.toLowerCase()))
    return [url.href, { ...rest, method, headers: same.map(([...pair]) => pair) }]
  }
  return { url, method, headers, body, signal, again, kind }
}

function plainUrl(input: unknown): URL | undefined {
  if (typeof input !== 'string' && tagOf(input) !== '[object URL]') return undefined
  const url = URL.parse(String(input))
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined
  if (url.username !== '' || url.password !== '') return undefined
  if (url.hash !== '') url.hash = ''
  return isPlainPath(url.pathname) ? url : undefined
}

function plainMethod(given: unknown): string | undefined {
  if (given === undefined) return 'GET'
  if (given === 'PATCH') return given
  if (typeof given !== 'string') return undefined
  const method = given.toUpperCase()
  return normalized.has(method) ? method : undefined
}

/** Each name once. */
function plainHeaders(given: unknown): HeaderList | undefined {
  const headers = headerList(Array.isArray(given) ? pairs(given) : pairs(entriesOf(given)))
  const names = new Set(headers?.map(([name]) => name.toLowerCase()))
  return names.size === headers?.length && !names.has('content-length') ? headers : undefined
}

function entriesOf(given: unknown): readonly unknown[] {
  if (given === undefined || given === null) return []
  if (given instanceof Headers) return [...given]
  const isIterable = typeof given !== 'object' || Symbol.iterator in given
  return isIterable ? [undefined] : Object.entries(given)
}

/** Names and values in turn; a gap where there is something else. */
function pairs(entries: readonly unknown[]): readonly unknown[] {
  return entries.flatMap((entry: unknown) => {
    const pair: readonly unknown[] = Array.isArray(entry) ? entry : []
    return pair.length === 2 && typeof pair[1] === 'string' ? pair : [undefined, '']
  })
}

/** @returns a copy, which the application cannot change; `undefined` where it is not at hand */
function bytesOf(body: unknown): Buffer | null | undefined {
  if (body === null) return null
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof URLSearchParams) return Buffer.from(String(body))
  return body instanceof Uint8Array ? Buffer.from(body) : undefined
}

/** Its own copy; text and parameters have a type of their own beside bytes. */
function sameBody(body: unknown, bytes: Buffer | null): string | URLSearchParams | Buffer | null {
  if (typeof body === 'string') return body
  return body instanceof URLSearchParams ? new URLSearchParams(body) : bytes
}

function isOpen(signal: unknown): signal is AbortSignal {
  return signal instanceof AbortSignal && !signal.aborted
}

function isGiven(init: object, name: string): boolean {
  const value: unknown = Reflect.get(init, name)
  return value !== undefined && value !== null
}
