import http from 'node:http'
import { request } from 'undici'

async function collect(body: AsyncIterable<Uint8Array> | null): Promise<string[]> {
  const chunks: string[] = []
  for await (const chunk of body ?? []) chunks.push(Buffer.from(chunk).toString())
  return chunks
}

/** What reads the chunks of a response, by client. */
export const chunkReaders: Readonly<Record<string, (url: string) => Promise<string[]>>> = {
  fetch: async (url: string) => collect((await fetch(url)).body),
  'undici.request': async (url: string) => collect((await request(url)).body),
  'node:http': (url: string) =>
    new Promise<string[]>((resolve, reject) => {
      http.get(url, (response) => resolve(collect(response))).on('error', reject)
    }),
}
