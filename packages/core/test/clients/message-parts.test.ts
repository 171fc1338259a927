import http, { type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { play } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

/** Records, stops the server, and replays the same. */
async function recordAndReplay<Seen>(
  run: () => Promise<Seen>,
  server: { close(): Promise<void> },
): Promise<{ recorded: Seen; replayed: Seen }> {
  const path = join(tempDir(), 'cassette')
  const recorded = await play(path, run)
  await server.close()
  return { recorded, replayed: await play(nextRun(path), { recordMode: 'none' }, run) }
}

/** All that node:http tells of an answer. */
function observe(
  options: http.RequestOptions & { port: number },
  body?: string,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const events: unknown[] = []
    const sent = http
      .request({ host: '127.0.0.1', agent: false, ...options })
      .on('error', reject)
      .on('continue', () => {
        events.push('continue')
        sent.end(body)
      })
      .on('information', ({ statusCode, rawHeaders }) => events.push([statusCode, rawHeaders]))
      .on('response', (response: IncomingMessage) => {
        const { statusCode, statusMessage, rawHeaders, httpVersion } = response
        let text = ''
        response
          .setEncoding('latin1')
          .on('data', (chunk: string) => (text += chunk))
          .on('end', () => {
            const { rawTrailers, complete } = response
            resolve({
              statusCode,
              statusMessage,
              rawHeaders,
              httpVersion,
              text,
              rawTrailers,
              complete,
              events,
            })
          })
      })
    if (options.headers === undefined || !('Expect' in options.headers)) sent.end(body)
    else sent.flushHeaders()
  })
}

test('trailers reach node:http and undici on replay as they did live', async () => {
  const server = await rawServer((socket) =>
    socket.write(
      'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n' +
        '5\r\nhello\r\n0\r\nX-Sum: one\r\nx-sum: two\r\n\r\n',
    ),
  )
  const trailersOfUndici = async () => {
    const { body, trailers } = await request(server.url)
    return [await body.text(), trailers]
  }

  const { recorded, replayed } = await recordAndReplay(
    async () => [await observe({ port: server.port }), await trailersOfUndici()],
    server,
  )

  expect(recorded[0]).toMatchObject({ rawTrailers: ['X-Sum', 'one', 'x-sum', 'two'] })
  expect(replayed).toEqual(recorded)
})

test('early hints come before the response on replay too', async () => {
  const server = await rawServer((socket) => {
    socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n')
    setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'), 5)
  })

  const { recorded, replayed } = await recordAndReplay(() => observe({ port: server.port }), server)

  expect(recorded['events']).toEqual([[103, ['Link', '</a.css>; rel=preload']]])
  expect(replayed).toEqual(recorded)
})

test('a client that expects 100 Continue hears it once, live and on replay', async () => {
  const server = await rawServer((socket, sent) => {
    if (sent.startsWith('POST')) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    socket.write(`HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n`)
  })
  const options = {
    port: server.port,
    method: 'POST',
    headers: { Expect: '100-continue', 'Content-Length': '4' },
  }

  const { recorded, replayed } = await recordAndReplay(() => observe(options, 'body'), server)

  expect(recorded).toMatchObject({ statusCode: 201, events: ['continue', [100, []]] })
  expect(replayed).toEqual(recorded)
})

test('GET requests with different bodies have different recordings', async () => {
  const server = await rawServer((socket, sent) => {
    const body = sent.slice(sent.indexOf('\r\n\r\n') + 4)
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  })
  const search = (query: string) =>
    observe({ port: server.port, headers: { 'Content-Length': query.length } }, query)

  const { recorded, replayed } = await recordAndReplay(
    async () => [await search('{"q":1}'), await search('{"q":2}')],
    server,
  )

  expect(recorded).toMatchObject([{ text: '{"q":1}' }, { text: '{"q":2}' }])
  expect(replayed).toEqual(recorded)
})

test('an answer in HTTP/1.0 stays one, and ends with its connection', async () => {
  const server = await rawServer((socket) =>
    socket.end('HTTP/1.0 200 OK\r\nServer: SimpleHTTP/0.6\r\n\r\nold'),
  )

  const { recorded, replayed } = await recordAndReplay(() => observe({ port: server.port }), server)

  expect(recorded).toMatchObject({ httpVersion: '1.0', text: 'old' })
  expect(replayed).toEqual(recorded)
})

test('a reason phrase, header case and bytes beyond ASCII in a header stay as they were', async () => {
  const server = await rawServer((socket) =>
    socket.write(
      Buffer.from(
        'HTTP/1.1 299 Wünderbar\r\nX-CaSe: é\r\nx-case: 2\r\ncontent-length: 0\r\n\r\n',
        'latin1',
      ),
    ),
  )

  const { recorded, replayed } = await recordAndReplay(() => observe({ port: server.port }), server)

  expect(recorded).toMatchObject({ statusCode: 299, statusMessage: 'Wünderbar' })
  expect(replayed).toEqual(recorded)
})
