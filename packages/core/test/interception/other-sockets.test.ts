import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { play } from '../../src/index.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const outcomeOf = (port: number) =>
  new Promise<string>((resolve) => {
    const socket = net
      .connect(port, '127.0.0.1')
      .on('connect', () => {
        resolve('connected')
        socket.destroy()
      })
      .on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
  })

test.each(['new_episodes', 'none'] as const)(
  'a port that refuses connections refuses them in mode %s',
  async (recordMode) => {
    const origin = await testOrigin()
    const { port } = new URL(origin.url)
    const probe = () => outcomeOf(Number(port))
    const path = join(tempDir(), 'cassette')

    expect(await play(path, { recordMode }, probe)).toBe('connected')
    await origin.close()
    expect(await play(path, { recordMode }, probe)).toBe('ECONNREFUSED')
  },
)

test('a server of another protocol that speaks first is heard in mode none', async () => {
  const server = net.createServer((socket) => socket.end('220 ready\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const { port } = server.address() as AddressInfo

  const greeting = await play(
    join(tempDir(), 'cassette'),
    { recordMode: 'none' },
    () =>
      new Promise<string>((resolve, reject) => {
        net
          .connect(port, '127.0.0.1')
          .setEncoding('utf8')
          .on('error', reject)
          .on('data', (data) => resolve(String(data)))
      }),
  )

  expect(greeting).toBe('220 ready\r\n')
})
