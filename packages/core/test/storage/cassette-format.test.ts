import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { cassetteFileName } from '../../src/model/cassette-name.ts'
import {
  cassetteDocument,
  decodeDocument,
  interactionDocument,
} from '../../src/storage/cassette-document.ts'
import { decodeBody } from '../../src/storage/decode-body.ts'
import { decodeFailure } from '../../src/storage/decode-failure.ts'
import { encoderFor } from '../../src/storage/encoders.ts'
import { Field } from '../../src/storage/field.ts'
import { sampleInteraction } from '../support/interaction.ts'

const text = readFileSync(new URL('../../../../docs/cassette-format.md', import.meta.url), 'utf8')
const fences = [...text.matchAll(/```(json|yaml)\n([^]*?)```/g)]
const blocks = fences.map(([, format, block]) => ({
  format: format as 'json' | 'yaml',
  block: block!,
}))
const whole = blocks.filter(({ block }) => /^\{?\s*"?cassette"?:/.test(block))
const bodies = blocks.filter(
  ({ block }) => block.includes('"body"') && !block.includes('"cassette"'),
)
const errors = blocks.filter(({ block }) => /^\{\s*"error"/.test(block))

test('the specification has examples of an interaction, a cassette and bodies', () => {
  expect(whole.map(({ format }) => format)).toEqual(['json', 'yaml'])
  expect(bodies).toHaveLength(3)
  expect(errors).toHaveLength(1)
})

test.each(whole)(
  'the $format example is read, and written again to the letter',
  ({ format, block }) => {
    const encoder = encoderFor(format)
    const { kind, interactions } = decodeDocument(encoder.decode(block), 'cassette-format.md')
    const again =
      kind === 'cassette' ? cassetteDocument(interactions) : interactionDocument(interactions[0]!)
    expect(encoder.encode(again)).toBe(block)
    for (const { name } of interactions) {
      expect(text).toContain(cassetteFileName(name, 1, '.json'))
    }
  },
)

test.each(bodies)('the body $block is one', ({ format, block }) => {
  const value = encoderFor(format).decode(block)
  const field = new Field('cassette-format.md', '', value).required('body')
  expect({ body: decodeBody(field) }).toEqual(value)
  expect(encoderFor(format).encode(value)).toBe(block)
})

test.each(errors)('the error $block is one', ({ format, block }) => {
  const value = encoderFor(format).decode(block)
  const field = new Field('cassette-format.md', '', value).required('error')
  expect({ error: decodeFailure(field) }).toEqual(value)
})

test('the name in the example is the one that the default matchers give', () => {
  expect(text).toContain(`"name": "${sampleInteraction().name}"`)
})
