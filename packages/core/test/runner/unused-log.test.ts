import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { play, Player } from '../../src/index.ts'
import { testCassettePath } from '../../src/runner/cassette-path.ts'
import type { FileUsage } from '../../src/runner/file-usage.ts'
import { unusedFiles } from '../../src/runner/unused-files.ts'
import { removeStaleLists } from '../../src/runner/unused-lists.ts'
import { removeUnusedLog, unusedLogName, writeUnusedLog } from '../../src/runner/unused-log.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

/** A project whose test files exist, each with recordings of /json and /png in its cassette. */
async function project(...testFiles: string[]) {
  const origin = await testOrigin()
  const root = tempDir()
  const usages: FileUsage[] = []
  for (const name of testFiles) {
    const testFile = join(root, name)
    const cassette = join(dirname(testFile), '__cassettes__', name.split('/').at(-1)!)
    mkdirSync(dirname(testFile), { recursive: true })
    writeFileSync(testFile, '')
    await play(cassette, async () => {
      await fetch(`${origin.url}/json`)
      await fetch(`${origin.url}/png`)
    })
    const player = new Player(cassette)
    await player.play(async () => {
      await fetch(`${origin.url}/json`)
    })
    usages.push({ testFile, cassette, used: player.usedFiles(), isComplete: true })
  }
  return { root, usages, origin }
}

const relativeTo = (root: string) => (file: string) => file.slice(root.length + 1)

test('what no test of a complete run used is listed', async () => {
  const { root, usages } = await project('a.test.ts', 'sub/b.test.ts')

  const unused = unusedFiles([{ root }], usages).map(relativeTo(root))

  expect(unused).toEqual([
    expect.stringMatching(/^__cassettes__\/a\.test\.ts\/http_GET_.*_png_[0-9a-f]{16}\.json$/),
    expect.stringMatching(/^sub\/__cassettes__\/b\.test\.ts\/http_GET_.*_png_[0-9a-f]{16}\.json$/),
  ])
})

test('a cassette that an incomplete test file touched is left out', async () => {
  const { root, usages } = await project('a.test.ts', 'b.test.ts')
  const [first, second] = usages as [FileUsage, FileUsage]

  const unused = unusedFiles([{ root }], [{ ...first, isComplete: false }, second])

  expect(unused.map(relativeTo(root))).toEqual([expect.stringContaining('b.test.ts/')])
})

test('a shared cassette counts every user', async () => {
  const { root, usages, origin } = await project('a.test.ts', 'b.test.ts')
  const [first] = usages as [FileUsage]
  const other = new Player(first.cassette)
  await other.play(async () => {
    await fetch(`${origin.url}/png`)
  })

  const unused = unusedFiles(
    [{ root }],
    [first, { ...first, testFile: join(root, 'b.test.ts'), used: other.usedFiles() }],
  )

  expect(unused).toEqual([])
})

test('the cassette of a test file that is gone is listed whole', async () => {
  const { root } = await project('gone.test.ts')
  execFileSync('rm', [join(root, 'gone.test.ts')])

  const unused = unusedFiles([{ root }], []).map(relativeTo(root))

  expect(unused).toHaveLength(2)
  expect(unused.every((file) => file.startsWith('__cassettes__/gone.test.ts/'))).toBe(true)
})

test('a file that is no cassette is never listed', async () => {
  const { root, usages } = await project('a.test.ts')
  const cassette = usages[0]!.cassette
  writeFileSync(join(cassette, 'hand-written.json'), '{"mine": true}')
  mkdirSync(join(root, '__cassettes__', 'gone.test.ts'))
  writeFileSync(join(root, '__cassettes__', 'gone.test.ts', 'notes.json'), '[]')

  const unused = unusedFiles([{ root }], usages)

  expect(unused).toHaveLength(1)
  expect(unused[0]).toContain('_png_')
})

test('a file cassette is listed only if none of its interactions was used', async () => {
  const origin = await testOrigin()
  const root = tempDir()
  const cassette = join(root, 'api.json')
  await play(cassette, async () => {
    await fetch(`${origin.url}/json`)
    await fetch(`${origin.url}/png`)
  })
  const usage = { testFile: join(root, 'a.test.ts'), cassette, isComplete: true }

  expect(unusedFiles([{ root }], [{ ...usage, used: [cassette] }])).toEqual([])
  expect(unusedFiles([{ root }], [{ ...usage, used: [] }])).toEqual([cassette])
})

test('the log is what xargs rm reads, whatever the names', () => {
  const root = tempDir()
  const names = [
    'plain',
    'with blank',
    "quote'",
    'double"',
    String.raw`back\slash`,
    'ünïcode',
    '-dash',
  ]
  const files = names.map((name) => join(root, name))
  for (const file of files) writeFileSync(file, '')

  writeUnusedLog(root, 'jest', { unused: files, used: [] })
  execFileSync('sh', ['-c', `xargs rm < ${unusedLogName}`], { cwd: root })

  expect(files.filter((file) => existsSync(file))).toEqual([])
})

test('the log is empty where nothing is unused, and removable', () => {
  const root = tempDir()

  writeUnusedLog(root, 'jest', { unused: [], used: [] })
  expect(readFileSync(join(root, unusedLogName), 'utf8')).toBe('')
  removeUnusedLog(root, 'jest')
  removeUnusedLog(root, 'jest')

  expect(existsSync(join(root, unusedLogName))).toBe(false)
})

/** Two test files that name one cassette, of which the first used /json alone. */
async function sharing() {
  const origin = await testOrigin()
  const root = tempDir()
  const cassette = join(root, 'fixtures', 'api')
  await play(cassette, async () => {
    await fetch(`${origin.url}/json`)
    await fetch(`${origin.url}/png`)
  })
  const player = new Player(cassette)
  await player.play(async () => {
    await fetch(`${origin.url}/json`)
  })
  const files = ['a.test.ts', 'b.test.ts'].map((name) => join(root, name))
  for (const file of files) writeFileSync(file, '// @cassette fixtures/api\n')
  const [first, second] = files.map((testFile) => ({
    testFile,
    cassette,
    used: player.usedFiles(),
    isComplete: true,
  })) as [FileUsage, FileUsage]
  return { root, cassette, first, second }
}

test('a shared cassette is listed when all who name it ran', async () => {
  const { root, first, second } = await sharing()

  expect(unusedFiles([{ root }], [first, second])).toEqual([expect.stringContaining('_png_')])
})

test('a shared cassette is left out when one who names it did not run', async () => {
  const { root, first } = await sharing()

  expect(unusedFiles([{ root }], [first])).toEqual([])
})

test('a shared cassette is left out when one who names it did not run, whatever projects ran', async () => {
  const { root, first } = await sharing()
  const other = { root: tempDir() }
  const inner = { root: join(root, 'fixtures'), cassetteDir: 'tapes' }

  expect(unusedFiles([{ root }, other, inner], [first])).toEqual([])
})

test('a cassette of a test file that did not run is left out, whichever project keeps it there', async () => {
  const { root } = await project('x.test.ts')
  for (const directory of [root, join(root, '__cassettes__')]) {
    mkdirSync(join(directory, 'sub'))
    renameSync(join(directory, 'x.test.ts'), join(directory, 'sub', 'x.test.ts'))
  }
  const mirror = { root, cassetteDir: '__cassettes__' }

  expect(unusedFiles([{ root }, mirror], [])).toEqual([])
  // Of another configuration, that this run knows nothing of.
  expect(unusedFiles([{ root }], [])).toEqual([])
  rmSync(join(root, 'sub', 'x.test.ts'))
  expect(unusedFiles([{ root }, mirror], [])).toHaveLength(2)
  expect(unusedFiles([{ root }], [])).toEqual([])
})

test('a cassette is left out whose test file is above, of a cassetteDir that nobody knows of', async () => {
  const { root } = await project('test/x.test.ts')
  renameSync(join(root, 'test', 'x.test.ts'), join(root, 'x.test.ts'))

  expect(unusedFiles([{ root }], [])).toEqual([])
  const testFile = join(root, 'x.test.ts')
  const cassette = join(root, '__cassettes__', 'x.test.ts')
  const usage = { testFile, cassette, used: [], isComplete: true }
  expect(unusedFiles([{ root }], [usage])).toHaveLength(2)
})

test('a shared cassette is left out when a test that did not run plays it by hand', async () => {
  const { root, first, second } = await sharing()
  writeFileSync(join(root, 'c.test.ts'), "test('c', () => play('fixtures/api', run))")

  expect(unusedFiles([{ root }], [first, second])).toEqual([])
})

test('a shared cassette is left out when any test file is incomplete', async () => {
  const { root, first, second } = await sharing()
  const other = { testFile: join(root, 'x.test.ts'), cassette: join(root, 'x'), used: [] }

  const usages = [first, second, { ...other, isComplete: false }]
  expect(unusedFiles([{ root }], usages)).toEqual([])
})

test('a cassette that an incomplete test file played by hand is left out', async () => {
  const { root, usages } = await project('a.test.ts', 'b.test.ts')
  const [first, second] = usages as [FileUsage, FileUsage]

  const unused = unusedFiles(
    [{ root }],
    [{ ...first, used: second.used, isComplete: false }, second],
  )

  expect(unused).toEqual([])
})

test('what another runner of the same root found stays in the log, as far as it is true', () => {
  const root = tempDir()
  const [mine, theirs, usedByMe, removed] = ['a', 'b', 'c', 'd'].map((name) => join(root, name))
  for (const file of [mine, theirs, usedByMe]) writeFileSync(file!, '')
  const lines = (): string[] => readFileSync(join(root, unusedLogName), 'utf8').split('\n')

  writeUnusedLog(root, 'vitest', { unused: [theirs!, usedByMe!, removed!], used: [] })
  writeUnusedLog(root, 'jest', { unused: [mine!], used: [usedByMe!] })
  expect(lines()).toEqual(['a', 'b', ''])

  removeUnusedLog(root, 'jest')
  expect(lines()).toEqual(['b', 'c', ''])

  removeUnusedLog(root, 'vitest')
  expect(existsSync(join(root, unusedLogName))).toBe(false)
})

test('what another runner found is forgotten once a source file is newer than that', async () => {
  const root = tempDir()
  const [theirs, source] = ['a', 'a.test.ts'].map((name) => join(root, name)) as [string, string]
  writeFileSync(theirs, '')
  writeFileSync(source, '')
  // File systems tell times in steps.
  await wait(20)
  writeUnusedLog(root, 'vitest', { unused: [theirs], used: [] })
  const lines = (): string => {
    removeStaleLists(root, 'jest')
    writeUnusedLog(root, 'jest', { unused: [], used: [] })
    return readFileSync(join(root, unusedLogName), 'utf8')
  }

  expect(lines()).toBe('a\n')
  const later = new Date(Date.now() + 60_000)
  utimesSync(source, later, later)
  expect(lines()).toBe('')
})

test('what is used by way of a symbolic link is used', async () => {
  const { root, usages } = await project('a/a.test.ts')
  const [usage] = usages as [FileUsage]
  renameSync(join(root, 'a', '__cassettes__'), join(root, 'shared'))
  symlinkSync(join(root, 'shared'), join(root, 'a', '__cassettes__'))
  const other = join(root, 'b', 'a.test.ts')
  mkdirSync(dirname(other))
  writeFileSync(other, '')
  symlinkSync(join(root, 'shared'), join(root, 'b', '__cassettes__'))
  const cassette = join(root, 'b', '__cassettes__', 'a.test.ts')

  const usages2 = [usage, { testFile: other, cassette, used: [], isComplete: true }]
  const unused = unusedFiles([{ root }], usages2)
  expect(unused.filter((file) => !file.includes('_png_'))).toEqual([])
  expect(unused).not.toEqual([])

  const failed = [usage, { ...usages2[1]!, isComplete: false }]
  expect(unusedFiles([{ root }], failed)).toEqual([])
})

test.each([
  ['its head comment', '// @cassette __cassettes__/a.test.ts\n'],
  ['a path from the root', "test('b', () => play('__cassettes__/a.test.ts', run))"],
])('what a file that did not run asks for is left out: by %s', async (_how, source) => {
  const { root, usages } = await project('a.test.ts')
  expect(unusedFiles([{ root }], usages)).toHaveLength(1)

  writeFileSync(join(root, 'b.check.ts'), source)

  expect(unusedFiles([{ root }], usages)).toEqual([])
})

/** A test file with two cassettes of single tests, of which one was used. */
async function perTest(testFile: string, cassette: string) {
  const origin = await testOrigin()
  const [used, unused] = ['one', 'two'].map((name) => testCassettePath(cassette, name))
  for (const path of [used!, unused!]) {
    await play(path, async () => {
      await fetch(`${origin.url}/json`)
    })
  }
  const player = new Player(used!)
  await player.play(async () => {
    await fetch(`${origin.url}/json`)
  })
  const usage = { testFile, cassette, isPerTest: true, used: player.usedFiles(), isComplete: true }
  return { usage, unused: unused! }
}

test.each(['a.test.ts', 'a.test.ts.json'])(
  'the cassette of a test that is gone is listed: %s',
  async (name) => {
    const root = tempDir()
    const testFile = join(root, 'a.test.ts')
    writeFileSync(testFile, '')
    const { usage, unused } = await perTest(testFile, join(root, '__cassettes__', name))

    const found = unusedFiles([{ root }], [usage])
    expect(found).toHaveLength(1)
    expect(found[0]!.startsWith(unused)).toBe(true)

    execFileSync('rm', [testFile])
    expect(unusedFiles([{ root }], [])).toHaveLength(2)
  },
)

test('a cassette below one of several users is left out unless it is of a single test', async () => {
  const root = tempDir()
  const cassette = join(root, 'fixtures', 'api')
  const { usage, unused } = await perTest(join(root, 'a.test.ts'), cassette)
  const { isPerTest: _isPerTest, ...whole } = usage

  expect(unusedFiles([{ root }], [usage])).toEqual([expect.stringContaining(unused)])
  expect(unusedFiles([{ root }], [whole])).toEqual([])
})

test('what somebody else may have put among the files of other runners is not listed', () => {
  const root = tempDir()
  const temporary = tempDir()
  vi.stubEnv('TMPDIR', temporary)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const file = join(root, 'kept.json')
  writeFileSync(file, '')
  writeUnusedLog(root, 'vitest', { unused: [file], used: [] })
  const lists = join(temporary, `cassette-unused-${process.getuid?.() ?? 'user'}`)
  renameSync(lists, `${lists}-of-another`)
  symlinkSync(`${lists}-of-another`, lists)

  writeUnusedLog(root, 'jest', { unused: [], used: [] })

  expect(readFileSync(join(root, unusedLogName), 'utf8')).toBe('')
})
