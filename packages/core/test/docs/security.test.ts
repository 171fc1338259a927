import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { redactionRules } from '../../src/model/redaction/redaction-rules.ts'
import { Redactor } from '../../src/model/redaction/redactor.ts'
import { withRedactionTable } from '../support/redaction-table.ts'
import { jsonRequest } from '../model/sample-request.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/security.md'), 'utf8')

// The formatter aligns the columns of a table.
const unaligned = (text: string): string =>
  text
    .replaceAll(/ +/g, ' ')
    .replaceAll(/-{2,}/g, '--')
    .replaceAll(/^\| ?-.*$/gm, '|')

test('docs/security.md lists the redaction rules as the code has them', () => {
  expect(unaligned(page), 'Run `pnpm docs:rules`.').toBe(unaligned(withRedactionTable(page)))
})

test('the redact option of docs/security.md does what the page says', () => {
  const [, code = ''] = /```js\n(redact: [\s\S]*?)\n```/.exec(page) ?? []
  // oxlint-disable-next-line typescript/no-implied-eval -- the example is the repository's own
  const option = new Function(`return ({ ${code} }).redact`)() as object
  const redactor = new Redactor(
    redactionRules(option, () => ({ SIGNING_PEPPER: 'pepper-0123456' })),
  )
  const { body } = redactor.request(
    jsonRequest(
      '{"iban":"DE1","pin":"1","password":"x","id":"cus_12345678","of":"pepper-0123456"}',
    ),
  )

  expect(body).toEqual({
    json: {
      iban: '[REDACTED]',
      pin: '[REDACTED]',
      password: '[REDACTED]',
      id: '[REDACTED]',
      of: '[REDACTED:SIGNING_PEPPER]',
    },
  })
})

test('SECURITY.md gives a reason for every dependency', () => {
  const security = readFileSync(join(import.meta.dirname, '../../../../SECURITY.md'), 'utf8')
  for (const name of ['core', 'jest-env', 'vitest-plugin']) {
    const file = join(import.meta.dirname, '../../..', name, 'package.json')
    const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: object }
    for (const dependency of Object.keys(dependencies)) {
      expect(security).toContain(`\`${dependency}\``)
    }
  }
})
