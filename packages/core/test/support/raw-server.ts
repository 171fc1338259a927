import net, { type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server whose answers are bytes, for what no HTTP server lets one say. */
export interface RawServer {
  readonly url: string
  readonly port: number
  /** Connections so far. */
  readonly connections: number
  close(): Promise<void>
}

/** @param answer called with what a client sent at first, its head at least */
export async function rawServer(
  answer: (socket: Socket, head: string) => void,
): Promise<RawServer> {
  const sockets = new Set<Socket>()
  let connections = 0
  const server = net.createServer((socket) => {
    connections += 1
    sockets.add(socket)
    let head = ''
    socket
      .on('error', () => {})
      .on('close', () => sockets.delete(socket))
      .on('data', (bytes) => {
        head += bytes.toString('latin1')
        if (!head.includes('\r\n\r\n')) return
        answer(socket, head)
        head = ''
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => resolve())
    })
  onTestFinished(close)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get connections() {
      return connections
    },
    close,
  }
}
