import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { proxyServer } from '@fixtures/fidelity/origin/proxy.ts'
import { startOrigin } from '@fixtures/origin'

// Lets another process make the requests, and prints what the origin and the kernel saw of them.
const [directory = '', count = '', unknown = ''] = process.argv.slice(2)
const origin = await startOrigin()
const tls = await startOrigin({ tls: true })
const tunnels = proxyServer()
await new Promise<void>((resolve) => tunnels.listen(0, '127.0.0.1', resolve))
const proxy = `http://127.0.0.1:${(tunnels.address() as AddressInfo).port}`
const [cassette, broken] = [join(directory, 'cassette'), join(directory, 'broken.json')]
writeFileSync(broken, '{ "cassette": 1, "interactions": [')

interface Seen {
  readonly hits: number
  readonly connects: number
  readonly datagrams: number
}

/** Of the whole network namespace. */
function seen(): Seen {
  const hits = origin.hits + tls.hits
  if (process.platform !== 'linux') return { hits, connects: 0, datagrams: 0 }
  const ipv4 = readFileSync('/proc/self/net/snmp', 'utf8')
  const ipv6 = readFileSync('/proc/self/net/snmp6', 'utf8')
  const [names = [], values = []] = ['Tcp', 'Udp']
    .map((protocol) => ipv4.split('\n').filter((line) => line.startsWith(`${protocol}:`)))
    .reduce<string[][]>(
      ([allNames = [], allValues = []], [head = '', row = '']) => [
        [...allNames, ...head.split(' ').map((name) => head.slice(0, 3) + name)],
        [...allValues, ...row.split(' ')],
      ],
      [],
    )
  const value = (name: string): number => Number(values[names.indexOf(name)])
  const datagrams6 = Number(/Udp6OutDatagrams\s+(\d+)/.exec(ipv6)?.[1])
  return {
    hits,
    connects: value('TcpActiveOpens'),
    datagrams: value('UdpOutDatagrams') + datagrams6,
  }
}

function difference(before: Seen, after: Seen): Seen {
  return {
    hits: after.hits - before.hits,
    connects: after.connects - before.connects,
    datagrams: after.datagrams - before.datagrams,
  }
}

function start(task: string): ReturnType<typeof fork> {
  const script = fileURLToPath(new URL('mixed-requests.ts', import.meta.url))
  const details = [cassette, broken, origin.url, tls.url, proxy, count, unknown]
  return fork(script, [task, ...details], {
    execArgv: ['--no-warnings'],
    env: { ...process.env, CI: '', CASSETTE_MODE: '' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

await once(start('record'), 'exit')
const child = start('none')
const said = async (): Promise<unknown> => (await once(child, 'message'))[0]
child.once('exit', (code) => {
  if (code !== 0) process.exit(1)
})
await said()
const before = seen()
child.send('go')
const outcome = await said()
const after = seen()
child.send('leak')
const calls = await said()
const control = { ...difference(after, seen()), calls }
console.log(JSON.stringify({ outcome, seen: difference(before, after), control }))
process.exit()
