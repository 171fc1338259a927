// nock's engine: the very copy that nock of @cassette/core resolves. And undici, as its tests use it.
import { createRequire } from 'node:module'

const requireOfCore = createRequire(new URL('../../packages/core/package.json', import.meta.url))
const requireOfNock = createRequire(requireOfCore.resolve('nock'))

const { HttpRequestInterceptor } = requireOfNock('@mswjs/interceptors/http')
const { SocketInterceptor } = requireOfNock('@mswjs/interceptors/net')

export const undici = requireOfCore('undici')
export const http = new HttpRequestInterceptor()
export const sockets = SocketInterceptor.singleton(SocketInterceptor)

/** Takes the network over and answers every request. */
export function mock(body = 'mocked') {
  http.on('request', ({ controller }) => controller.respondWith(new Response(body)))
  http.apply()
}

/** Starts a server on a free port of loopback. */
export function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address().port))
  })
}

/** What becomes of a promise, or that nothing does. */
export function outcome(promise) {
  const nothing = new Promise((resolve) => setTimeout(resolve, 1000, 'nothing'))
  return Promise.race([promise, nothing])
}

/** Tells the result and ends the process, whatever is left open. */
export function report(expected, observed) {
  console.log(`expected ${expected}, observed ${observed}`)
  process.exit()
}
