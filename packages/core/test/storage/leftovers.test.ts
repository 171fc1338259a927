import { spawnSync } from 'node:child_process'
import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { removeLeftovers, temporaryName } from '../../src/storage/leftovers.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

/** A name as a process made it that is no longer there. */
function nameOfTheDead(): string {
  const { pid } = spawnSync(process.execPath, ['--version'])
  return temporaryName().replace(`-${process.pid}-`, `-${pid}-`)
}

function put(directory: string, name: string, isOld = false): void {
  const path = join(directory, name)
  writeFileSync(path, '')
  if (isOld) utimesSync(path, 1, 1)
}

test('the temporary file of a dead process is deleted, and that of a live one is not', async () => {
  const directory = tempDir()
  const live = temporaryName()
  put(directory, live)
  put(directory, nameOfTheDead())

  await removeLeftovers(directory)

  expect(readdirSync(directory)).toEqual([live])
})

test('that of a live process in another container stays, also where both have one host name', (context) => {
  const container = ['-rpf', '--mount-proc', process.execPath, '--no-warnings']
  const canContain = spawnSync('unshare', [...container, '--version']).status === 0
  context.skip(!canContain, 'this machine lets no test make a container')
  const directory = tempDir()
  const live = temporaryName()
  put(directory, live)
  const module = JSON.stringify(new URL('../../src/storage/leftovers.ts', import.meta.url).href)
  const sweep = `(await import(${module})).removeLeftovers(${JSON.stringify(directory)})`

  const { status } = spawnSync('unshare', [...container, '--input-type=module', '-e', sweep])

  expect([status, readdirSync(directory)]).toEqual([0, [live]])
})

test('one of another machine is deleted once it is an hour old, by the real clock', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2100-01-01') })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const directory = tempDir()
  const elsewhere = (): string =>
    nameOfTheDead().replace(/^\.cassette-[0-9a-f]{8}/, '.cassette-00000000')
  const fresh = elsewhere()
  put(directory, fresh)
  put(directory, elsewhere(), true)

  await removeLeftovers(directory)

  expect(readdirSync(directory)).toEqual([fresh])
})

test('files of others stay, however old and alike', async () => {
  const directory = tempDir()
  const names = [
    '.cassette-1.tmp',
    '.cassette-backup.tmp',
    '.other.tmp',
    'api.json',
    `my${nameOfTheDead()}`,
    `${nameOfTheDead()}.bak`,
  ]
  for (const name of names) put(directory, name, true)

  await removeLeftovers(directory)

  expect(readdirSync(directory).toSorted()).toEqual(names.toSorted())
})

test.each(['api.json', '.'])('a run that only replays %s cleans up too', async (name) => {
  const directory = tempDir()
  await openCassetteLibrary(join(directory, name)).save()
  put(directory, nameOfTheDead())
  const script = `
    import { openCassetteLibrary } from ${JSON.stringify(new URL('../../src/storage/open-cassette-library.ts', import.meta.url).href)}
    const library = openCassetteLibrary(${JSON.stringify(join(directory, name))})
    library.find(${JSON.stringify(sampleInteraction().name)})
    await library.save()`

  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script])

  expect(status).toBe(0)
  expect(readdirSync(directory)).toEqual([])
})
