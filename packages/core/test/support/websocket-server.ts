import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws'

/** A loopback origin that speaks WebSocket. */
export interface TestWebSocketServer {
  /** `ws://127.0.0.1:<port>` */
  readonly url: string
  /** Of TCP, so far. */
  readonly connections: number
  close(): Promise<void>
}

/** @param converse called with each client that has connected */
export async function webSocketServer(
  converse: (client: WebSocket) => void,
  options: ServerOptions = {},
): Promise<TestWebSocketServer> {
  let connections = 0
  const server = http.createServer().on('connection', () => {
    connections += 1
  })
  const sockets = new WebSocketServer({ ...options, server })
  sockets.on('connection', (client) => {
    client.on('error', () => {})
    converse(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      for (const client of sockets.clients) client.terminate()
      server.close(() => resolve())
      server.closeAllConnections()
    })
  onTestFinished(close)
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections
    },
    close,
  }
}
