import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { findCassettes } from '../../src/cli/check/find-cassettes.ts'
import { fixCassette } from '../../src/cli/check/fix-cassette.ts'
import type { Recording } from '../../src/cli/check/recording.ts'
import { cassetteFileName, cassetteName, hashInName } from '../../src/model/cassette-name.ts'
import type { Interaction } from '../../src/model/interaction.ts'
import type { JsonValue } from '../../src/model/body.ts'
import { matcherSet } from '../../src/model/matcher-set.ts'
import {
  openCassetteLibrary,
  type StorageOptions,
} from '../../src/storage/open-cassette-library.ts'
import { readCassetteFile } from '../../src/storage/read-cassette-file.ts'
import { cassette } from '../support/command-line.ts'
import { filesBelow } from '../support/files.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

const byPath = matcherSet({ matchOn: ['method', 'path'] })
const present = (stored: Interaction): Interaction => ({
  ...stored,
  name: cassetteName(stored.request, byPath),
  matchOn: byPath.fingerprint,
})

/** A project whose cassette has recordings of the default matchers. */
async function project(
  path: string,
  interactions: readonly Interaction[],
  options: StorageOptions = {},
): Promise<string> {
  const root = tempDir()
  const library = openCassetteLibrary(join(root, path), options)
  for (const interaction of interactions) library.add(interaction)
  await library.save()
  return root
}

function matchByPath(root: string): void {
  writeFileSync(join(root, 'cassette.config.mjs'), "export default { matchOn: ['method', 'path'] }")
}

const one = sampleInteraction({ path: '/1' })
const other = sampleInteraction({ path: '/2', test: 'a test' })
const users = '__cassettes__/users.test.ts'

test('check finds nothing wrong with what the present matchers recorded', async () => {
  const root = await project(users, [one, other])
  const before = filesBelow(root)

  expect(await cassette(root, 'check', '--fix')).toEqual({
    code: 0,
    out: '2 recording(s) checked, 0 problem(s), 0 left.\n',
    error: '',
  })
  expect(filesBelow(root)).toEqual(before)
})

test('check looks below every path that it is given', async () => {
  const root = await project('fixtures/deep/api.yaml', [one])
  expect((await cassette(root, 'check')).out).toMatch(/^0 recording/)
  for (const path of ['.', 'fixtures', 'fixtures/deep/api.yaml']) {
    expect((await cassette(root, 'check', path)).out).toMatch(/^1 recording/)
  }
})

test('check looks however far below __cassettes__ a cassette is', async () => {
  const root = await project('src/__cassettes__/shared/v1/users', [one])
  expect((await cassette(root, 'check')).out).toMatch(/^1 recording/)
})

test('check looks in the cassetteDir of the config file', async () => {
  const root = await project('recorded/src/users.test.ts', [one])
  writeFileSync(join(root, 'cassette.config.mjs'), "export default { cassetteDir: 'recorded' }")
  expect((await cassette(root, 'check')).out).toMatch(/^1 recording/)
})

test('check reports what a changed matchOn names otherwise, and writes nothing', async () => {
  const root = await project(users, [one])
  matchByPath(root)
  const before = filesBelow(root)
  const { code, out, error } = await cassette(root, 'check')

  expect({ code, error }).toEqual({ code: 1, error: '' })
  expect(out).toBe(
    `${users}/${cassetteFileName(one.name, 1, '.json')}: name: ${one.name}: ` +
      `the matchers in force name its request ${present(one).name}\n` +
      '1 recording(s) checked, 1 problem(s), 1 left. `cassette check --fix` redacts secrets and renames what does not fit.\n',
  )
  expect(filesBelow(root)).toEqual(before)
})

test.each(['json', 'yaml'] as const)(
  'check --fix renames the %s files of a directory',
  async (fileFormat) => {
    const root = await project(users, [one, other], { fileFormat })
    matchByPath(root)
    const { code, out } = await cassette(root, 'check', '--fix')

    expect(code).toBe(0)
    const file = cassetteFileName(present(one).name, 1, `.${fileFormat}`)
    expect(out).toContain(`; renamed to ${users}/${file}\n`)
    expect(readdirSync(join(root, users))).toEqual(
      [one, other]
        .map((stored) => cassetteFileName(present(stored).name, 1, `.${fileFormat}`))
        .toSorted(),
    )
    expect(openCassetteLibrary(join(root, users)).interactions()).toEqual([one, other].map(present))
    expect((await cassette(root, 'check')).code).toBe(0)
  },
)

test('check --fix renames in a cassette that is one file', async () => {
  const root = await project('__cassettes__/users.test.ts.json', [one, other])
  matchByPath(root)
  const { code, out } = await cassette(root, 'check', '--fix')

  expect(code).toBe(0)
  expect(out.match(/; fixed in place\n/g)).toHaveLength(2)
  const path = join(root, '__cassettes__/users.test.ts.json')
  expect(openCassetteLibrary(path).interactions()).toEqual([one, other].map(present))
  expect((await cassette(root, 'check')).code).toBe(0)
})

test('very many recordings of one file are fixed in the time that a test has', async () => {
  const path = join(tempDir(), 'users.json')
  const library = openCassetteLibrary(path)
  library.add(sampleInteraction({ body: { text: 'x'.repeat(4_000_000) } }))
  await library.save()
  const { digest } = readCassetteFile(path)!
  const recording: Recording = { file: path, digest, interaction: one }
  const finding = { file: path, kind: 'name', problem: 'another', recording, present: one } as const
  const recordings = Array.from({ length: 20_000 }, () => recording)

  const [fixed] = await fixCassette({ path, kind: 'file', recordings }, [finding])

  expect(fixed?.fixed).toBe(path)
})

test('more recordings than a call takes arguments are found in one file', () => {
  const root = tempDir()
  const { response: _response, ...rest } = one
  const least = { ...rest, response: { status: 200, statusText: '', headers: [] } }
  const interactions = Array.from({ length: 126_000 }, () => least)
  writeFileSync(join(root, 'api.json'), JSON.stringify({ cassette: 1, interactions }))

  const { cassettes, findings } = findCassettes(root, undefined, ['api.json'])

  expect(findings).toEqual([])
  expect(cassettes[0]?.recordings).toHaveLength(126_000)
})

test('check --fix makes a sequence of recordings that get one name', async () => {
  const at = (hour: number) => ({ recordedAt: `2026-11-22T${hour}:00:00.000Z` })
  const [late, early] = [
    sampleInteraction({ path: '/1?a', ...at(18) }),
    sampleInteraction({ path: '/1?b', ...at(17) }),
  ]
  const root = await project(users, [late, early])
  matchByPath(root)

  expect((await cassette(root, 'check', '--fix')).code).toBe(0)
  expect(openCassetteLibrary(join(root, users)).find(present(late).name)).toEqual([
    present(early),
    { ...present(late), index: 1 },
  ])
})

test('check --fix renames a file whose name carries the hash of another, and no file is overwritten', async () => {
  const root = await project(users, [one, other])
  const directory = join(root, users)
  const [right, taken] = [one, other].map(({ name }) => cassetteFileName(name, 1, '.json'))
  renameSync(join(directory, right!), join(directory, 'moved_0123456789abcdef.json'))
  renameSync(join(directory, taken!), join(directory, right!))
  const { code, out } = await cassette(root, 'check', '--fix')

  expect(code).toBe(0)
  expect(out.match(/: file-name: /g)).toHaveLength(2)
  expect(readdirSync(directory)).toHaveLength(2)
  expect(openCassetteLibrary(directory).interactions()).toEqual([one, other])
  expect((await cassette(root, 'check')).code).toBe(0)
})

test('a file name without a hash was chosen by a person and stays', async () => {
  const root = await project(users, [one])
  const directory = join(root, users)
  renameSync(join(directory, cassetteFileName(one.name, 1, '.json')), join(directory, 'first.json'))
  expect((await cassette(root, 'check')).code).toBe(0)

  matchByPath(root)
  expect((await cassette(root, 'check', '--fix')).out).toContain('; fixed in place\n')
  expect(readdirSync(directory)).toEqual(['first.json'])
  expect(openCassetteLibrary(directory).interactions()).toEqual([present(one)])
})

test('check --fix leaves what is stale, and says why', async () => {
  const root = await project(users, [one])
  writeFileSync(
    join(root, 'cassette.config.mjs'),
    "export default { matchHeaders: ['user-agent'] }",
  )
  const before = filesBelow(root)
  const { code, out } = await cassette(root, 'check', '--fix')

  expect(code).toBe(1)
  expect(out).toContain(`: stale: ${one.name}: the request header user-agent`)
  expect(filesBelow(root)).toEqual(before)
})

test('a custom matcher that changed is found, though its fingerprint is the same', async () => {
  const root = tempDir()
  const config = (key: string) =>
    writeFileSync(
      join(root, 'cassette.config.mjs'),
      `export default { matchOn: [{ name: 'tenant', key: ${key} }] }`,
    )
  config("() => 'a'")
  const matchers = matcherSet({ matchOn: [{ name: 'tenant', key: () => 'a' }] })
  const library = openCassetteLibrary(join(root, users))
  library.add({ ...one, name: cassetteName(one.request, matchers), matchOn: matchers.fingerprint })
  await library.save()
  expect((await cassette(root, 'check')).code).toBe(0)

  config("() => 'b'")
  expect((await cassette(root, 'check')).out).toContain(': name: ')
})

test('check goes on after a file that cannot be read, and leaves strangers alone', async () => {
  const root = await project(users, [one])
  const directory = join(root, users)
  writeFileSync(join(directory, 'broken_0123456789abcdef.json'), '{"cassette": 1,')
  writeFileSync(join(directory, 'old_0123456789abcdee.json'), '{"users": []}')
  writeFileSync(join(directory, 'data.json'), '{"users": []}')
  writeFileSync(join(directory, '._old_0123456789abcdee.json'), Buffer.from([0, 5, 0x16, 7, 0xff]))
  const { code, out } = await cassette(root, 'check', '--json')

  expect(code).toBe(1)
  expect(JSON.parse(out)).toEqual({
    checked: 1,
    findings: [
      {
        file: `${users}/broken_0123456789abcdef.json`,
        kind: 'unreadable',
        problem: expect.stringMatching(/Cannot read the cassette .*line 1, column 16/),
      },
      {
        file: `${users}/old_0123456789abcdee.json`,
        kind: 'unreadable',
        problem: expect.stringContaining('no field `cassette`'),
      },
    ],
  })
})

test('a file that has the name of a cassette of a test must be one', async () => {
  const root = await project(users, [])
  const broken = {
    '__cassettes__/users.test.ts.json': '',
    '__cassettes__/users.test.ts/reads_5cb63a4c.yaml': 'version https://git-lfs.github.com/spec/v1',
    'recorded/src/users.test.ts.yml': '[]',
  }
  const strangers = {
    '__cassettes__/data.json': '',
    '__cassettes__/fonts/icons_5cb63a4c.json': '',
    'src/users.test.ts.json': '',
  }
  for (const [file, text] of Object.entries({ ...broken, ...strangers })) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  writeFileSync(join(root, 'cassette.config.mjs'), "export default { cassetteDir: 'recorded' }")

  for (const args of [[], ['.']]) {
    const { code, out } = await cassette(root, 'check', ...args)
    expect(code).toBe(1)
    const told = [...out.matchAll(/^(.+?): unreadable: /gm)].map(([, file]) => file)
    expect(new Set(told)).toEqual(new Set(Object.keys(broken)))
  }
})

test('a file that is named must be a cassette', async () => {
  const root = tempDir()
  writeFileSync(join(root, 'data.json'), '{"users": []}')
  expect(await cassette(root, 'check', 'data.json')).toMatchObject({
    code: 1,
    out: expect.stringContaining('data.json: unreadable: '),
  })
  expect(await cassette(root, 'check', '.')).toMatchObject({ code: 0 })
})

test('check --json tells what it fixed', async () => {
  const root = await project(users, [one])
  matchByPath(root)
  const { code, out } = await cassette(root, 'check', '--fix', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    findings: [{ fixed: `${users}/${cassetteFileName(present(one).name, 1, '.json')}` }],
  })
})

test.each([
  ['a path where nothing is', ['check', 'missing'], /There is nothing at .*missing/],
  ['an unknown option', ['check', '--fxi'], /unknown option '--fxi'.*--fix/s],
  ['an unknown command', ['chekc'], /unknown command 'chekc'.*check/s],
  ['no command', [], /Usage: cassette/],
])('%s ends with 2 and says so', async (_, args, message) => {
  const { code, error, out } = await cassette(tempDir(), ...args)
  expect(code).toBe(2)
  expect(error).toMatch(message)
  expect(out).toBe('')
})

test('a wrong option in the config file ends with 2', async () => {
  const root = tempDir()
  writeFileSync(join(root, 'cassette.config.mjs'), "export default { matchOn: ['uri'] }")
  const { code, error } = await cassette(root, 'check')
  expect(code).toBe(2)
  expect(error).toMatch(/^Invalid matchOn: 'uri'\. Use any of/)
})

test('--help tells the commands, their options and exit codes, without colours', async () => {
  const program = await cassette(tempDir(), '--help')
  const check = await cassette(tempDir(), 'check', '--help')
  expect(program).toMatchObject({ code: 0, error: '' })
  expect(program.out).toMatch(/check .*find recordings/s)
  expect(check.out).toMatch(/--fix.*--json.*Exit codes/s)
  // oxlint-disable-next-line no-control-regex -- what is looked for
  expect(program.out + check.out).not.toMatch(/\u001b/)
})

const withSecrets: Interaction = {
  ...one,
  request: { ...one.request, url: 'https://api.github.com/1?token=t0ps3cret' },
  response: { status: 200, statusText: 'OK', headers: [], body: { json: { password: 'hunter2' } } },
}

test.each([users, `${users}.json`])(
  'check tells secrets, and --fix redacts them: %s',
  async (path) => {
    const named = { ...withSecrets, name: cassetteName(withSecrets.request, matcherSet()) }
    const root = await project(path, [named, other])

    const told = await cassette(root, 'check')
    expect(told.code).toBe(1)
    expect(told.out).toContain(
      'a secret at request.url (redact), response.body.json.password (redact)',
    )
    expect(told.out).toContain('`cassette check --fix` redacts secrets')

    expect((await cassette(root, 'check', '--fix')).code).toBe(0)
    const texts = [...filesBelow(root)].map(([file, { text: content }]) => file + content).join()
    expect(texts).not.toMatch(/t0ps3cret|hunter2/)
    expect(texts).toContain('token=[REDACTED]')
    expect(await cassette(root, 'check')).toMatchObject({ code: 0 })
  },
)

test.each([users, `${users}.json`])(
  'check --fix redacts and renames a sequence as a whole: %s',
  async (path) => {
    const answer = (json: JsonValue): Interaction => ({
      ...one,
      response: {
        ...one.response!,
        headers: [['Content-Type', 'application/json']],
        body: { json },
      },
    })
    const second = { ...answer({ done: true }), index: 1 }
    const root = await project(path, [answer({ password: 'hunter2' }), second])
    matchByPath(root)

    expect((await cassette(root, 'check', '--fix')).code).toBe(0)
    expect(await cassette(root, 'check')).toMatchObject({ code: 0 })
    expect(openCassetteLibrary(join(root, path)).find(present(one).name)).toEqual([
      present(answer({ password: '[REDACTED]' })),
      present(second),
    ])
  },
)

test('check tells what the scan finds, and leaves it to a person', async () => {
  const key = 'AKIAQ7XW5PLMR2ZTVN4B'
  const root = await project(users, [sampleInteraction({ body: { text: key } })])
  writeFileSync(join(root, 'cassette.config.mjs'), 'export default { redact: false }')
  const before = filesBelow(root)

  const { code, out } = await cassette(root, 'check', '--fix')

  expect(code).toBe(1)
  expect(out).toContain('a secret at response.body.text (secretlint aws AWSAccessKeyID)')
  expect(out).not.toContain('--fix')
  expect(filesBelow(root)).toEqual(before)
})

const ghp = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'

test.each([users, `${users}.json`])(
  'check tells no secret, be it in a path, in a file name or in a key: %s',
  async (path) => {
    const url = `https://api.github.com/of/${ghp}`
    const plain = {
      ...one,
      request: { ...one.request, url },
      response: { status: 200, statusText: 'OK', headers: [], body: { json: { [ghp]: 1 } } },
    }
    const named = { ...plain, name: cassetteName(plain.request, matcherSet()) }
    const root = await project(path, [named])

    const outputs = [
      await cassette(root, 'check'),
      await cassette(root, 'check', '--json'),
      await cassette(root, 'check', '--fix'),
    ]

    expect(outputs.map(({ code }) => code)).toEqual([1, 1, 0])
    for (const { out, error } of outputs) {
      expect(out).toContain(`… ${hashInName(named.name)}`)
      expect(out).toMatch(/request\.url \(redact\), response\.body\.json\[\\?"…\\?"\] \(redact\)/)
      expect(out + error).not.toContain(ghp)
    }
  },
)

test('check --fix tells no secret of a path where it renames what no rule redacts', async () => {
  const url = `https://api.github.com/of/${ghp}`
  const plain = { ...one, request: { ...one.request, url } }
  const named = { ...plain, name: cassetteName(plain.request, matcherSet()) }
  const root = await project(users, [named])
  const config = "export default { matchOn: ['method', 'path'], redact: false }"
  writeFileSync(join(root, 'cassette.config.mjs'), config)

  for (const args of [['check'], ['check', '--fix', '--json']]) {
    const { code, out, error } = await cassette(root, ...args)
    expect(code).toBe(1)
    expect(out + error).not.toContain(ghp)
  }
  expect(openCassetteLibrary(join(root, users)).interactions()).toEqual([present(named)])
})

test('check --fix neither reads nor writes where a link leads out of the project', async () => {
  const outside = await project('cassette.json', [withSecrets])
  const root = await project(users, [one])
  const before = filesBelow(outside)
  symlinkSync(join(outside, 'cassette.json'), join(root, '__cassettes__', 'link.json'))
  symlinkSync(outside, join(root, '__cassettes__', 'links'))

  expect(await cassette(root, 'check', '--fix')).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 recording(s) checked') as unknown,
  })
  for (const path of ['__cassettes__/link.json', '__cassettes__/links']) {
    const { code, error } = await cassette(root, 'check', '--fix', path)
    expect(code).toBe(2)
    expect(error).toContain('symbolic links on it lead to')
  }
  expect(filesBelow(outside)).toEqual(before)
})
