import { expect, test } from 'vitest'
import { storedRequest } from '../../src/model/stored-request.ts'

function store(headers: [string, string][], url = 'https://api.example.com/') {
  return storedRequest({ method: 'GET', url, headers }, Buffer.alloc(0))
}

test('the fragment is dropped, the rest of the URL stays to the byte', () => {
  expect(store([], 'https://api.example.com/a%2fB/?q=%20+&x#part?y#z').url).toBe(
    'https://api.example.com/a%2fB/?q=%20+&x',
  )
})

test('the method is upper case', () => {
  const url = 'https://api.example.com/'
  expect(storedRequest({ method: 'patch', url, headers: [] }, Buffer.alloc(0)).method).toBe('PATCH')
})

test('a request without a body has none', () => {
  expect(store([])).not.toHaveProperty('body')
})

test('the body is stored in its most readable form', () => {
  const request = storedRequest(
    {
      method: 'POST',
      url: 'https://api.example.com/',
      headers: [['Content-Type', 'application/json']],
    },
    Buffer.from('{"a":1}'),
  )
  expect(request.body).toEqual({ json: { a: 1 } })
})

test('headers keep their order, their case and their duplicates', () => {
  const headers: [string, string][] = [
    ['X-Zeta', '1'],
    ['accept', '*/*'],
    ['x-zeta', '2'],
    ['Authorization', 'Bearer abc'],
    ['Cookie', 'a=1'],
  ]
  expect(store(headers).headers).toEqual(headers)
})

test.each([
  'Accept-Encoding',
  'Connection',
  'Content-Length',
  'Date',
  'Expect',
  'Host',
  'Keep-Alive',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'User-Agent',
  'traceparent',
  'tracestate',
  'baggage',
  'b3',
  'X-B3-TraceId',
  'X-Datadog-Trace-Id',
  'X-Request-Id',
  'X-Correlation-ID',
  'x-amzn-trace-id',
  'X-Amz-Date',
  'amz-sdk-invocation-id',
  'x-ms-client-request-id',
  'x-goog-api-client',
  'client-request-id',
  'request-id',
  'X-Client-Info',
  'X-Client-Request-Id',
  'x-elastic-client-meta',
  'Idempotency-Key',
  'Sec-Fetch-Mode',
  'X-Contentful-User-Agent',
  'X-Fern-Runtime-Version',
  'X-Stainless-Runtime-Version',
])('the volatile header %s is dropped', (name) => {
  expect(store([[name, 'any']]).headers).toEqual([])
})
