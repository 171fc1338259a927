import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { UnhandledRequestError } from '../../../src/model/errors/unhandled-request-error.ts'

test('it carries the request, the cassette and the whole explanation', () => {
  const miss = {
    method: 'GET',
    url: 'https://a.test/',
    reason: 'never recorded',
    path: '/a.json',
    nearest: [{ method: 'GET', url: 'https://a.test/b', location: 'b.json', differs: ['path'] }],
    message: 'Why. Remedy.',
  } as const
  const error = new UnhandledRequestError(miss)

  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    ...miss,
    name: 'UnhandledRequestError',
    code: 'ERR_CASSETTE_UNHANDLED_REQUEST',
  })
})

test('it has no path where no cassette could be told', () => {
  const error = new UnhandledRequestError({
    method: 'GET',
    url: 'https://a.test/',
    reason: 'no player',
    message: 'Why',
  })
  expect(error.path).toBeUndefined()
  expect(error.nearest).toEqual([])
})

test.each([
  [{}, false],
  [{ FORCE_COLOR: '1' }, true],
  [{ NO_COLOR: '1' }, false],
])('printed to a pipe with %o it has colours: %s', (env, hasColours) => {
  const source = new URL('../../../src/model/errors/unhandled-request-error.ts', import.meta.url)
  const script = `
    import { UnhandledRequestError } from '${source.href}'
    console.log(new UnhandledRequestError({ message: 'Why.\\n  - old\\n  + new' }))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  })
  expect(stdout).toBe(
    hasColours
      ? 'UnhandledRequestError: Why.\n  \u001b[31m- old\u001b[39m\n  \u001b[32m+ new\u001b[39m\n'
      : 'UnhandledRequestError: Why.\n  - old\n  + new\n',
  )
})
