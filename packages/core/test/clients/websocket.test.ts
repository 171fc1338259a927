import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  WebSocket as WsClient,
  type RawData,
  type ServerOptions,
  type WebSocket as ServerSide,
} from 'ws'
import { play, Player } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { tempDir } from '../support/temp-dir.ts'
import { webSocketServer } from '../support/websocket-server.ts'

/** What a script of a client can do. */
interface Client {
  send(data: string | Uint8Array): void
  close(code?: number, reason?: string): void
}

/** What the application saw, in order. */
type Log = string[]

/** Called with each message; says what the client does then. */
type Script = (client: Client, message: string) => void

interface Options {
  readonly protocols?: string[]
  /** Of `ws` alone: what else it does once it is open. */
  readonly onOpen?: (client: WsClient) => void
}

/** `ws` hands out one Buffer, unless it is told otherwise. */
function textOf(data: RawData): string {
  return (data as Buffer).toString()
}

function said(data: string | Buffer): string {
  if (typeof data !== 'string') return `bytes ${data.toString('base64')}`
  return data.length > 100 ? `${data.length} characters` : data
}

async function withWs(url: string, script: Script, options: Options = {}): Promise<Log> {
  const log: Log = []
  const client = new WsClient(url, options.protocols)
  client
    .on('upgrade', (response) => log.push(`upgrade ${response.statusCode}`))
    .on('open', () => {
      log.push(`open ${client.protocol} ${client.extensions}`)
      script(client, 'open')
      options.onOpen?.(client)
    })
    .on('ping', (data) => log.push(`ping ${String(data)}`))
    .on('pong', (data) => log.push(`pong ${String(data)}`))
    .on('error', (error) => log.push(`error ${error.message}`))
    .on('message', (data, isBinary) => {
      const message = said(isBinary ? (data as Buffer) : textOf(data))
      log.push(message)
      script(client, message)
    })
  await new Promise((resolve) =>
    client.on('close', (code, reason) => {
      log.push(`close ${code} ${String(reason)}`)
      resolve(undefined)
    }),
  )
  return log
}

async function withGlobal(url: string, script: Script, options: Options = {}): Promise<Log> {
  const log: Log = []
  const client = new WebSocket(url, options.protocols)
  client.binaryType = 'arraybuffer'
  client.addEventListener('open', () => {
    log.push(`open ${client.protocol} ${client.extensions}`)
    script(client, 'open')
  })
  const { promise: isOver, resolve } = Promise.withResolvers<void>()
  client.addEventListener('error', () => {
    log.push('error')
    // Node 22 tells of no close where the connection failed.
    if (!log.some((line) => line.startsWith('open'))) resolve()
  })
  client.addEventListener('message', ({ data }: MessageEvent) => {
    const message = said(typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer))
    log.push(message)
    script(client, message)
  })
  client.addEventListener('close', ({ code, reason, wasClean }) => {
    log.push(`close ${code} ${reason} ${wasClean}`)
    resolve()
  })
  await isOver
  return log
}

const clients = { ws: withWs, 'the global WebSocket': withGlobal }

/** Records a conversation, closes the server, and has it again: both logs and the cassette's text. */
async function recordAndReplay(
  converse: (client: ServerSide) => void,
  run: (url: string) => Promise<Log>,
  serverOptions?: ServerOptions,
): Promise<{ recorded: Log; replayed: Log; stored: string }> {
  const server = await webSocketServer(converse, serverOptions)
  const path = join(tempDir(), 'cassette.yaml')
  const recorded = await play(path, () => run(server.url))
  const { connections } = server
  await server.close()

  expect(connections).toBe(1)
  const later = nextRun(path)
  const replayed = await play(later, { recordMode: 'none' }, () => run(server.url))
  return { recorded, replayed, stored: readFileSync(path, 'utf8') }
}

const big = randomBytes(750_000).toString('base64')

/** Does in turn what each message of the client names. */
function answer(client: ServerSide): void {
  client.send('welcome')
  client.on('message', (data, isBinary) => {
    const word = textOf(data)
    if (isBinary) client.send(data as Buffer)
    else if (word === 'twice') {
      client.send('one')
      setTimeout(() => client.send('two'), 30)
    } else if (word === 'fragments') {
      client.send('in ', { fin: false })
      client.send('thr', { fin: false })
      client.send('ee', { fin: true })
    } else if (word === 'ping') {
      client.ping('are you there')
      client.once('pong', (payload) => client.send(`heard ${String(payload)}`))
    } else if (word === 'big') client.send(big)
    else if (word === 'leave') client.close(4001, 'gone fishing')
    else if (word === 'die') client.terminate()
    else client.send(word.toUpperCase())
  })
}

/** Sends the next thing at each message that it waits for. */
function inTurn(turns: Readonly<Record<string, string | Uint8Array | (() => void)>>): Script {
  return (client, message) => {
    const next = turns[message]
    if (next === undefined) return
    if (typeof next === 'function') next()
    else if (next === 'close') client.close(1000, 'enough')
    else client.send(next)
  }
}

const conversation = (): Script =>
  inTurn({
    welcome: 'hello',
    HELLO: Buffer.from([0, 1, 2, 255]),
    'bytes AAEC/w==': 'twice',
    two: 'fragments',
    'in three': 'ping',
    'heard are you there': 'big',
    [`${big.length} characters`]: 'close',
  })

const heard = [
  'welcome',
  'HELLO',
  'bytes AAEC/w==',
  'one',
  'two',
  'in three',
  'heard are you there',
  '1000000 characters',
]

test.each(Object.entries(clients))(
  'a conversation of every kind of message replays to %s in order',
  async (_name, run) => {
    const { recorded, replayed, stored } = await recordAndReplay(answer, (url) =>
      run(url, conversation()),
    )

    expect(recorded.filter((line) => heard.includes(line))).toEqual(heard)
    expect(recorded.at(-1)).toContain('close 1000 enough')
    expect(replayed).toEqual(recorded)
    expect(stored).toContain('text: in three')
    expect(stored).toContain('base64: AAEC/w==')
  },
)

test.each(Object.entries(clients))(
  'compressed messages are stored readable and replay to %s',
  async (_name, run) => {
    const perMessageDeflate = { threshold: 0 }
    const { recorded, replayed, stored } = await recordAndReplay(
      answer,
      (url) => run(url, conversation()),
      { perMessageDeflate },
    )

    expect(recorded.find((line) => line.startsWith('open'))).toContain('permessage-deflate')
    expect(recorded.filter((line) => heard.includes(line))).toEqual(heard)
    expect(replayed).toEqual(recorded)
    expect(stored).toContain('text: HELLO')
    expect(stored).toContain('text: in three')
  },
)

test.each(Object.entries(clients))(
  'a close by the server replays to %s with its code and reason',
  async (_name, run) => {
    const { recorded, replayed } = await recordAndReplay(answer, (url) =>
      run(url, inTurn({ welcome: 'leave' })),
    )

    expect(recorded.at(-1)).toContain('close 4001 gone fishing')
    expect(replayed).toEqual(recorded)
  },
)

test.each(Object.entries(clients))(
  'a server that goes without a close does so again, after %s has spoken',
  async (_name, run) => {
    const { recorded, replayed } = await recordAndReplay(answer, async (url) => {
      let state: unknown
      const log = await run(url, (client, message) => {
        if (message !== 'welcome') return
        // By then a server that did not wait for the word would be gone.
        setTimeout(() => {
          state = Reflect.get(client, 'readyState')
          client.send('die')
        }, 30)
      })
      return [...log, `said it in state ${String(state)}`]
    })

    expect(recorded.join()).toContain('close 1006')
    expect(recorded.at(-1)).toBe('said it in state 1')
    expect(replayed).toEqual(recorded)
  },
)

test.each(Object.entries(clients))('a subprotocol is agreed on again with %s', async (_n, run) => {
  const { recorded, replayed } = await recordAndReplay(
    answer,
    (url) => run(url, inTurn({ welcome: 'close' }), { protocols: ['chess', 'go'] }),
    { handleProtocols: () => 'go' },
  )

  expect(recorded).toContainEqual(expect.stringMatching(/^open go/))
  expect(replayed).toEqual(recorded)
})

test('a pong comes after the ping that asked for it', async () => {
  const { recorded, replayed } = await recordAndReplay(answer, async (url) => {
    let pinged = false
    return withWs(url, inTurn({}), {
      onOpen: (client) => {
        client.on('pong', () => client.close(1000, `pinged ${pinged}`))
        setTimeout(() => {
          pinged = true
          client.ping('marco')
        }, 30)
      },
    })
  })

  expect(recorded.slice(-2)).toEqual(['pong marco', 'close 1000 pinged true'])
  expect(replayed).toEqual(recorded)
})

test('a handshake that the server rejects is an answer as any other', async () => {
  const run = async (url: string): Promise<Log> => {
    const client = new WsClient(url)
    return new Promise((resolve, reject) => {
      client.on('error', reject)
      client.on('unexpected-response', (_request, response) => {
        const log = [String(response.statusCode), String(response.headers['content-type'])]
        response.on('data', (data) => log.push(String(data))).on('end', () => resolve(log))
      })
    })
  }
  const { recorded, replayed } = await recordAndReplay(answer, run, {
    verifyClient: (_info, decide) => decide(false, 401, 'who are you?'),
  })

  expect(recorded).toEqual(['401', 'text/html', 'who are you?'])
  expect(replayed).toEqual(recorded)
})

test('the lengths of what a client says may change', async () => {
  const server = await webSocketServer(answer)
  const path = join(tempDir(), 'cassette')
  const talk = (word: string) => () =>
    withWs(server.url, inTurn({ welcome: word, 'A LONG WORD': 'next', NEXT: 'close' }))

  const recorded = await play(path, talk('a long word'))
  await server.close()

  expect(await play(nextRun(path), { recordMode: 'none' }, talk('short'))).toEqual(recorded)
})

test('a recording with compressed messages answers a client that does not compress', async () => {
  const server = await webSocketServer(answer, { perMessageDeflate: { threshold: 0 } })
  const path = join(tempDir(), 'cassette')
  const recorded = await play(path, () => withWs(server.url, inTurn({ welcome: 'close' })))
  await server.close()

  let greeting = ''
  await play(nextRun(path), { recordMode: 'none' }, async () => {
    const client = new WsClient(server.url, { perMessageDeflate: false })
    client.on('message', (data) => {
      greeting = textOf(data)
      client.close()
    })
    await once(client, 'close')
  })

  expect(recorded).toContain('welcome')
  expect(greeting).toBe('welcome')
})

test('two conversations under one address at once are each recorded and replayed', async () => {
  const members: ServerSide[] = []
  const server = await webSocketServer((client) => {
    const number = members.push(client)
    client.on('message', () => client.send(`You are ${number} of ${members.length}.`))
  })
  const path = join(tempDir(), 'cassette')
  const meet = async () => {
    const open = async () => {
      const client = new WsClient(`${server.url}/room`)
      await once(client, 'open')
      return client
    }
    const both = [await open(), await open()]
    const told: string[] = []
    for (const client of both) {
      client.send('who?')
      const [message] = await once(client, 'message')
      told.push(textOf(message))
    }
    for (const client of both) client.close()
    await Promise.all(both.map(async (client) => once(client, 'close')))
    return told
  }

  const recorded = await play(path, meet)
  expect(recorded).toEqual(['You are 1 of 2.', 'You are 2 of 2.'])
  await server.close()

  expect(await play(nextRun(path), { recordMode: 'none' }, meet)).toEqual(recorded)
})

test('a conversation that is open at eject is recorded so far, and its close answered', async () => {
  const server = await webSocketServer(answer)
  const path = join(tempDir(), 'cassette')
  const greeting = async () => {
    const client = new WsClient(server.url)
    onTestFinished(() => client.terminate())
    const word = await new Promise((resolve) =>
      client.once('message', (data) => resolve(textOf(data))),
    )
    return { client, word }
  }

  const recorded = await play(path, greeting)
  await server.close()
  const replayed = await play(nextRun(path), { recordMode: 'none' }, greeting)
  const closed = new Promise((resolve) => replayed.client.on('close', resolve))
  replayed.client.close(4002)

  expect(replayed.word).toBe(recorded.word)
  expect(await closed).toBe(4002)
})

test.each([
  ['ws', withWs, 'error No recording answers GET'],
  // It tells nobody why.
  ['the global WebSocket', withGlobal, 'error'],
] as const)(
  'a connection of %s that was not recorded is refused in mode none',
  async (_name, run, error) => {
    const server = await webSocketServer(answer)
    const path = join(tempDir(), 'cassette')
    const player = new Player(path, { recordMode: 'none' }).insert()
    const log = await run(server.url, inTurn({}))
    await player.eject()

    expect(log.join()).toContain(error)
    expect(player.report().unhandled).toEqual([`GET ${server.url.replace('ws', 'http')}/`])
    expect(server.connections).toBe(0)
  },
)

test('a secret in a message is not stored, and the rest of the conversation replays', async () => {
  const secret = 'abcdef0123456789abcdef'
  const server = await webSocketServer((client) => {
    client.send(JSON.stringify({ access_token: secret, user: 'octocat' }))
    client.send(Buffer.from(JSON.stringify({ access_token: secret, n: 1 })))
    client.send('next')
  })
  const path = join(tempDir(), 'cassette.yaml')
  const talk = () => withWs(server.url, inTurn({ next: 'close' }))

  const recorded = await play(path, talk)
  const again = await play(path, talk)
  await server.close()
  const replayed = await play(nextRun(path), { recordMode: 'none' }, talk)

  expect(recorded.join()).toContain(secret)
  expect(again).toEqual(recorded)
  expect(readFileSync(path, 'utf8')).not.toContain(secret)
  expect(replayed.join()).toContain('{"access_token":"[REDACTED]","user":"octocat"}')
  expect(replayed).toContain('next')
  expect(replayed.at(-1)).toBe('close 1000 enough')
})

test('the same conversation recorded anew leaves the file as it is', async () => {
  const server = await webSocketServer((client) => {
    client.send('hello')
    client.close(1000)
  })
  const talk = () => withWs(server.url, () => {})
  const path = join(tempDir(), 'cassette.json')
  await play(path, talk)
  const again = nextRun(path)

  await play(again, { recordMode: 'all' }, talk)

  expect(server.connections).toBe(2)
  expect(readFileSync(again, 'utf8')).toBe(readFileSync(path, 'utf8'))
})
