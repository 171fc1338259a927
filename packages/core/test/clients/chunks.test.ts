import http from 'node:http'
import { join } from 'node:path'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { play } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

async function collect(body: AsyncIterable<Uint8Array> | null): Promise<string[]> {
  const chunks: string[] = []
  for await (const chunk of body ?? []) chunks.push(Buffer.from(chunk).toString())
  return chunks
}

const clients = {
  fetch: async (url: string) => collect((await fetch(url)).body),
  'undici.request': async (url: string) => collect((await request(url)).body),
  'node:http': (url: string) =>
    new Promise<string[]>((resolve, reject) => {
      http.get(url, (response) => resolve(collect(response))).on('error', reject)
    }),
}

test.each(Object.entries(clients))(
  'an event stream keeps its chunks through %s',
  async (_name, read) => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')

    const recorded = await play(path, () => read(`${origin.url}/events`))
    await origin.close()

    // On a busy machine two of them can arrive as one.
    expect(recorded.join('')).toBe('data: one\n\ndata: two\n\ndata: three\n\n')
    expect(await play(nextRun(path), () => read(`${origin.url}/events`))).toEqual(recorded)
  },
)
