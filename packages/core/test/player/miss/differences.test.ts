import { expect, test } from 'vitest'
import type { PlayerOptions } from '../../../src/index.ts'
import { pairDifference } from '../../../src/player/miss/pair-difference.ts'
import { MissScene } from '../../support/miss-scene.ts'

/** What a miss shows of the bodies of a recorded request and of another. */
async function difference(
  stored: RequestInit,
  actual: RequestInit,
  options: PlayerOptions = {},
): Promise<string> {
  const send = (init: RequestInit) => async (url: string) =>
    (await fetch(`${url}/orders`, { method: 'POST', ...init })).text()
  const scene = await MissScene.record(send(stored), options)
  const message = await scene.message(send(actual), { ...options, recordMode: 'none' })
  const lines = message.split('\n')
  const start = lines.findIndex((line) => line.trim() === 'body     differs')
  return lines
    .slice(start + 1)
    .map((line) => line.slice(14))
    .join('\n')
}

const json = (value: unknown): RequestInit => ({
  body: typeof value === 'string' ? value : JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
})

test('JSON has a diff of its values, whatever the order of keys and the spacing', async () => {
  expect(
    await difference(
      json('{"b":[1,2],"a":{"y":1,"x":2}}'),
      json('{ "a": {"x": 2, "y": 1}, "b": [1, 3] }'),
    ),
  ).toBe(
    ['@@ -5,6 +5,6 @@', '   },', '   "b": [', '     1,', '-    2', '+    3', '   ]', ' }'].join(
      '\n',
    ),
  )
})

test('JSON whose difference no parser keeps is compared as text', async () => {
  const body = (id: string) => json(`{"id":${id}}`)
  expect(await difference(body('12345678901234567890'), body('12345678901234567891'))).toBe(
    ['- {"id":12345678901234567890}', '+ {"id":12345678901234567891}'].join('\n'),
  )
})

test('text has a diff of its lines, and a carriage return can be seen', async () => {
  expect(await difference({ body: 'one\ntwo\nthree\n' }, { body: 'one\ntwo\r\nthree\n' })).toBe(
    ['@@ -1,3 +1,3 @@', ' one', '-two', String.raw`+two\r`, ' three'].join('\n'),
  )
})

test.each([
  ['another code point', 'caf\u00E9', 'cafe\u0301', String.raw`caf\u00e9`, String.raw`cafe\u0301`],
  ['another space', 'a b', 'a\u00A0b', 'a b', String.raw`a\u00a0b`],
  ['what has no width', 'ab', 'a\u200Bb', 'ab', String.raw`a\u200bb`],
])('%s that nobody would see is spelt out', async (_, stored, actual, had, has) => {
  expect(await difference({ body: `é ${stored}` }, { body: `é ${actual}` })).toBe(
    [String.raw`- \u00e9 ${had}`, String.raw`+ \u00e9 ${has}`].join('\n'),
  )
})

test('a body that is the same but for its type is said to be so', async () => {
  expect(await difference(json({ a: 1 }), { body: '{"a":1}' })).toBe(
    '(the same bytes, of another type)',
  )
})

test('a long line is cut to what stands around its first difference', async () => {
  const line = (word: string) => ({ body: `${'a '.repeat(200)}${word} ${'b '.repeat(200)}` })
  const around = (word: string) => `…${'a '.repeat(20)}${word} ${'b '.repeat(38)}…`
  expect(await difference(line('old'), line('new'))).toBe(
    [`- ${around('old')}`, `+ ${around('new')}`].join('\n'),
  )
})

test('a form is compared pair by pair', async () => {
  const form = (text: string) => ({ body: new URLSearchParams(text) })
  expect(await difference(form('name=octo&page=1&tag=a&tag=b'), form('page=2&tag=b&tag=a&x'))).toBe(
    [
      '- name: octo',
      '- page: 1',
      '+ page: 2',
      '- tag: a',
      '- tag: b',
      '+ tag: b',
      '+ tag: a',
      '+ x: ',
    ].join('\n'),
  )
})

test('a multipart form is compared part by part', async () => {
  const form = (name: string, content: string) => {
    const body = new FormData()
    body.set('title', name)
    body.set('file', new Blob([content], { type: 'text/plain' }), 'notes.txt')
    return { body }
  }
  expect(await difference(form('one', 'same'), form('two', 'else'))).toBe(
    [
      '- title: one',
      '+ title: two',
      '- file: notes.txt (text/plain, 4 bytes, 0967115f)',
      '+ file: notes.txt (text/plain, 4 bytes, 7dd530c4)',
    ].join('\n'),
  )
})

test('of parts that are no form a boundary that was made anew is no difference', async () => {
  const related = (boundary: string, content: string) => ({
    body: `--${boundary}\r\nContent-Type: text/plain\r\n\r\n${content}\r\n--${boundary}--`,
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
  })
  const lines = (await difference(related('b1', 'one'), related('b2', 'two'))).split('\n')
  expect(lines.filter((line) => /^[-+]/.test(line))).toEqual(['-one\\r', '+two\\r'])
})

test('of bytes the sizes and the first difference are told', async () => {
  const bytes = (...values: number[]) => ({ body: new Uint8Array(values) })
  expect(await difference(bytes(0, 255, 1), bytes(0, 255, 2, 3))).toBe(
    ['- 3 bytes', '+ 4 bytes', '(the first difference is at byte 2)'].join('\n'),
  )
})

test('a body that only one side has is shown', async () => {
  expect(await difference({}, { body: 'one\ntwo' })).toBe(
    ['- (no body)', '+ one', '+ two'].join('\n'),
  )
  expect(await difference({ body: new Uint8Array([0, 1]) }, {})).toBe(
    ['- (2 bytes)', '+ (no body)'].join('\n'),
  )
})

test('of a large body only the first difference is shown, with its secrets hidden', async () => {
  const large = (secret: string) =>
    json({ rows: Array(30_000).fill('a row'), password: secret, tail: Array(9000).fill('a row') })
  expect(
    await difference(large('hunter2-hunter2'), large('swordfish-swordfish'), { redact: false }),
  ).toBe(
    [
      `- …","a row","a row"],"password":"[REDACTED:2]","tail":[${'"a row",'.repeat(8)}"a …`,
      `+ …","a row","a row"],"password":"[REDACTED]","tail":[${'"a row",'.repeat(8)}"a ro…`,
    ].join('\n'),
  )
})

test('of a large text of many lines only the first difference is shown', async () => {
  const large = (word: string) => ({ body: `${'line\n'.repeat(50_000)}${word}\nend` })
  const around = (word: string) => `…${String.raw`line\n`.repeat(7).slice(2)}${word}\\nend`
  expect(await difference(large('old'), large('new'))).toBe(
    [`- ${around('old')}`, `+ ${around('new')}`].join('\n'),
  )
})

test('of texts that have too little in common only the first difference is shown', async () => {
  const lines = (word: string) => ({
    body: Array.from({ length: 2000 }, (_, at) => `${word} ${at}`).join('\n'),
  })
  expect(await difference(lines('old'), lines('new'))).toMatch(
    /^\(too much for a diff; the first difference:\)\n- old 0\\nold 1.*\n\+ new 0\\nnew 1.*$/,
  )
})

test('a value with a line end in it differs from two values', () => {
  const one = [['a', 'x\na: y']] as const
  const two = [
    ['a', 'x'],
    ['a', 'y'],
  ] as const

  expect(pairDifference(one, two)).not.toEqual([])
})
