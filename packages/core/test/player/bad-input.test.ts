import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import {
  CassetteDecodeError,
  eject,
  insert,
  passthrough,
  play,
  Player,
  type PlayerOptions,
} from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

test.each([
  ['broken JSON', '{"cassette": 1,\n  "interactions": [,]}', 'line 2'],
  ['no cassette', '{"hello": "world"}', 'cassette'],
  ['a newer version', '{"cassette": 2, "interactions": []}', '2'],
])(
  '%s fails the request with the file and the place, and is not overwritten',
  async (_what, content, place) => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette.json')
    writeFileSync(path, content)

    await play(path, async () => {
      const error: unknown = await httpRequest(`${origin.url}/json`).catch(
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(CassetteDecodeError)
      expect(error).toMatchObject({ path, message: expect.stringContaining(path) })
      expect((error as Error).message).toContain(place)
    })

    expect(readFileSync(path, 'utf8')).toBe(content)
    expect(origin.hits).toBe(0)
  },
)

test('a file where a directory is expected is refused at the insertion', () => {
  const path = join(tempDir(), 'cassette')
  writeFileSync(path, '')

  expect(() => insert(path)).toThrow(path)
})

test('a directory where a file is expected is refused at the insertion', () => {
  const path = join(tempDir(), 'cassette.json')
  mkdirSync(path)

  expect(() => insert(path)).toThrow(path)
})

test('an unknown format throws and lists the valid ones', () => {
  // @ts-expect-error -- what a user without types would write
  expect(() => new Player('cassette', { fileFormat: 'toml' })).toThrow(/'toml'.*json.*yaml/)
})

test('an unknown matcher throws and lists the valid ones', () => {
  // @ts-expect-error -- what a user without types would write
  expect(() => new Player('cassette', { matchOn: ['uri'] })).toThrow(/'uri'.*method.*url/)
})

test('an unknown option throws and lists the valid ones', () => {
  // @ts-expect-error -- what a user without types would write
  expect(() => new Player('cassette', { mode: 'once' })).toThrow(/'mode'.*recordMode/)
})

test('an option of a wrong type throws', () => {
  // @ts-expect-error -- what a user without types would write
  expect(() => new Player('cassette', { redact: 'no' })).toThrow(/redact.*boolean/)
  const both = { fields: { only: ['a'], except: ['b'] } }
  expect(() => new Player('cassette', { redact: both })).toThrow(/redact.fields/)
})

test.each(['', undefined, new URL('file:///cassette')])('%s is no path of a cassette', (path) => {
  // @ts-expect-error -- not everybody has types
  expect(() => insert(path)).toThrow(
    /^Invalid path: [^]* Use that of a cassette, as 'fixtures\/api'/,
  )
})

test('play without a function says so, and inserts nothing', async () => {
  const path = join(tempDir(), 'cassette')
  // @ts-expect-error -- not everybody has types
  await expect(play(path, { recordMode: 'none' })).rejects.toThrow('Invalid run: ')
  // @ts-expect-error -- not everybody has types
  await expect(play(path)).rejects.toThrow('Invalid run: undefined. Use a function')
  await expect(eject()).rejects.toThrow('No cassette is inserted')
})

test('passthrough without a function says so', () => {
  // @ts-expect-error -- not everybody has types
  expect(() => passthrough()).toThrow('Invalid run: undefined. Use a function')
})

test('an option that is undefined is one that was not given', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette.json')
  const { unset }: { unset?: never } = {}
  const options: Required<{ [Name in keyof PlayerOptions]: undefined }> = {
    recordMode: unset,
    fileFormat: unset,
    allowPlaybackRepeats: unset,
    timing: unset,
    recordErrors: unset,
    redact: unset,
    onSecret: unset,
    matchOn: unset,
    matchHeaders: unset,
    ignoreHosts: unset,
    ignoreLocalhost: unset,
    ignore: unset,
    blockNetwork: unset,
    recordOnFailure: unset,
    maxAge: unset,
    onExpired: unset,
    beforeRecord: unset,
    beforePlayback: unset,
  }
  const run = async () => {
    await httpRequest(`${origin.url}/login`)
    await httpRequest(`${origin.url}/login`)
    throw new Error('the test failed')
  }

  await expect(play(path, options, run)).rejects.toThrow('the test failed')
  const plain = join(tempDir(), 'cassette.json')
  await expect(play(plain, run)).rejects.toThrow('the test failed')

  const stored = (file: string) =>
    readFileSync(file, 'utf8').replaceAll(/"(recordedAt|Date)"(:|,) "[^"]*"/g, '')
  expect(stored(path)).toBe(stored(plain))
  expect(stored(path)).not.toContain('hunter2')
  expect(origin.hits).toBe(2)
})

test('a cassette that is inserted already is refused', async () => {
  const player = new Player(join(tempDir(), 'cassette')).insert()

  expect(() => player.insert()).toThrow('is inserted already')
  await player.eject()
})

test('a cassette that is being ejected is refused: its eject would not be another one', async () => {
  const origin = await testOrigin()
  const { promise: isAsked, resolve: answer } = Promise.withResolvers<void>()
  const player = insert(join(tempDir(), 'cassette'), {
    async beforeRecord(interaction) {
      await isAsked
      return interaction
    },
  })
  await (await fetch(`${origin.url}/json`)).text()
  const ejection = player.eject()
  await vi.waitFor(() => expect(player.isInserted).toBe(false))

  expect(() => player.insert()).toThrow('Await its eject()')
  answer()
  await ejection
  await player.insert().eject()
  expect(player.isInserted).toBe(false)
})

test('eject without a cassette says what to do', async () => {
  await expect(eject()).rejects.toThrow('Call insert() first')
})
