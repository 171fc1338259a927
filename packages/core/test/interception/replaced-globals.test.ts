import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { play } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

// As tests of what makes object URLs do.
test('requests of node:http are recorded and replayed while a test has replaced URL', async () => {
  const server = await rawServer((socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'),
  )
  const ask = async () => String((await httpRequest(server.url, { agent: false })).body)
  vi.stubGlobal('URL', { createObjectURL: () => 'blob:' })
  const path = join(tempDir(), 'cassette')

  expect(await play(path, ask)).toBe('hello')
  await server.close()

  expect(await play(nextRun(path), { recordMode: 'none' }, ask)).toBe('hello')
})

// As jsdom does in Vitest 3, which leaves Node's Response.
test('the headers of a response can be read where a DOM has put its own class in their place', async () => {
  class Headers {
    get() {
      return 'of the DOM'
    }
  }
  vi.stubGlobal('Headers', Headers)
  vi.resetModules()
  const { asFetched } = await import('../../src/interception/fetch/as-fetched.ts')

  const response = new Response(null, { headers: { 'x-of': 'Node' } })

  expect(asFetched(response, 'http://localhost/').headers.get('x-of')).toBe('Node')
})
