import http from 'node:http'
import type { LookupFunction } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { play, Player } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

/** What an application can tell of an error: its name, message, code and causes. */
function seen(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, cause, socket, ...details } = error as Error & { socket?: unknown }
  const errors = error instanceof AggregateError ? error.errors.map(seen) : undefined
  // undici tells of its socket too: its own port and its counters of bytes are not in a recording.
  return { name, message, ...details, cause: seen(cause), errors, hasSocket: socket !== undefined }
}

const failures = {
  fetch: (url: string, patience = 10_000) =>
    fetch(url, { signal: AbortSignal.timeout(patience) })
      .then((response) => response.text())
      .catch(seen),
  'node:http': (url: string, patience = 10_000) =>
    new Promise((resolve) => {
      const events: unknown[] = []
      const sent = http
        .get(url, { agent: false, timeout: patience }, (response) => {
          response
            .on('data', (chunk) => events.push(String(chunk)))
            .on('error', (error) => resolve([events, seen(error)]))
            .on('end', () => resolve([events, 'end']))
        })
        .on('timeout', () => sent.destroy(new Error('The application gave up.')))
        .on('error', (error) => resolve([events, seen(error)]))
    }),
}

const half = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'

const servers = {
  'closes the connection before it answers': () => rawServer((socket) => socket.end()),
  'resets the connection before it answers': () => rawServer((socket) => socket.resetAndDestroy()),
  'closes the connection amid its answer': () => rawServer((socket) => socket.end(half)),
  'resets the connection amid its answer': () =>
    rawServer((socket) => {
      socket.write(half)
      setTimeout(() => socket.resetAndDestroy(), 50)
    }),
  'never answers': () => rawServer(() => {}),
  'is not there': async () => {
    const server = await rawServer(() => {})
    await server.close()
    return server
  },
}

for (const [client, fail] of Object.entries(failures)) {
  for (const [what, start] of Object.entries(servers)) {
    test(`${client} sees the failure of a server that ${what} unchanged, live and on replay`, async () => {
      const server = await start()
      const path = join(tempDir(), 'cassette')
      const ask = () => fail(server.url, what === 'never answers' ? 300 : undefined)
      const bare = await ask()

      const recorded = await play(path, { recordErrors: true }, ask)
      await server.close()
      const before = server.connections
      const replayed = await play(nextRun(path), { recordMode: 'none' }, ask)

      expect(recorded).toEqual(bare)
      expect(replayed).toEqual(bare)
      expect(server.connections).toBe(before)
    })
  }
}

test.each(Object.entries(servers))(
  'the failure of a server that %s is not recorded without recordErrors',
  async (what, start) => {
    const server = await start()
    const player = new Player(join(tempDir(), 'cassette'))

    const patience = what === 'never answers' ? 300 : undefined
    await player.play(() => failures.fetch(server.url, patience))

    expect(player.report().recorded).toEqual([])
  },
)

test('an unknown host fails the same way on replay', async () => {
  const path = join(tempDir(), 'cassette')
  const url = 'http://unknown.invalid/'

  const bare = await failures.fetch(url)
  const recorded = await play(path, { recordErrors: true }, () => failures.fetch(url))
  const replayed = await play(nextRun(path), { recordMode: 'none' }, () => failures.fetch(url))

  expect(bare).toMatchObject({ name: 'TypeError', cause: { hostname: 'unknown.invalid' } })
  expect(recorded).toEqual(bare)
  expect(replayed).toEqual(bare)
})

describe('an error is recorded so that it can be read again', () => {
  class WithOwnMessage extends Error {
    readonly code = 'EOWN'
    constructor() {
      super()
      this.message = 'of its own'
    }
  }
  const inCircles = Object.assign(new Error('round'), { code: 'EROUND', cause: new Error('next') })
  inCircles.cause.cause = inCircles
  const errors = {
    'with a message that can be listed': new WithOwnMessage(),
    'with a number that JSON has not': Object.assign(new Error('far'), {
      code: 'EFAR',
      patience: Infinity,
    }),
    'whose causes lead in a circle': inCircles,
  }
  test.each(Object.entries(errors))('%s', async (_what, given) => {
    const lookup: LookupFunction = (_host, _options, done) => done(given, '')
    const ask = () =>
      new Promise<NodeJS.ErrnoException>((resolve) => {
        http.get('http://api.example.com/', { agent: false, lookup }).on('error', resolve)
      })
    const path = join(tempDir(), 'cassette.json')
    await play(path, { recordErrors: true }, ask)

    const { message, code } = await play(nextRun(path), { recordMode: 'none' }, ask)

    expect({ message, code }).toEqual({ message: given.message, code: given.code })
  })
})
