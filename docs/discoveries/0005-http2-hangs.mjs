// A session of `node:http2`, which nobody answers.
import http2 from 'node:http2'
import { http, listen, outcome, report } from './engine.mjs'

const port = await listen(http2.createServer((_request, response) => response.end('real')))
http.on('request', () => {})
http.apply()

const request = http2.connect(`http://127.0.0.1:${port}`).request()
const answer = new Promise((resolve) => request.on('data', resolve).on('error', resolve))
report('real', await outcome(answer))
