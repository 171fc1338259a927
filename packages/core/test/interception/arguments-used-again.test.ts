import { join } from 'node:path'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { play } from '../../src/index.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

/** What a server got. */
type Got = Record<'method' | 'url' | 'headers' | 'body', unknown>

/** What a server gets of a client, without Cassette and while it records. */
async function got(client: (url: string) => Promise<readonly Got[]>) {
  const { url } = await testOrigin()
  const bare = await client(url)
  const recorded = await play(join(tempDir(), 'cassette'), { recordMode: 'all' }, () => client(url))
  return { bare, recorded }
}

async function each(ask: (n: number) => Promise<{ json(): Promise<unknown> }>): Promise<Got[]> {
  // Node makes the first one of a kind.
  await ask(0)
  const asked = [1, 2, 3].map((n) => ask(n))
  return Promise.all(asked.map(async (response) => (await (await response).json()) as Got))
}

test.each([
  ['an object', (): Record<string, string> => ({ 'X-Number': '', 'X-A': 'a' })],
  ['Headers', () => new Headers({ 'X-Number': '', 'X-A': 'a' })],
])('fetch sends what it was called with: %s that is changed for the next call', async (_, make) => {
  const { bare, recorded } = await got((url) => {
    const target = new URL(`${url}/echo`)
    const headers = make()
    const init = { method: 'POST', headers, body: new URLSearchParams() }
    return each((n) => {
      target.searchParams.set('page', String(n))
      init.body.set('number', String(n))
      if (headers instanceof Headers) headers.set('X-Number', String(n))
      else headers['X-Number'] = String(n)
      return fetch(target, init)
    })
  })

  expect(bare.map(({ url }) => url)).toEqual(['/echo?page=1', '/echo?page=2', '/echo?page=3'])
  expect(recorded).toEqual(bare)
})

test('undici sends the headers that it was called with', async () => {
  const { bare, recorded } = await got((url) => {
    const headers = { 'X-Number': '', 'X-A': ['a', 'b'] }
    return each(async (n) => {
      headers['X-Number'] = String(n)
      const { body } = await request(`${url}/echo`, { method: 'POST', headers, body: String(n) })
      return body
    })
  })

  expect(recorded).toEqual(bare)
})
