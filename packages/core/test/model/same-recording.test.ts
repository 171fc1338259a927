import { expect, test } from 'vitest'
import type { Interaction, RecordedResponse } from '../../src/model/interaction.ts'
import { isSameRecording } from '../../src/model/same-recording.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { typedRequest } from './sample-request.ts'

const one = sampleInteraction()
const { response: sample } = one as Required<Interaction>

function answered(response: Partial<RecordedResponse>): Interaction {
  return { ...one, response: { ...sample, ...response } }
}

function withHeader(name: string, value: string): Interaction {
  return answered({ headers: [...sample.headers, [name, value]] })
}

test.each([
  'Date',
  'AGE',
  'CF-Ray',
  'Sec-WebSocket-Accept',
  'X-Request-Id',
  'x-amz-cf-id',
  'X-RateLimit-Remaining',
  'anthropic-ratelimit-tokens-reset',
  'RateLimit',
])('%s differs every time, or is there at times, and tells nothing', (name) => {
  expect(isSameRecording(withHeader(name, '1'), withHeader(name, '2'))).toBe(true)
  expect(isSameRecording(one, withHeader(name, '2'))).toBe(true)
})

test.each(['ETag', 'Last-Modified', 'Content-Type', 'Link', 'X-Rate', 'Set-Cookie', 'Retry-After'])(
  '%s tells something',
  (name) => {
    expect(isSameRecording(withHeader(name, '1'), withHeader(name, '2'))).toBe(false)
  },
)

test('when it was made tells nothing', () => {
  expect(isSameRecording(one, { ...one, recordedAt: '2030-01-01T00:00:00.000Z' })).toBe(true)
})

test('how fast a stream came tells nothing, and how it was cut into chunks does', () => {
  const stream = (...chunks: { afterMs: number; text: string }[]) => answered({ body: { chunks } })
  const whole = stream({ afterMs: 1, text: 'ab' })
  const slower = stream({ afterMs: 9, text: 'ab' })
  const halves = stream({ afterMs: 1, text: 'a' }, { afterMs: 1, text: 'b' })

  expect(isSameRecording(whole, slower)).toBe(true)
  expect(isSameRecording(whole, halves)).toBe(false)
})

test('how fast the messages of a WebSocket came tells nothing, and what came after which does', () => {
  const said = (afterMs: number, afterSent: number) =>
    answered({ body: { frames: [{ afterMs, afterSent, text: 'hello' }] } })

  expect(isSameRecording(said(1, 0), said(9, 0))).toBe(true)
  expect(isSameRecording(said(1, 0), said(1, 1))).toBe(false)
})

test('the boundary of a multipart request tells nothing, and its parts do', () => {
  const upload = (boundary: string, content: string): Interaction => {
    const part = `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n${content}\r\n`
    const type = `multipart/form-data; boundary=${boundary}`
    return { ...one, request: typedRequest(type, `${part}--${boundary}--\r\n`) }
  }

  expect(isSameRecording(upload('b1', 'x'), upload('b2', 'x'))).toBe(true)
  expect(isSameRecording(upload('b1', 'x'), upload('b1', 'y'))).toBe(false)
})

test.each<[string, Interaction]>([
  ['status', answered({ status: 201 })],
  ['reason phrase', answered({ statusText: 'Fine' })],
  ['body', answered({ body: { json: { login: 'other' } } })],
  ['request', { ...one, request: { ...one.request, headers: [] } }],
  ['fingerprint', { ...one, matchOn: 'ffff' }],
])('another %s tells something', (_what, other) => {
  expect(isSameRecording(one, other)).toBe(false)
})
