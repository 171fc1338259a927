import { URL } from 'node:url'
import { headerName, wireText, type HeaderList } from '../model/header-list.ts'
import type {
  Interaction,
  RecordedHead,
  RecordedRequest,
  RecordedResponse,
} from '../model/interaction.ts'
import { decodeBody } from './decode-body.ts'
import { decodeFailure } from './decode-failure.ts'
import type { Field, TextRule } from './field.ts'

const interactionFields = [
  'name',
  'matchOn',
  'recordedAt',
  'test',
  'index',
  'request',
  'response',
  'error',
] as const

const token: TextRule = { pattern: headerName, expected: 'a token of RFC 9110' }
// A character beyond may become a line end: on the wire its lower byte is left of it.
const harmless = 'without CR, LF and NUL and with no character beyond U+00FF'
const oneLine: TextRule = { pattern: wireText, expected: harmless }
const headerValue: TextRule = { pattern: wireText, expected: `the value of a header, ${harmless}` }
const hashed: TextRule = {
  pattern: /^(?:[^]* )?[0-9a-f]{16}$/,
  expected: 'a name that ends in its hash of 16 hex digits',
}
const fingerprint: TextRule = { pattern: /^[0-9a-f]+$/, expected: 'a fingerprint of hex digits' }
const time: TextRule = {
  pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
  expected: 'a time in UTC such as 2026-11-22T17:00:00.000Z',
}

/**
 * Reads an interaction.
 *
 * @param extra fields that may stand beside those of an interaction
 */
export function decodeInteraction(field: Field, extra: readonly string[] = []): Interaction {
  field.object([...extra, ...interactionFields])
  const test = field.optional('test')?.string()
  const index = field.optional('index')?.integer(0, Infinity)
  return {
    name: field.required('name').string(hashed),
    matchOn: field.required('matchOn').string(fingerprint),
    recordedAt: decodeTime(field.required('recordedAt')),
    ...(test === undefined ? {} : { test }),
    ...(index === undefined ? {} : { index }),
    request: decodeRequest(field.required('request')),
    ...decodeOutcome(field),
  }
}

function decodeOutcome(field: Field): Pick<Interaction, 'response' | 'error'> {
  const error = field.optional('error')
  if (error === undefined) return { response: decodeResponse(field.required('response')) }
  const response = field.optional('response')
  return {
    ...(response === undefined ? {} : { response: decodeResponse(response) }),
    error: decodeFailure(error),
  }
}

function decodeRequest(field: Field): RecordedRequest {
  field.object(['method', 'url', 'headers', 'body'])
  return {
    method: field.required('method').string(token),
    url: decodeUrl(field.required('url')),
    headers: decodeHeaders(field.required('headers')),
    ...decodeOptionalBody(field),
  }
}

const headFields = ['status', 'statusText', 'headers'] as const
const responseFields = ['httpVersion', 'informational', 'body', 'trailers', 'truncated'] as const

function decodeResponse(field: Field): RecordedResponse {
  field.object([...headFields, ...responseFields])
  const httpVersion = field.optional('httpVersion')
  if (httpVersion !== undefined && httpVersion.value !== '1.0') {
    httpVersion.fail('must be "1.0", or absent')
  }
  const informational = field.optional('informational')?.items(decodeInformational)
  const trailers = field.optional('trailers')
  const truncated = field.optional('truncated')
  if (truncated !== undefined && truncated.value !== true) truncated.fail('must be true, or absent')
  return {
    ...(httpVersion === undefined ? {} : { httpVersion: '1.0' }),
    ...(informational === undefined ? {} : { informational }),
    // 101 ends HTTP on its connection; the others below 200 are no final responses.
    ...decodeHead(field, field.required('status').value === 101 ? 101 : 200, 999),
    ...decodeOptionalBody(field),
    ...(trailers === undefined ? {} : { trailers: decodeHeaders(trailers) }),
    ...(truncated === undefined ? {} : { truncated: true }),
  }
}

function decodeInformational(field: Field): RecordedHead {
  field.object(headFields)
  return decodeHead(field, 100, 199)
}

function decodeHead(field: Field, lowest: number, highest: number): RecordedHead {
  return {
    status: field.required('status').integer(lowest, highest),
    statusText: field.required('statusText').string(oneLine),
    headers: decodeHeaders(field.required('headers')),
  }
}

function decodeHeaders(field: Field): HeaderList {
  return field.items((item) => {
    const pair = item.value
    if (!Array.isArray(pair) || pair.length !== 2) item.fail('must be a pair [name, value]')
    const [name, value] = item.items((part) => part)
    return [name!.string(token), value!.string(headerValue)]
  })
}

function decodeOptionalBody(field: Field): Pick<RecordedRequest, 'body'> {
  const body = field.optional('body')
  return body === undefined ? {} : { body: decodeBody(body) }
}

function decodeUrl(field: Field): string {
  const url = field.string()
  return /^https?:\/\//i.test(url) && URL.canParse(url)
    ? url
    : field.fail('must be an absolute URL of http or https')
}

function decodeTime(field: Field): string {
  const text = field.string(time)
  return Number.isNaN(Date.parse(text)) ? field.fail(`must be ${time.expected}`) : text
}
