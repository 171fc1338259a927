import { constants, deflateRawSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyBytes, bodyText, recordBody, wireChunks, withBodyText } from '../../src/model/body.ts'
import { FrameCutter } from '../../src/model/frame-cutter.ts'
import type { HeaderList } from '../../src/model/header-list.ts'
import type { TimedBytes } from '../../src/model/timed-bytes.ts'
import { decodeFrame, encodeFrame, opcodes } from '../../src/model/websocket-frame.ts'

const plain: HeaderList = [['upgrade', 'WebSocket']]
const deflated: HeaderList = [
  ...plain,
  ['Sec-WebSocket-Extensions', 'permessage-deflate; server_max_window_bits=15'],
]

function timed(...frames: Uint8Array[]): TimedBytes[] {
  return frames.map((bytes, at) => ({ afterMs: at * 10, afterSent: at, bytes }))
}

/** Sets and clears bits of a frame's first byte. */
function flagged(frame: Buffer, set: number, clear = 0): Buffer {
  return Buffer.concat([Buffer.of((frame[0]! | set) & ~clear), frame.subarray(1)])
}

const text = (payload: string) => encodeFrame(opcodes.text, Buffer.from(payload))
const notFinal = (frame: Buffer) => flagged(frame, 0, 0x80)
const compressed = (frame: Buffer) => flagged(frame, 0x40)
const end = Buffer.alloc(0)

test.each<[string, Buffer, object]>([
  ['a text', text('hélló'), { text: 'hélló' }],
  ['an empty text', text(''), { text: '' }],
  ['a text that no one can read', text('\u001b'), { type: 'text', base64: 'Gw==' }],
  ['bytes', encodeFrame(2, Buffer.of(0, 255)), { base64: 'AP8=' }],
  ['bytes that are text', encodeFrame(2, Buffer.from('{}')), { type: 'binary', text: '{}' }],
  ['a ping', encodeFrame(9, Buffer.from('hi')), { type: 'ping', text: 'hi' }],
  ['a pong', encodeFrame(10, Buffer.from('')), { type: 'pong', text: '' }],
  ['a bare close', encodeFrame(8, end), { type: 'close', text: '' }],
  [
    'a close',
    encodeFrame(8, Buffer.from('\u0003\u00e8bye', 'latin1')),
    { type: 'close', code: 1000, text: 'bye' },
  ],
  ['the end', end, { type: 'end' }],
])('%s is stored as it reads, and gives the same frame', (_, frame, stored) => {
  const body = recordBody(timed(text('before'), frame), plain)

  expect(body).toEqual({
    frames: [
      { afterMs: 0, afterSent: 0, text: 'before' },
      { afterMs: 10, afterSent: 1, ...stored },
    ],
  })
  expect(wireChunks(body)).toEqual(timed(text('before'), frame))
})

test('a message of any length gives the same frame', () => {
  for (const length of [0, 125, 126, 65_535, 65_536]) {
    const frame = encodeFrame(opcodes.binary, Buffer.alloc(length, 7))
    expect(wireChunks(recordBody(timed(frame), plain))).toEqual(timed(frame))
    expect(decodeFrame(frame).payload).toHaveLength(length)
  }
})

test('the fragments of a message are joined where it ends, a ping amid them stays', () => {
  const frames = timed(
    notFinal(text('sec')),
    encodeFrame(opcodes.ping, end),
    encodeFrame(opcodes.continuation, Buffer.from('ret')),
  )

  expect(recordBody(frames, plain)).toEqual({
    frames: [
      { afterMs: 10, afterSent: 1, type: 'ping', text: '' },
      { afterMs: 20, afterSent: 2, text: 'secret' },
    ],
  })
})

/** Compresses messages as a server does that keeps its window from one to the next. */
function compress(messages: readonly string[]): Buffer[] {
  let window = Buffer.alloc(0)
  return messages.map((message) => {
    const packed = deflateRawSync(message, {
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(window.length === 0 ? {} : { dictionary: window }),
    })
    window = Buffer.concat([window, Buffer.from(message)]).subarray(-32_768)
    return compressed(encodeFrame(opcodes.text, packed.subarray(0, -4)))
  })
}

test('compressed messages are unpacked, also where they refer to earlier ones', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 60 }), { minLength: 1 }), (words) => {
      const messages = words.map((word) => word.replaceAll(/\p{Cc}/gu, '.').repeat(900))
      const body = recordBody(timed(...compress([...messages, ...messages])), deflated)

      expect(bodyText(body)).toBe([...messages, ...messages].join('\n'))
      expect(wireChunks(body)).toEqual(timed(...[...messages, ...messages].map(text)))
    }),
    { numRuns: 20 },
  )
})

test.each<[string, HeaderList, Buffer[]]>([
  ['a part of a frame', plain, [text('hello').subarray(0, 3)]],
  ['a single byte', plain, [Buffer.of(0x81)]],
  ['a message without an end', plain, [notFinal(text('hel'))]],
  ['a continuation of nothing', plain, [encodeFrame(opcodes.continuation, Buffer.from('lo'))]],
  ['a message amid another', plain, [notFinal(text('hel')), text('lo')]],
  ['an unknown opcode', plain, [encodeFrame(3, Buffer.from('x'))]],
  ['an unknown control opcode', plain, [encodeFrame(11, Buffer.from('x'))]],
  ['an extension bit', plain, [flagged(text('x'), 0x10)]],
  ['compression that was not agreed on', plain, [compressed(text('x'))]],
  ['compressed nonsense', deflated, [compressed(text('~~~'))]],
  ['a compressed ping', deflated, [compressed(encodeFrame(opcodes.ping, end))]],
  ['a fragmented ping', plain, [notFinal(encodeFrame(opcodes.ping, end))]],
  ['a long ping', plain, [encodeFrame(opcodes.ping, Buffer.alloc(126))]],
  ['a close of one byte', plain, [encodeFrame(opcodes.close, Buffer.of(3))]],
  ['a mask', plain, [Buffer.from('818100000000ff', 'hex')]],
  ['a length in too many bytes', plain, [Buffer.from('817e000178', 'hex')]],
  ['a data frame after a final block', deflated, compress(['a']).map((frame) => finished(frame))],
  [
    'an extension that nobody here knows',
    [...plain, ['Sec-WebSocket-Extensions', 'x']],
    [text('x')],
  ],
  ['another protocol', [['Upgrade', 'shout']], [text('x')]],
])('%s is kept as it came', (_, headers, frames) => {
  const body = recordBody(timed(...frames), headers)

  expect(body).toHaveProperty('chunks')
  expect(wireChunks(body)).toEqual(timed(...frames))
})

/** The same message in a final block (RFC 7692 7.2.3.4), and then more. */
function finished(frame: Buffer): Buffer {
  const packed = deflateRawSync(decodeFrame(frame).payload)
  return compressed(encodeFrame(opcodes.text, Buffer.concat([packed, Buffer.from('more')])))
}

test('frames are cut out however their bytes come, masked ones too', () => {
  const masked = Buffer.from('818537fa213d7f9f4d5158', 'hex')
  const frames = [masked, encodeFrame(2, Buffer.alloc(70_000)), encodeFrame(2, Buffer.alloc(300))]
  const all = Buffer.concat([...frames, masked.subarray(0, 4)])
  for (const size of [1, 3, 1000, all.length]) {
    const cutter = new FrameCutter()
    const cut: Buffer[] = []
    for (let at = 0; at < all.length; at += size)
      cut.push(...cutter.cut(all.subarray(at, at + size)))
    expect(cut.map((frame) => frame.length)).toEqual(frames.map((frame) => frame.length))
    expect(cut[0]).toEqual(masked)
    expect(cutter.rest).toEqual(masked.subarray(0, 4))
  }
  // The example of RFC 6455 5.7.
  expect(decodeFrame(masked)).toMatchObject({ isFinal: true, opcode: 1 })
  expect(decodeFrame(masked).payload.toString()).toBe('Hello')
})

test('the text of messages is exchanged, that of control frames in the same length', () => {
  const binary = encodeFrame(opcodes.binary, Buffer.from([0xff, 0x68, 0x69]))
  const ping = encodeFrame(opcodes.ping, Buffer.from('oh hi!'))
  const body = recordBody(timed(text('hi'), binary, ping, end), plain)!
  const changed = withBodyText(body, '', (said) => said.replaceAll('hi', 'HELLO'))

  expect(changed).toMatchObject({
    frames: [
      { text: 'HELLO' },
      { base64: Buffer.from([0xff, ...Buffer.from('HELLO')]).toString('base64') },
      { type: 'ping', text: 'oh **!' },
      { type: 'end' },
    ],
  })
  expect(bodyBytes(changed).toString('latin1')).toBe('HELLO\u00ffHELLOoh **!')
})

test('what is taken out of an unknown protocol keeps its length', () => {
  const framed = Buffer.from([9, 0xff, ...Buffer.from('key=s3cret;'), 0xfe])
  const body = recordBody(timed(Buffer.from('11:key=sécret;'), framed), [['Upgrade', 'shout']])!
  const changed = withBodyText(body, '', (said) => said.replace(/(?<==)s.+t/, '[REDACTED]'))
  const [first, second] = wireChunks(changed).map(({ bytes }) => Buffer.from(bytes))

  expect(first!.toString()).toBe('11:key=*******;')
  expect(second!.toString('latin1')).toBe('\u0009\u00ffkey=******;\u00fe')
})
