import { mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { tempDir } from '../support/temp-dir.ts'
import { type RecordingProcess, recordingProcess } from './support/recording-process.ts'
import { sampleOrAll } from './support/sample-or-all.ts'
import { bodyOf, wordyOrigin } from './support/wordy-origin.ts'

const everyKind = [
  'a file/api.json',
  'a file/api.yaml',
  'a directory/json',
  'a directory/yaml',
].flatMap((name) => [1, 4].map((processes) => ({ name, processes })))
// Eight kinds of 25 rounds make 200.
const [kinds, rounds] = sampleOrAll(
  [everyKind.filter((_, at) => at === 0 || at === 4), 1] as const,
  [everyKind, 25] as const,
)
const longestWaitMs = 120

/** What the cassette holds by URL; throws where a file of it is not whole. */
function stored(path: string): ReadonlyMap<string, unknown> {
  const interactions = openCassetteLibrary(path).interactions()
  return new Map(interactions.map(({ request, response }) => [request.url, response?.body]))
}

/** All that is saved is there, and what is there is whole. */
function checkSaved(path: string, saved: readonly string[]): void {
  const bodies = stored(path)
  expect(saved.filter((url) => !bodies.has(url))).toEqual([])
  for (const [url, body] of bodies) expect(body).toEqual({ text: bodyOf(new URL(url).pathname) })
}

function hiddenFiles(directory: string): readonly string[] {
  return readdirSync(directory).filter((name) => name.startsWith('.'))
}

async function killAtRandom(victims: readonly RecordingProcess[]): Promise<void> {
  await Promise.all(victims.map(({ started }) => started))
  await wait(Math.random() * longestWaitMs)
  for (const { child } of victims) child.kill('SIGKILL')
  await Promise.all(victims.map(({ ended }) => ended))
}

test.each(kinds)(
  'SIGKILL while $processes record into $name loses nothing that was saved, and the next run is not held up',
  { timeout: rounds * 60_000 },
  async ({ name, processes }) => {
    const path = join(tempDir(), name)
    mkdirSync(dirname(path), { recursive: true })
    const origin = await wordyOrigin()
    const saved: string[] = []
    for (let round = 0; round < rounds; round += 1) {
      const record = (label: string, count: number): RecordingProcess =>
        recordingProcess({ path, origin, label: `${round}-${label}`, count })
      const victims = Array.from({ length: processes }, (_, at) => record(String(at), 1000))
      await killAtRandom(victims)
      saved.push(...victims.flatMap((victim) => victim.saved))
      checkSaved(path, saved)

      const next = record('next', 1)
      expect([await next.ended, next.complaint]).toEqual([0, ''])
      saved.push(...next.saved)
      checkSaved(path, saved)
      expect(hiddenFiles(path.includes('.') ? dirname(path) : path)).toEqual([])
    }
  },
)
