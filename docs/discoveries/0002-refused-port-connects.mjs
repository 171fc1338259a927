// Nobody listens on a port, and nobody answers in its place.
import net from 'node:net'
import { http, listen, report } from './engine.mjs'

const server = net.createServer()
const port = await listen(server)
await new Promise((resolve) => server.close(resolve))
http.on('request', () => {})
http.apply()

net
  .connect(port, '127.0.0.1')
  .on('connect', () => report('ECONNREFUSED', 'connect'))
  .on('error', ({ code }) => report('ECONNREFUSED', code))
