import { URL } from 'node:url'
import type { HeaderList } from '../../model/header-list.ts'
import { keepRequestUrl } from '../../model/request-url.ts'
import type { RequestHead } from '../../model/interceptor.ts'

/** What undici's dispatchers are asked for, as far as it is read here. */
export interface DispatchOptions {
  readonly origin?: unknown
  readonly path?: unknown
  readonly method?: unknown
  readonly headers?: unknown
  readonly body?: unknown
}

/** A request as undici would write it. */
export interface DispatchedRequest extends RequestHead {
  /** The headers that undici was asked for. */
  readonly given: HeaderList
  readonly body: Buffer | AsyncIterable<Uint8Array>
  /** Of the body, in bytes. */
  readonly length: number
}

// A larger body is not worth to be held back until it is known whether there is an answer.
const maxBodySize = 1024 * 1024
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
// Methods whose requests say that they have no body (RFC 9110 8.6).
const withPayload = new Set(['POST', 'PUT', 'PATCH'])
// What changes the request in a way that is undici's own business.
const special = [
  'query',
  'upgrade',
  'expectContinue',
  'reset',
  'throwOnError',
  'maxRedirections',
  'dispatcher',
] as const
// Those that undici writes itself, or refuses.
const specialHeaders = new Set([
  'host',
  'connection',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
])
const plainPath = /^\/(?!\/)[\x21-\x7e]*$/
const token = /^[!#$%&'*+\-.^_`|~\w]+$/
const outerBlanks = /^[ \t]+|[ \t]+$/g
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/
const empty = Buffer.alloc(0)

/**
 * Reads what a dispatcher of undici is asked for, without touching it.
 *
 * @returns `undefined` where only undici knows what it would write, or would refuse it
 */
export function dispatchedRequest(options: DispatchOptions): DispatchedRequest | undefined {
  const { method, path, origin } = options
  if (typeof method !== 'string' || !methods.has(method)) return undefined
  if (typeof path !== 'string' || !isPlainPath(path)) return undefined
  if (special.some((name) => isSet(Reflect.get(options, name)))) return undefined
  const url = URL.parse(
    path,
    typeof origin === 'string' || isA('URL', origin) ? String(origin) : '',
  )
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined
  const given = headerList(options.headers)
  if (given === undefined) return undefined
  const said = given.find(([name]) => isContentLength(name))?.[1]
  const body = bodyOf(options.body, said)
  return body && writtenRequest(method, url, given, body)
}

/** A request with the headers of the connection and of the body, which undici adds. */
export function writtenRequest(
  method: string,
  url: URL,
  given: HeaderList,
  body: Pick<DispatchedRequest, 'body' | 'length'>,
): DispatchedRequest {
  const headers: (readonly [string, string])[] = [
    ['host', url.host],
    // undici closes a connection after HEAD.
    ['connection', method === 'HEAD' ? 'close' : 'keep-alive'],
  ]
  for (const header of given) if (!isContentLength(header[0])) headers.push(header)
  const { length } = body
  if (length > 0 || withPayload.has(method)) headers.push(['content-length', String(length)])
  return { method, url: keepRequestUrl(url), headers, given, ...body }
}

/** Whether undici would write a path as it is. */
export function isPlainPath(path: string): boolean {
  return plainPath.test(path)
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0
}

function isContentLength(name: string): boolean {
  return name.length === 14 && name.toLowerCase() === 'content-length'
}

/** @param said by the request's headers, of its length */
function bodyOf(
  body: unknown,
  said: string | undefined,
): Pick<DispatchedRequest, 'body' | 'length'> | undefined {
  const bytes = bytesOf(body)
  if (bytes !== undefined) {
    const { length } = bytes
    const isSaid = said === undefined || said === String(length)
    return isSaid && length <= maxBodySize ? { body: bytes, length } : undefined
  }
  const length = said === undefined || !/^[1-9]\d*$/.test(said) ? Infinity : Number(said)
  if (length > maxBodySize || !isAsyncGenerator(body)) return undefined
  return { body, length }
}

function bytesOf(body: unknown): Buffer | undefined {
  if (body === undefined || body === null) return empty
  if (typeof body === 'string') return Buffer.from(body)
  if (!isBytes(body)) return undefined
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

function isBytes(value: unknown): value is Uint8Array {
  return isA('Uint8Array', value)
}

// What `fetch` makes of every body. Streams have events besides, to which undici would listen.
function isAsyncGenerator(value: unknown): value is AsyncIterable<Uint8Array> {
  return isA('AsyncGenerator', value)
}

function isA(tag: string, value: unknown): boolean {
  return tagOf(value) === `[object ${tag}]`
}

/** What a value says it is: it may come from another realm. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value)
}

/** The headers in the forms that undici takes most; `undefined` where they are not plain. */
export function headerList(given: unknown): HeaderList | undefined {
  const list: (readonly [string, string])[] = []
  if (given === undefined || given === null) return list
  if (Array.isArray(given)) {
    const flat: readonly unknown[] = given
    for (let at = 0; at < flat.length; at += 2) {
      if (!add(list, flat[at], flat[at + 1])) return undefined
    }
    return list
  }
  // What can be iterated, perhaps once, is left to undici.
  if (typeof given !== 'object' || Symbol.iterator in given) return undefined
  for (const name of Object.keys(given)) {
    if (!add(list, name, Reflect.get(given, name))) return undefined
  }
  return list
}

/** @returns whether the header is plain */
function add(list: (readonly [string, string])[], name: unknown, value: unknown): boolean {
  if (value === undefined) return true
  if (typeof name !== 'string' || !token.test(name)) return false
  if (specialHeaders.has(name.toLowerCase())) return false
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  for (const one of values) {
    const text = typeof one === 'number' ? String(one) : one
    if (typeof text !== 'string' || !fieldValue.test(text)) return false
    list.push([name, text.replace(outerBlanks, '')])
  }
  return true
}
