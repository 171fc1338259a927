// A client of undici gives up a request that somebody would have answered later. It connects again,
// in case of another request, and says nothing over that connection.
import { createServer } from 'node:net'
import { http, listen, outcome, report, undici } from './engine.mjs'

const connected = Promise.withResolvers()
const port = await listen(createServer(() => connected.resolve('a connection')))
const controller = new AbortController()
http.on('request', async () => {
  controller.abort()
  await new Promise(() => {})
})
http.apply()

const { signal } = controller
const dispatcher = new undici.Client(`http://127.0.0.1:${port}`)
await dispatcher.request({ path: '/', method: 'GET', signal }).catch(() => {})
report('nothing', await outcome(connected.promise))
