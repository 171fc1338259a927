// Somebody listened to connections before the engine itself does.
import client, { createServer } from 'node:http'
import { listen, mock, report, sockets } from './engine.mjs'

const port = await listen(createServer((_request, response) => response.end('real')))
sockets.on('connection', () => {})
mock()
client.get({ host: '127.0.0.1', port }, (response) => {
  response.setEncoding('utf8').on('data', (body) => report('mocked', body))
})
