// Ten mocked connections are closed.
import client from 'node:http'
import { mock, report } from './engine.mjs'

mock()
const close = () =>
  new Promise((resolve) => {
    const request = client.get('http://a.test', { agent: false })
    request.on('response', (response) => response.resume()).on('close', resolve)
  })
await Promise.all(Array.from({ length: 10 }, close))
// A handle closes a little later than its socket.
await new Promise((resolve) => setTimeout(resolve, 100))
const handles = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap')
report('0 handles', `${handles.length} handles`)
