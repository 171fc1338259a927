import http from 'node:http'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { play } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

function get(options: http.RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get({ ...options, timeout: 5000 }, async (response) => {
        resolve((await response.setEncoding('utf8').toArray()).join(''))
      })
      .on('timeout', () => reject(new Error('There is no answer.')))
      .on('error', reject)
  })
}

// As tests of what makes object URLs do.
test('requests of node:http are recorded and replayed while a test has replaced URL', async () => {
  const { port, close } = await rawServer((socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'),
  )
  const hello = { host: '127.0.0.1', port, path: '/hello' }
  vi.stubGlobal('URL', { createObjectURL: vi.fn() })
  const path = join(tempDir(), 'cassette')

  expect(await play(path, () => get(hello))).toBe('hello')
  await close()

  expect(await play(nextRun(path), { recordMode: 'none' }, () => get(hello))).toBe('hello')
})
