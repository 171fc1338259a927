import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, sep } from 'node:path'
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

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly gypfile?: unknown
}

const packages = join(import.meta.dirname, '../../..')
const atInstall = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare']

/** The directories of a package and of all that npm installs with it. */
function installedWith(directory: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(directory)) return seen
  seen.add(directory)
  for (const name of Object.keys(manifestIn(directory).dependencies ?? {})) {
    // Where Node looks for them, but not by what they export.
    const found = createRequire(join(directory, 'package.json'))
      .resolve.paths(name)
      ?.map((modules) => join(modules, name))
      .find((path) => existsSync(join(path, 'package.json')))
    expect(found, `${name} of ${directory}`).toBeDefined()
    installedWith(realpathSync(found!), seen)
  }
  return seen
}

function manifestIn(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest
}

test('no package that is published, and none that comes with it, runs anything at its installation', () => {
  const all = ['core', 'jest-env', 'vitest-plugin'].flatMap((name) => [
    ...installedWith(join(packages, name)),
  ])
  expect(all.length).toBeGreaterThan(20)
  for (const directory of all) {
    const { scripts = {}, gypfile } = manifestIn(directory)
    const isOurs = directory.startsWith(packages + sep) && !directory.includes('node_modules')
    // What others do to build theirs npm runs in their repository alone.
    const names = isOurs ? atInstall : atInstall.slice(0, 3)
    expect([directory, names.filter((name) => name in scripts), gypfile]).toEqual([
      directory,
      [],
      undefined,
    ])
    expect(existsSync(join(directory, 'binding.gyp'))).toBe(false)
  }
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
