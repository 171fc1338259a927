import dns from 'node:dns/promises'
import http from 'node:http'
import { HttpsProxyAgent } from 'https-proxy-agent'
import nock from 'nock'
import { play, Player } from '../../../src/index.ts'
import { httpRequest } from '../../support/http-request.ts'
import { type Client, clients, otherClients, pools, within } from './mixed-clients.ts'
import { countSocketCalls } from './socket-calls.ts'

// Started by `network-witness.ts`, which tells by messages when to go on and counts from outside.
const [
  task = '',
  cassette = '',
  broken = '',
  origin = '',
  tls = '',
  proxy = '',
  total = '0',
  unknown = '',
] = process.argv.slice(2)
const count = Number(total)
const options = { matchOn: ['method', 'url'], redact: false } as const
// Loading the SDKs takes longer than a sample does.
const { libraries, choosyLibraries } =
  count < 1000
    ? { libraries: {}, choosyLibraries: {} }
    : await import('@fixtures/fidelity/plain-clients.ts')
const every = Object.values({ ...clients, ...libraries })
const others = Object.values({ ...otherClients, ...choosyLibraries })
const outcome = { hits: 0, answeredHits: 0, ignored: 0, refused: 0, wrong: [] as string[] }

/** Hits, misses, names and addresses that nobody has, in turn. */
const targets: readonly ((at: number) => { url: string; isHit?: boolean })[] = [
  () => ({ url: `${origin}/json`, isHit: true }),
  (at) => ({ url: `${origin}/missing/${at}` }),
  (at) => ({ url: `http://no-such-host-${at}.invalid/` }),
  () => ({ url: `${tls}/json`, isHit: true }),
  (at) => ({ url: `https://no-such-host-${at}.invalid/` }),
  () => ({ url: 'http://203.0.113.7/' }),
  () => ({ url: 'https://[2001:db8::7]:8443/' }),
]

async function request(at: number): Promise<void> {
  disturb(at)
  if (at % 50 === 49) return ignored(at)
  const client = inTurn(every, at)
  if (at % 50 === 24) return refused(`${origin}/json`, inBrokenCassette(inTurn(every, at / 50)))
  const { url, isHit = false } = targets[at % targets.length]!(at)
  if (!isHit) return refused(url, at % 3 === 0 ? inTurn(others, at / 3) : client)
  outcome.hits += 1
  const text = await within(client, url).catch(String)
  if (text.includes('octocat')) outcome.answeredHits += 1
  else outcome.wrong.push(`${url} by client ${at % every.length}: ${text}`)
}

function inTurn(list: readonly Client[], turn: number): Client {
  return list[Math.floor(turn) % list.length]!
}

async function ignored(at: number): Promise<void> {
  outcome.ignored += 1
  await httpRequest(`${origin}/ignored/${at}`, { agent: new http.Agent() })
}

async function refused(url: string, client: Client): Promise<void> {
  try {
    outcome.wrong.push(`${url} was answered: ${await within(client, url)}`)
  } catch {
    outcome.refused += 1
  }
}

function inBrokenCassette(client: Client): Client {
  return async (url) => play(broken, { ...options, recordMode: 'none' }, () => client(url))
}

/** Somebody's own nock, switched about in the middle. */
function disturb(at: number): void {
  const step = Math.floor(count / 6)
  if (at === step) nock('http://stubbed.invalid').persist().get('/').reply(200, 'stub')
  if (at === 2 * step || at === 4 * step) nock.restore()
  if (at === 3 * step) nock.activate()
  if (at === 5 * step) nock.cleanAll()
}

async function inLanes(lanes: number): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const at = next
      next += 1
      await request(at)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

function told(): Promise<void> {
  return new Promise((resolve) => process.once('message', () => resolve()))
}

function tell(message: unknown): void {
  process.send?.(message)
}

if (task === 'record') {
  await play(cassette, { ...options, recordMode: 'new_episodes' }, async () => {
    await httpRequest(`${origin}/json`)
    await httpRequest(`${tls}/json`, { rejectUnauthorized: false })
    // What opens a tunnel is recorded as well.
    for (const url of [`${origin}/json`, `${tls}/json`]) {
      const agent = new HttpsProxyAgent(proxy)
      await httpRequest(url, { agent, rejectUnauthorized: false })
    }
  })
} else {
  const sinceStart = countSocketCalls()
  await Promise.all(Object.values(pools).map((client) => client(`${origin}/json`)))
  const ignore = ({ url }: { url: string }): boolean => url.includes('/ignored/')
  const player = new Player(cassette, {
    ...options,
    recordMode: 'none',
    ignore,
  }).insert()
  tell('ready')
  await told()
  const before = sinceStart()
  await inLanes(10)
  const after = sinceStart()
  const calls = {
    connects: after.connects - before.connects,
    lookUps: after.lookUps - before.lookUps,
  }
  tell({ ...outcome, calls })
  await told()
  await player.eject()
  // What a leak would look like.
  await httpRequest(`${origin}/json`, { agent: new http.Agent() })
  await dns.lookup(unknown).catch(() => undefined)
  const leaked = sinceStart()
  tell({ connects: leaked.connects - after.connects, lookUps: leaked.lookUps - after.lookUps })
  process.disconnect()
  process.exit()
}
