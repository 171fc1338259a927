import http from 'node:http'
import { join } from 'node:path'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { insert, play } from '../../src/index.ts'
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
  'a server that closes the connection a replay goes over does not break it, through %s',
  async (_name, read) => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    // It keeps the network taken over between the two, as a runner does.
    const holder = insert(join(tempDir(), 'holder'))
    onTestFinished(() => holder.eject())

    const recorded = await play(path, () => read(`${origin.url}/events`))
    await origin.close()

    expect(await play(nextRun(path), () => read(`${origin.url}/events`))).toEqual(recorded)
  },
)
