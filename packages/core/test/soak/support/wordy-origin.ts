import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Of another size for each path, up to 60 KB, and never empty. */
export function bodyOf(path: string): string {
  const size = Buffer.from(path).reduce((sum, byte) => (sum * 31 + byte) % 4000, 7)
  return `${path}\n`.repeat(size + 1)
}

/** An origin that answers every path with its body; returns its URL. */
export async function wordyOrigin(): Promise<string> {
  const server = http.createServer((request, response) => response.end(bodyOf(request.url ?? '')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
