import { existsSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { play } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

/** What a client sees live and on replay of an answer with a certain line in its head. */
async function seen(line: string, insecureHTTPParser: boolean) {
  const server = await rawServer((socket) =>
    socket.end(`HTTP/1.1 200 OK\r\n${line}\r\nContent-Length: 1\r\n\r\nx`, 'latin1'),
  )
  const path = join(tempDir(), 'cassette.json')
  const ask = async () => {
    const answer = httpRequest(server.url, { agent: false, insecureHTTPParser })
    return answer.then(({ rawHeaders }) => rawHeaders, String)
  }
  const live = await play(path, ask)
  await server.close()
  const isRecorded = existsSync(path)
  const options = { recordMode: 'none' } as const
  return { live, isRecorded, replayed: isRecorded ? await play(nextRun(path), options, ask) : [] }
}

test.each([
  ['a control character', 'X-Odd: a\x01b'],
  ['a DEL', 'X-Odd: a\x7fb'],
])('%s in a header is what the client makes of it, live and on replay', async (_what, line) => {
  const refused = await seen(line, false)
  expect(refused.live).toContain('Invalid header value char')
  expect(refused.replayed).toEqual(refused.live)

  const taken = await seen(line, true)
  expect(taken.live).toContain(line.slice('X-Odd: '.length))
  expect(taken.replayed).toEqual(taken.live)
})

test.each([
  ['a NUL in a header', 'X-Odd: a\0b'],
  ['a line end amid a header', 'X-Odd: a\rb'],
  ['a blank in the name of a header', 'X Odd: a'],
])('%s is not recorded, since no cassette could hold it', async (_what, line) => {
  const { live, isRecorded } = await seen(line, false)

  expect(live).toContain('Parse Error')
  expect(isRecorded).toBe(false)
})

test('HEAD that is answered by what was recorded for GET has no body, on a connection that is kept too', async () => {
  const server = await rawServer((socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'),
  )
  const path = join(tempDir(), 'cassette')
  const options = { matchOn: ['url'] } as const
  await play(path, options, () => httpRequest(server.url))
  await server.close()
  const agent = new Agent({ keepAlive: true })
  const ask = async (method: string) =>
    String((await httpRequest(server.url, { agent, method })).body)

  await play(nextRun(path), { ...options, recordMode: 'none' }, async () => {
    expect([await ask('HEAD'), await ask('HEAD'), await ask('GET')]).toEqual(['', '', 'hello'])
  })
})

// Clients send a path without its slash, too.
test.each(['users:list', 'mailto:someone', 'http://[', 'data:,', '*'])(
  'a request for %s is recorded and replayed, and its cassette can be read',
  async (path) => {
    const server = await rawServer((socket, head) => {
      const body = head.split(' ', 2).join(' ')
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    })
    const cassette = join(tempDir(), 'cassette.json')
    const ask = async () => {
      const { body } = await httpRequest(server.url, { agent: false, path })
      // What asks for more than a plain request goes another way.
      const headers = { expect: '100-continue' }
      const other = await httpRequest(server.url, { agent: false, path, headers, method: 'PUT' })
      return [String(body), String(other.body)]
    }
    expect(await play(cassette, ask)).toEqual([`GET ${path}`, `PUT ${path}`])
    await server.close()

    const replayed = play(nextRun(cassette), { recordMode: 'none' }, ask)
    expect(await replayed).toEqual([`GET ${path}`, `PUT ${path}`])
  },
)
