// A CONNECT is answered whose client waited for `connect` before it wrote.
import net from 'node:net'
import { http, report } from './engine.mjs'

process.on('uncaughtException', ({ code }) => report('200', code))
process.on('unhandledRejection', ({ code }) => report('200', code))
http.on('request', ({ controller }) => controller.respondWith(new Response(null)))
http.apply()

const client = net.connect(8080, 'proxy.test')
client.on('connect', () => client.write('CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n'))
client.on('data', (data) => {
  const [, status] = String(data).split(' ')
  setTimeout(() => report('200', status), 100)
})
