import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  asPlaceholder,
  hasPlaceholder,
  inShapeOf,
} from '../../../src/model/redaction/placeholder.ts'
import { Placeholders } from '../../../src/model/redaction/placeholders.ts'

test('the values of a slot are numbered in order of first appearance', () => {
  const placeholders = new Placeholders()
  const given = ['a', 'b', 'a', 'c', 'b'].map((value) => placeholders.inRequest('query:key', value))

  expect(given).toEqual([
    '[REDACTED]',
    '[REDACTED:2]',
    '[REDACTED]',
    '[REDACTED:3]',
    '[REDACTED:2]',
  ])
})

test('each slot counts for itself', () => {
  const placeholders = new Placeholders()

  expect(placeholders.inRequest('query:key', 'a')).toBe('[REDACTED]')
  expect(placeholders.inRequest('header:authorization', 'b')).toBe('[REDACTED]')
  expect(placeholders.inRequest('header:authorization', 'a')).toBe('[REDACTED:2]')
})

test('what a response hands out keeps its placeholder in every slot', () => {
  const placeholders = new Placeholders()

  expect(placeholders.inResponse('one')).toBe('[REDACTED]')
  expect(placeholders.inResponse('two')).toBe('[REDACTED:2]')
  expect(placeholders.inResponse('one')).toBe('[REDACTED]')
  expect(placeholders.inRequest('field:token', 'two')).toBe('[REDACTED:2]')
  expect(placeholders.inRequest('cookie:sid', 'two')).toBe('[REDACTED:2]')
})

test('a token that is exchanged for another stays apart from it', () => {
  const placeholders = new Placeholders()
  const first = placeholders.inRequest('field:token', 'old')
  const handedOut = placeholders.inResponse('new')

  expect(handedOut).not.toBe(first)
  expect(placeholders.inRequest('field:token', 'new')).toBe(handedOut)
  expect(placeholders.inRequest('field:token', 'third')).toBe('[REDACTED:3]')
})

test('a request keeps its placeholder when a response repeats what it sent', () => {
  const placeholders = new Placeholders()
  const sent = placeholders.inRequest('query:token', 'mine')

  expect(placeholders.inResponse('theirs')).toBe('[REDACTED:2]')
  expect(placeholders.inResponse('mine')).toBe(sent)
  expect(placeholders.inRequest('query:token', 'mine')).toBe(sent)
})

test.each(['[REDACTED]', '[REDACTED:7]', '%5BREDACTED%3A7%5D', '%5bREDACTED%5d'])(
  '%s is a placeholder and stays one',
  (value) => {
    const decoded = decodeURIComponent(value)

    expect(hasPlaceholder(value)).toBe(true)
    expect(hasPlaceholder(`before ${value} after`)).toBe(true)
    expect(new Placeholders().inRequest('query:key', value)).toBe(decoded)
    expect(new Placeholders().inResponse(value)).toBe(decoded)
  },
)

test.each([
  '',
  'REDACTED',
  '[REDACTED',
  '[REDACTED:]',
  '[REDACTED:a b]',
  '[redacted]',
  '%5bredacted%5d',
])('"%s" is no placeholder', (value) => {
  expect(hasPlaceholder(value)).toBe(false)
})

test('an own value and one that was handed out stay apart in a slot, in every order', () => {
  for (const order of [
    ['own', 'theirs'],
    ['theirs', 'own'],
  ]) {
    const live = new Placeholders()
    const stored = live.inResponse('theirs')
    const sent = order.map((value) => live.inRequest('query:token', value))
    const later = new Placeholders()
    const replayed = { own: 'my own on this machine', theirs: stored }
    const sentLater = order.map((value) =>
      later.inRequest('query:token', value === 'own' ? replayed.own : replayed.theirs),
    )

    expect(new Set(sent).size).toBe(2)
    expect(sentLater).toEqual(sent)
  }
})

const base64Url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('a JSON Web Token keeps its header and its times, and is a placeholder for all that', () => {
  const header = base64Url({ alg: 'HS256', typ: 'JWT' })
  const token = `${header}.${base64Url({ sub: 'me', exp: 1_800_000_000, iat: 1 })}.c2lnbmF0dXJl`
  const shaped = inShapeOf(token, '[REDACTED:2]')
  const [head, payload = '', signature = ''] = shaped.split('.')

  expect(head).toBe(header)
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({
    exp: 1_800_000_000,
    iat: 1,
    redacted: '[REDACTED:2]',
  })
  expect(Buffer.from(signature, 'base64url').toString()).toBe('[REDACTED:2]')
  expect(hasPlaceholder(`Bearer ${shaped}`)).toBe(true)
  expect(asPlaceholder(shaped)).toBe('[REDACTED:2]')
  expect(inShapeOf(shaped, '[REDACTED:2]')).toBe(shaped)
})

test.each(['a.b.c', 'eyJhIjoxfQ.eyJhIjoxfQ', 'eyJhIjoxfQ.W10.x.y', 'MQ.MQ.x', 'abc'])(
  '%s is no JSON Web Token and gets the plain placeholder',
  (value) => {
    expect(inShapeOf(value, '[REDACTED]')).toBe('[REDACTED]')
  },
)

test('a secret with a placeholder in it is a secret', () => {
  expect(new Placeholders().inRequest('header:x', 'my-[REDACTED]-secret')).toBe('[REDACTED]')
})

type Step = readonly ['send' | 'sendBack' | 'receive', slot: string, which: number]

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc.constantFrom<Step[0]>('send', 'sendBack', 'receive'),
    fc.constantFrom('query:token', 'field:token'),
    fc.nat(2),
  ),
)

/** What requests look like when an application with these secrets takes these steps. */
function run(list: readonly Step[], own: string, handedOut: Map<number, string>, isLive: boolean) {
  const placeholders = new Placeholders()
  const sent: string[] = []
  const received = new Map<number, string>()
  for (const [step, slot, which] of list) {
    const token = handedOut.get(which)
    if (step === 'send') sent.push(placeholders.inRequest(slot, `${own}${which}`))
    else if (step === 'sendBack' && received.has(which)) {
      sent.push(placeholders.inRequest(slot, received.get(which)!))
    } else if (step === 'receive' && token !== undefined) {
      received.set(which, token)
      if (isLive) handedOut.set(which + 10, placeholders.inResponse(token))
    }
  }
  return sent
}

test('a replay on a machine with other secrets finds every request again', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const live = new Map([0, 1, 2].map((which) => [which, `live${which}`]))
      const recorded = run(list, 'mine', live, true)
      // What the recording has in the place of each token is what the replay hands out.
      const stored = new Map([0, 1, 2].map((which) => [which, live.get(which + 10) ?? '']))

      expect(run(list, 'yours', stored, false)).toEqual(recorded)
    }),
    { numRuns: 500 },
  )
})
