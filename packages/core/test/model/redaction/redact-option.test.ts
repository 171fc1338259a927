import { expect, test } from 'vitest'
import {
  checkRedactOption,
  type RedactableExchange,
} from '../../../src/model/redaction/redact-option.ts'
import { redactionRules } from '../../../src/model/redaction/redaction-rules.ts'
import { Redactor } from '../../../src/model/redaction/redactor.ts'
import { sampleRequest } from '../sample-request.ts'

const secret = 'correct-horse-battery'

function messageOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return String(error)
  }
  return 'nothing thrown'
}

test.each([
  ['a text in the place of all rules', secret],
  ['a text in the place of the list of values', { values: secret }],
  ['a list of values with something else in it', { values: [secret, 1] }],
  ['a list in a list of values', { values: [[secret]] }],
])('a message about %s tells none of them', (_, option) => {
  const message = messageOf(() => checkRedactOption(option))

  expect(message).toContain('Invalid redact')
  expect(message).not.toContain(secret)
})

test('a message about what the function redact returns tells nothing that it would hide', () => {
  // It forgot that the request stands in an object.
  const redact = (exchange: RedactableExchange): never => Reflect.get(exchange, 'request') as never
  const redactor = new Redactor(redactionRules(redact))

  const message = messageOf(() => redactor.request(sampleRequest({ body: secret })))

  expect(message).toContain('Invalid result of the function redact')
  expect(message).toContain('body')
  expect(message).not.toContain(secret)
})

test('a function redact that is asynchronous is told that it returned a promise', () => {
  const redact = (exchange: RedactableExchange): never => Promise.resolve(exchange) as never
  const redactor = new Redactor(redactionRules(redact))

  expect(() => redactor.request(sampleRequest())).toThrow(
    "Invalid result of the function redact: 'a promise'",
  )
})
