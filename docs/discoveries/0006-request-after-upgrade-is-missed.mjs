// A server does not grant an upgrade, and the next request takes the same connection.
import client from 'node:http'
import net from 'node:net'
import { http, listen, outcome, report } from './engine.mjs'

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
const port = await listen(
  net.createServer((socket) => socket.on('data', () => socket.write(answer))),
)
http.on('request', () => {})
http.apply()

const agent = new client.Agent({ keepAlive: true, maxSockets: 1 })
const get = (headers) =>
  new Promise((resolve) => {
    client.get({ host: '127.0.0.1', port, agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
  })
await get({ Connection: 'Upgrade', Upgrade: 'other' })
report('200', await outcome(get({})))
