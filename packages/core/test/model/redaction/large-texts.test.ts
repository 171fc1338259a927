import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const source = new URL('../../../src/model/', import.meta.url).href
// What ends each is a secret, so that nothing of it is left out.
const redactEach = `
  const { Redactor } = await import('${source}redaction/redactor.ts')
  const { recordBody, bodyBytes } = await import('${source}body.ts')
  const long = (unit) => unit.repeat(6_000_000 / unit.length)
  const secret = 'aB3dE5fG7h'
  const form = 'application/x-www-form-urlencoded'
  const texts = [
    ['text/plain', long('x') + ' token=' + secret],
    ['text/plain', 'a=' + long('b') + '&' + 'token=' + secret],
    ['text/plain', 'https://a.test/?a=' + long('x') + '&token=' + secret],
    ['text/plain', 'eyJ' + long('x') + ' token=' + secret],
    [form, 'a=' + long('x') + '&token=' + secret],
  ]
  const leaked = texts.filter(([type, text]) => {
    const headers = [['Content-Type', type]]
    const body = recordBody([{ afterMs: 0, bytes: Buffer.from(text) }], headers)
    const response = new Redactor().response({ status: 200, statusText: 'OK', headers, body })
    return Buffer.from(bodyBytes(response.body)).includes(secret)
  })
  console.log(JSON.stringify(leaked.map(([type, text]) => type + ': ' + text.slice(0, 40))))
`

// V8 leaves it out by itself in a process with much code, as a worker of a large suite is.
test('text of some megabytes is searched to its end where V8 optimizes no regular expression', () => {
  const args = ['--no-regexp-optimization', '--input-type=module', '-e', redactEach]
  expect(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))).toEqual([])
})
