// A client refuses the certificate of a server behind a proxy's tunnel.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import client from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { http, listen, outcome, report } from './engine.mjs'

const pem = (name) =>
  readFileSync(new URL(`../../fixtures/origin/tls/${name}.pem`, import.meta.url))
const target = await listen(https.createServer({ cert: pem('cert'), key: pem('key') }))
const proxy = client.createServer().on('connect', (_request, socket) => {
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  const server = net.connect(target, '127.0.0.1')
  socket.pipe(server).pipe(socket)
})
const port = await listen(proxy)
http.on('request', () => {})
http.apply()

const connect = client.request({ port, host: '127.0.0.1', method: 'CONNECT', path: 'a.test:443' })
const [, socket] = await once(connect.end(), 'connect')
const request = https.get('https://a.test', { createConnection: () => tls.connect({ socket }) })
const refusal = new Promise((resolve) => request.on('error', ({ code }) => resolve(code)))
report('DEPTH_ZERO_SELF_SIGNED_CERT', await outcome(refusal))
