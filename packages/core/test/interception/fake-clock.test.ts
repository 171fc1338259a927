import type { Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { play, type RecordedChunk } from '../../src/index.ts'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { nextRun } from '../support/next-run.ts'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

function storedChunks(path: string): readonly RecordedChunk[] {
  const [interaction] = openCassetteLibrary(path).interactions()
  const body = interaction?.response?.body
  return body !== undefined && 'chunks' in body ? body.chunks : []
}

test('a stream that a test freezes its clock in is recorded with its real times', async () => {
  let stream: Socket | undefined
  const server = await rawServer((socket) => {
    stream = socket
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n')
  })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const path = join(tempDir(), 'cassette.json')
  await play(path, async () => {
    const response = await fetch(server.url)
    // Its `performance.now()` begins at 0 again.
    vi.useFakeTimers()
    stream?.end('data: b\n\n')
    await response.text()
  })
  vi.useRealTimers()
  await server.close()

  const times = storedChunks(path).map(({ afterMs }) => afterMs)
  expect(times).toHaveLength(2)
  expect(Math.min(...times)).toBeGreaterThanOrEqual(0)
  const replayed = play(nextRun(path), { recordMode: 'none' }, async () =>
    (await fetch(server.url)).text(),
  )
  expect(await replayed).toBe('data: a\n\ndata: b\n\n')
})
