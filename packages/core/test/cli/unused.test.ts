import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appendShardRecord, startShard } from '../../src/runner/shard-usage.ts'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { cassette } from '../support/command-line.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

const [one, other] = [sampleInteraction({ path: '/1' }), sampleInteraction({ path: '/2' })]

/** A project whose two shards ran, each with a test file that used one of two recordings. */
async function shardedRun(): Promise<string> {
  const root = tempDir()
  for (const index of [1, 2]) {
    const testFile = join(root, `shard-${index}.test.js`)
    writeFileSync(testFile, '')
    const path = join(root, `__cassettes__/shard-${index}.test.js`)
    const library = openCassetteLibrary(path)
    library.add(one)
    library.add(other)
    await library.save()
    const used = [library.fileOf(one)]
    const usage = { testFile, cassette: path, used, isComplete: true }
    appendShardRecord(root, { index, count: 2 }, { id: testFile, testFile, root, usage })
  }
  return root
}

const log = (root: string) => join(root, '.unused_cassette.log')
const merge = ['unused', '--merge', '.cassette_usage']
const unused = [1, 2].map((index): unknown =>
  expect.stringMatching(
    new RegExp(`^__cassettes__/shard-${index}\\.test\\.js/\\w[^/]*_2_\\w+\\.json$`),
  ),
)

test('unused writes the log of what no shard used', async () => {
  const root = await shardedRun()

  expect(await cassette(root, ...merge)).toEqual({
    code: 0,
    out: '2 unused recording file(s), listed in .unused_cassette.log.\n',
    error: '',
  })
  expect(readFileSync(log(root), 'utf8').trimEnd().split('\n')).toEqual(unused)
})

test('unused prints the files as JSON', async () => {
  const root = await shardedRun()
  const { code, out } = await cassette(root, ...merge, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual({ unused })
})

test('unused finds a cassetteDir of a whole path though the project stood elsewhere', async () => {
  const [there, here] = [tempDir(), tempDir()]
  const testFile = join(there, 'a.test.js')
  const cassetteDir = join(there, 'tapes')
  const usage = { testFile, cassette: join(cassetteDir, 'a.test.js'), used: [], isComplete: true }
  const record = { id: testFile, testFile, root: there, cassetteDir, usage }
  appendShardRecord(there, { index: 1, count: 1 }, record)
  renameSync(join(there, '.cassette_usage'), join(here, '.cassette_usage'))
  writeFileSync(join(here, 'a.test.js'), '')
  const library = openCassetteLibrary(join(here, 'tapes/a.test.js'))
  library.add(one)
  await library.save()

  const { out } = await cassette(here, ...merge, '--json')

  expect(JSON.parse(out)).toEqual({ unused: [`tapes/a.test.js/${library.locate(one)}`] })
})

test('a shard without test files is not missing, and what an earlier one left is forgotten', async () => {
  const root = await shardedRun()
  startShard(root, { index: 2, count: 2 })

  const { code, out } = await cassette(root, ...merge, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual({ unused: [unused[0]] })
})

test('unused writes no log where a shard is missing', async () => {
  const root = await shardedRun()
  rmSync(join(root, '.cassette_usage/jest-2-of-2.ndjson'))

  const { code, out, error } = await cassette(root, ...merge)

  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(error).toContain('Shard 2 of 2 is missing')
  expect(existsSync(log(root))).toBe(false)
})

test.each(['{"id":', 'null', '{}'])(
  'unused names the file of a shard that is damaged: %s',
  async (line) => {
    const root = await shardedRun()
    const file = join(root, '.cassette_usage', 'jest-2-of-2.ndjson')
    writeFileSync(file, `${line}\n`)

    const { code, error } = await cassette(root, ...merge)

    expect(code).toBe(2)
    expect(error).toContain(`${file} is damaged`)
    expect(existsSync(log(root))).toBe(false)
  },
)

test.each(['jest-1-of-0.ndjson', 'jest-x-of-y.ndjson'])(
  'unused takes %s for no shard',
  async (name) => {
    const root = tempDir()
    mkdirSync(join(root, '.cassette_usage'))
    writeFileSync(join(root, '.cassette_usage', name), '')

    const { code, error } = await cassette(root, ...merge)

    expect(code).toBe(2)
    expect(error).toContain('No shard has left anything')
    expect(existsSync(log(root))).toBe(false)
  },
)

test('unused says what to do where no shard has left anything', async () => {
  const root = tempDir()
  mkdirSync(join(root, '.cassette_usage'))
  const { code, error } = await cassette(root, ...merge)
  expect(code).toBe(2)
  expect(error).toMatch(/No shard has left anything in .*Run `jest --shard` first/)
})

test('unused without --merge is refused', async () => {
  const { code, error } = await cassette(tempDir(), 'unused')
  expect(code).toBe(2)
  expect(error).toContain("required option '--merge <dir>' not specified")
})
