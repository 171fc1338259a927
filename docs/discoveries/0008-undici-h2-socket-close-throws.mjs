// The connection of an idle HTTP/2 session of undici is closed. The engine has no part in it.
import { subscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import http2 from 'node:http2'
import { listen, outcome, report, undici } from './engine.mjs'

const pem = (name) =>
  readFileSync(new URL(`../../fixtures/origin/tls/${name}.pem`, import.meta.url))
const tls = { cert: pem('cert'), key: pem('key') }
const port = await listen(http2.createSecureServer(tls, (_request, response) => response.end()))
let client
subscribe('undici:client:connected', ({ socket }) => (client = socket))
const connect = { rejectUnauthorized: false }
const dispatcher = new undici.Agent({ allowH2: true, connect })
const { body } = await undici.request(`https://127.0.0.1:${port}`, { dispatcher })
await body.dump()

const error = new Promise((resolve) => process.on('uncaughtException', resolve))
client.destroy()
const { name = 'nothing' } = await outcome(error)
report('nothing', name)
