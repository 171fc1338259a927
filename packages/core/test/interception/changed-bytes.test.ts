import http from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { play } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

test('an application that changes the bytes it gets changes no recording and no replay', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const readAndWipe = () =>
    new Promise<string>((resolve, reject) => {
      http
        .get(`${origin.url}/json`, (response) => {
          let text = ''
          response
            .on('data', (chunk: Buffer) => {
              text += chunk.toString()
              chunk.fill(0)
            })
            .on('end', () => resolve(text))
        })
        .on('error', reject)
    })

  const recorded = await play(path, readAndWipe)
  await origin.close()
  const replayed = await play(nextRun(path), { recordMode: 'none' }, async () => [
    await readAndWipe(),
    await readAndWipe(),
  ])

  expect(recorded).toContain('octocat')
  expect(replayed).toEqual([recorded, recorded])
})
