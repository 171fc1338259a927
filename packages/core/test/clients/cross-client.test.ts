import { join } from 'node:path'
import { readers } from '@fixtures/fidelity/readers.ts'
import { expect, test } from 'vitest'
import { play } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

test.each(Object.keys(readers))('what %s records answers every other client', async (recorder) => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const url = `${origin.url}/pretty-json`
  const recorded = await play(path, () => readers[recorder]!(url))
  await origin.close()
  const later = nextRun(path)

  const replayed: Record<string, string> = {}
  for (const [name, read] of Object.entries(readers)) {
    replayed[name] = await play(later, { recordMode: 'none' }, () => read(url))
  }

  expect(recorded).toContain('12345678901234567890')
  expect(replayed).toEqual(Object.fromEntries(Object.keys(readers).map((name) => [name, recorded])))
  expect(origin.hits).toBe(1)
})
