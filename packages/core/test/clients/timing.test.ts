import http from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OptionError, play, Player, type PlayerOptions } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

const pause = 200

/** Sends two chunks with a pause between them. */
const pausingServer = (type: string) =>
  rawServer((socket) => {
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n`,
    )
    setTimeout(() => socket.write('3\r\ntwo\r\n0\r\n\r\n'), pause)
  })

/** The chunks of an answer, and where a timer of a fourth of the pause fell among them. */
function listen(url: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    http
      .get(url, (response) => {
        const heard: string[] = []
        response
          .setEncoding('utf8')
          .on('data', (chunk: string) => {
            heard.push(chunk)
            if (heard.length === 1) setTimeout(() => heard.push('timer'), pause / 4)
          })
          .on('end', () => resolve(heard))
      })
      .on('error', reject)
  })
}

const chunks = async (url: string) => (await listen(url)).filter((heard) => heard !== 'timer')

async function replay(options: PlayerOptions): Promise<string[]> {
  const server = await pausingServer('text/plain')
  const path = join(tempDir(), 'cassette')
  expect(await play(path, () => listen(server.url))).toEqual(['one', 'timer', 'two'])
  await server.close()
  return play(nextRun(path), { ...options, recordMode: 'none' }, () => listen(server.url))
}

test('a stream replays at once by default, chunk by chunk', async () => {
  expect(await replay({})).toEqual(['one', 'two'])
})

test("timing 'recorded' keeps the pauses of a stream", async () => {
  expect(await replay({ timing: 'recorded' })).toEqual(['one', 'timer', 'two'])
})

test('a number as timing is how many times as fast a stream replays', async () => {
  expect(await replay({ timing: 0.5 })).toEqual(['one', 'timer', 'two'])
  expect(await replay({ timing: 1e6 })).toEqual(['one', 'two'])
})

test('a response that came in one go is stored in one piece, whatever its chunks', async () => {
  const server = await rawServer((socket) =>
    socket.write(
      'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n' +
        '3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n',
    ),
  )
  const player = new Player(join(tempDir(), 'cassette.json'))

  expect(await player.play(() => chunks(server.url))).toEqual(['one', 'two'])
  const later = new Player(nextRun(player.path), { recordMode: 'none' })

  expect(await later.play(() => chunks(server.url))).toEqual(['onetwo'])
})

test('a client that aborts a slow replay leaves no timer behind', async () => {
  const server = await rawServer((socket) => {
    socket.write(
      'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n',
    )
    setTimeout(() => socket.write('3\r\ntwo\r\n0\r\n\r\n'), pause)
  })
  const path = join(tempDir(), 'cassette')
  await play(path, () => listen(server.url))
  await server.close()
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()

  // A hundred times slower: the second chunk is due long after the test.
  await play(nextRun(path), { recordMode: 'none', timing: 0.01 }, async () => {
    const controller = new AbortController()
    const response = await fetch(server.url, { signal: controller.signal })
    const { value } = await response.body!.getReader().read()
    expect(Buffer.from(value ?? '').toString()).toBe('one')
    controller.abort()
  })

  for (let turn = 0; turn < 100 && timers() > before; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(timers()).toBeLessThanOrEqual(before)
})

test.each(['slow', 0, -1, NaN, true, [2]])(
  'timing %s is an error that lists what it can be',
  (timing) => {
    const options = { timing } as unknown as PlayerOptions
    expect(() => new Player('cassette', options)).toThrow(OptionError)
    expect(() => new Player('cassette', options)).toThrow("'instant', 'recorded' or a number")
  },
)
