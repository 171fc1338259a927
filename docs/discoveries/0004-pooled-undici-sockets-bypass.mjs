// `fetch` has an idle connection in its pool when the network is taken over.
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { listen, mock, report } from './engine.mjs'

const port = await listen(createServer((_request, response) => response.end('real')))
const get = async () => (await fetch(`http://127.0.0.1:${port}`)).text()
await get()
// The connection is idle a little later than the body ends.
await setTimeout(50)
mock()
report('mocked', await get())
