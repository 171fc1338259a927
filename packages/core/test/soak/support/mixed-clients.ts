import http from 'node:http'
import http2 from 'node:http2'
import { setTimeout as wait } from 'node:timers/promises'
import axios from 'axios'
import got from 'got'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { Agent, fetch as undiciFetch, ProxyAgent, request as undiciRequest } from 'undici'
import { Agent as Agent8, fetch as undici8Fetch, request as undici8Request } from 'undici8'
import { WebSocket as Ws } from 'ws'
import { httpRequest } from '../../support/http-request.ts'

/** Makes a request and returns the text of the answer; rejects where there is none. */
export type Client = (url: string) => Promise<string>

// Nobody knows it, so whoever asks for it gives itself away.
const proxy = 'http://no-such-proxy.invalid:3128'
const pooled = {
  http: new http.Agent({ keepAlive: true }),
  agent: new Agent(),
  agent8: new Agent8(),
}

/** Those that leave connections open, to be used before a cassette is inserted. */
export const pools: Readonly<Record<string, Client>> = {
  'node:http, keeping alive': (url) =>
    overHttp(url, url.startsWith('https:') ? {} : { agent: pooled.http }),
  'global fetch': async (url) => (await fetch(url)).text(),
  'undici 7, an Agent': async (url) =>
    (await undiciRequest(url, { dispatcher: pooled.agent })).body.text(),
  'undici 8, an Agent': async (url) =>
    (await undici8Request(url, { dispatcher: pooled.agent8 })).body.text(),
  axios: async (url) => String(await axios.get(url, { responseType: 'text' }).then((r) => r.data)),
  got: (url) => got(url, { retry: { limit: 0 } }).text(),
}

/** Every client whose requests a cassette can answer. */
export const clients: Readonly<Record<string, Client>> = {
  ...pools,
  'node:http': (url) => overHttp(url),
  'undici 7 fetch': async (url) => (await undiciFetch(url)).text(),
  'undici 8 fetch': async (url) => (await undici8Fetch(url)).text(),
  'https-proxy-agent': (url) => overHttp(url, { agent: new HttpsProxyAgent(proxy) }),
  'undici ProxyAgent': async (url) => {
    const dispatcher = new ProxyAgent(proxy)
    try {
      return await (await undiciRequest(url, { dispatcher })).body.text()
    } finally {
      await dispatcher.destroy()
    }
  },
}

/** Clients of other protocols, for requests that no cassette has. */
export const otherClients: Readonly<Record<string, Client>> = {
  ws: (url) =>
    new Promise((resolve, reject) => {
      new Ws(url.replace(/^http/, 'ws')).on('error', reject).on('open', () => resolve('open'))
    }),
  'global WebSocket': (url) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url.replace(/^http/, 'ws'))
      socket.addEventListener('error', () => reject(new Error('refused')))
      socket.addEventListener('open', () => resolve('open'))
    }),
  'node:http2': (url) =>
    new Promise((resolve, reject) => {
      const session = http2.connect(url).on('error', reject)
      session
        .request({ ':path': '/' })
        .on('error', reject)
        .on('response', () => resolve('open'))
    }),
}

async function overHttp(url: string, options: http.RequestOptions = {}): Promise<string> {
  return (await httpRequest(url, options)).body.toString()
}

/** A request that never ends must not pass for one that was refused. */
export async function within(client: Client, url: string): Promise<string> {
  const ender = new AbortController()
  const late = wait(60_000, undefined, { signal: ender.signal }).then(() => `late: ${url}`)
  return Promise.race([client(url), late]).finally(() => ender.abort())
}
