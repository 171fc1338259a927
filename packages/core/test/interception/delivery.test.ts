import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Delivery } from '../../src/interception/dispatch/delivery.ts'
import type {
  DispatchController,
  DispatchHandler,
} from '../../src/interception/dispatch/dispatch-handler.ts'
import { handedResponse } from '../../src/interception/dispatch/handed-response.ts'
import type { ReceivedResponse } from '../../src/model/interceptor.ts'

const response: ReceivedResponse = {
  status: 200,
  statusText: 'Fine',
  headers: [
    ['X-Dup', 'a'],
    ['x-dup', 'b'],
    ['Content-Length', '6'],
  ],
  chunks: ['one', 'two'].map((text) => ({ afterMs: 0, bytes: Buffer.from(text) })),
}

/** A handler of each style that writes down what it is told. */
function handlers(told: unknown[], steer: Steering): Record<string, DispatchHandler> {
  const say = (...words: unknown[]): void => void told.push(words.join(' '))
  let controller: DispatchController | undefined
  return {
    'with a controller': {
      onRequestStart(given) {
        controller = given
        say('start')
        steer.onStart?.(given)
      },
      onResponseStart(given, status, headers, statusText) {
        say('head', status, statusText, JSON.stringify(headers))
        steer.onHead?.(given)
      },
      onResponseData: (_given, chunk) => say('data', chunk),
      onResponseEnd: () => say('end'),
      onResponseError: (given, error) => say('error', error, given === controller),
    },
    'without one': {
      onConnect(abort) {
        say('start')
        steer.onStart?.({ abort, pause() {}, resume() {} })
      },
      onHeaders(status, rawHeaders, resume, statusText) {
        say('head', status, statusText, JSON.stringify(rawHeaders.map(String)))
        let isPaused = false
        steer.onHead?.({ abort() {}, pause: () => (isPaused = true), resume })
        return !isPaused
      },
      onData(chunk) {
        say('data', chunk)
        return true
      },
      onComplete: () => say('end'),
      onError: (error) => say('error', error, true),
    },
  }
}

interface Steering {
  onStart?(controller: DispatchController): void
  onHead?(controller: DispatchController): void
}

const heads: Record<string, string> = {
  'with a controller': '{"x-dup":["a","b"],"content-length":"6"}',
  'without one': '["X-Dup","a","x-dup","b","Content-Length","6"]',
}

const get = { method: 'GET', body: new Uint8Array() }

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn()
}

test.each(Object.keys(heads))(
  'a handler %s hears everything in order, when it wants to',
  async (style) => {
    const told: unknown[] = []
    let resume = (): void => {}
    const steer: Steering = {
      onHead(controller) {
        controller.pause()
        resume = () => controller.resume()
      },
    }
    const delivery = new Delivery(handlers(told, steer)[style]!, get, () => false)
    const head = `head 200 Fine ${heads[style]}`

    delivery.start()
    expect(delivery.replay({ response }, Infinity)).toBe(true)
    await turns()
    expect(told).toEqual(['start', head])
    resume()
    await turns()

    expect(told).toEqual(['start', head, 'data one', 'data two', 'end'])
  },
)

test.each(Object.keys(heads))(
  'a handler %s that aborts hears its own reason and no more',
  async (style) => {
    const told: unknown[] = []
    const steer: Steering = { onStart: (controller) => controller.abort('reason') }
    const delivery = new Delivery(handlers(told, steer)[style]!, get, () => false)

    delivery.start()
    delivery.replay({ response }, Infinity)
    await turns()

    expect(told).toEqual(['start', 'error reason true'])
  },
)

test.each(Object.keys(heads))('a handler %s that throws breaks its request off', async (style) => {
  const told: unknown[] = []
  const steer: Steering = {
    onHead() {
      throw new Error('of the handler')
    },
  }
  const delivery = new Delivery(handlers(told, steer)[style]!, get, () => false)

  delivery.start()
  delivery.replay({ response }, Infinity)
  await turns()

  expect(told.slice(-1)).toEqual(['error Error: of the handler true'])
})

const odd: Record<string, Partial<ReceivedResponse>> = {
  'is informed before': { informational: [{ status: 103, statusText: '', headers: [] }] },
  'has trailers': { trailers: [['x', 'y']] },
  'is truncated': { truncated: true },
  'switches protocols': { status: 101 },
  'is shorter than it says': { headers: [['Content-Length', '7']] },
  'says its length twice': {
    headers: [
      ['Content-Length', '6'],
      ['Content-Length', '6'],
    ],
  },
  'has a header that is not ASCII': { headers: [['x', 'ü']] },
  'has a broken header': { headers: [['x', 'a\r\nb: c']] },
  'has a head that is too large': { headers: [['x', 'x'.repeat(9000)]] },
}

test.each(Object.entries(odd))('a response that %s is left to undici', (_name, part) => {
  expect(handedResponse({ response: { ...response, ...part } }, 'GET', Infinity)).toBeUndefined()
})

test('a failure, a pause and a body of HEAD are left to undici', () => {
  expect(handedResponse({ response, error: 'closed' }, 'GET', Infinity)).toBeUndefined()
  expect(handedResponse({ error: 'closed' }, 'GET', Infinity)).toBeUndefined()
  expect(handedResponse({ response }, 'GET', 1)).toBeUndefined()
  expect(handedResponse({ response }, 'HEAD', Infinity)).toBeUndefined()
})
