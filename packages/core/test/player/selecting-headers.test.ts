import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { play } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { tempDir } from '../support/temp-dir.ts'

/** A server of its own and what ends it. */
async function serve(listener: http.RequestListener): Promise<{ url: string; close: () => void }> {
  const server = http.createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(close)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close }
}

test.each([
  ['a block of a blob', 'X-Ms-Range', 'bytes=0-9', 'bytes=10-19'],
  ['a chunk of zeros', 'Content-Range', 'bytes 0-9/20', 'bytes 10-19/20'],
  ['a chunk sent by tus', 'Upload-Offset', '0', '10'],
  ['a condition', 'If-Match', '"1"', '"2"'],
  ['the argument of Dropbox', 'Dropbox-API-Arg', '{"path":"/a"}', '{"path":"/b"}'],
  ['the fields of a place', 'X-Goog-FieldMask', 'places.id', 'places.id,places.name'],
  ['the schema of PostgREST', 'Accept-Profile', 'public', 'private'],
])('two requests that differ in %s get each its own answer', async (_, name, one, other) => {
  const { url, close } = await serve((request, response) => {
    request.resume()
    response.end(request.headers[name.toLowerCase()])
  })
  const ask = async (value: string) =>
    (await fetch(url, { method: 'POST', headers: { [name]: value }, body: 'zeros' })).text()
  const both = async () => [await ask(one), await ask(other)]
  const path = join(tempDir(), 'cassette')

  expect(await play(path, both)).toEqual([one, other])
  close()
  expect(await play(nextRun(path), { recordMode: 'none' }, both)).toEqual([one, other])
})

test('a loop over pages that a header continues ends, recorded and replayed', async () => {
  const { url, close } = await serve((request, response) => {
    request.resume()
    const page = Number(request.headers['x-ms-continuation'] ?? 0)
    if (page < 2) response.setHeader('x-ms-continuation', page + 1)
    response.end(`page ${page}`)
  })
  const pages = async (next?: string | null): Promise<readonly string[]> => {
    const headers: Record<string, string> = next ? { 'x-ms-continuation': next } : {}
    const response = await fetch(url, { method: 'POST', headers, body: 'SELECT * FROM c' })
    const page = await response.text()
    const more = response.headers.get('x-ms-continuation')
    return more === null || page === 'page 9' ? [page] : [page, ...(await pages(more))]
  }
  const path = join(tempDir(), 'cassette')

  expect(await play(path, () => pages())).toEqual(['page 0', 'page 1', 'page 2'])
  close()
  expect(await play(nextRun(path), { recordMode: 'none' }, () => pages())).toEqual([
    'page 0',
    'page 1',
    'page 2',
  ])
})
