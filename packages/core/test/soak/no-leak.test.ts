import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { tempDir } from '../support/temp-dir.ts'
import { sampleOrAll } from './support/sample-or-all.ts'

const run = promisify(execFile)
const count = sampleOrAll(200, 10_000)
const witness = fileURLToPath(new URL('support/network-witness.ts', import.meta.url))

// A network of its own, in which every address is this machine: whatever leaves a process is
// counted by the kernel, and nothing else is.
const setUp = 'ip link set lo up && ip route add local default dev lo'
const { status } = spawnSync('unshare', ['-rn', 'sh', '-c', setUp])
const hasNamespaces = status === 0

interface Report {
  readonly outcome: {
    readonly hits: number
    readonly answeredHits: number
    readonly ignored: number
    readonly refused: number
    readonly wrong: readonly string[]
    readonly calls: { readonly connects: number; readonly lookUps: number }
  }
  readonly seen: { readonly hits: number; readonly connects: number; readonly datagrams: number }
  readonly control: Report['seen'] & { readonly calls: Report['outcome']['calls'] }
}

async function witnessed(): Promise<Report> {
  const command = [process.execPath, '--no-warnings', witness, tempDir(), String(count)]
  const [file = '', ...rest] = hasNamespaces
    ? [
        'unshare',
        '-rn',
        'sh',
        '-c',
        `${setUp} && exec "$@"`,
        'sh',
        ...command,
        'no-such-host.invalid',
      ]
    : [...command, 'localhost']
  const { stdout } = await run(file, rest, { maxBuffer: 1e8 })
  return JSON.parse(stdout)
}

test(
  `${count} mixed requests in mode none reach nothing but what is ignored`,
  { timeout: sampleOrAll(60_000, 30 * 60_000) },
  async (context) => {
    const { outcome, seen, control } = await witnessed()
    const { ignored } = outcome

    expect(outcome.wrong).toEqual([])
    expect(outcome.hits).toBeGreaterThan(count / 5)
    expect(outcome.answeredHits).toBe(outcome.hits)
    expect(outcome.hits + outcome.refused + ignored).toBe(count)
    // As Node counts below all that can be patched, and as the origins do.
    expect(outcome.calls).toEqual({ connects: ignored, lookUps: 0 })
    expect(control.calls).toEqual({ connects: 1, lookUps: 1 })
    expect([seen.hits, control.hits]).toEqual([ignored, 1])

    // As the kernel counts, outside of the process.
    if (!hasNamespaces) {
      await context.annotate('no network namespaces here: the kernel was not asked')
      return
    }
    expect(seen).toEqual({ hits: ignored, connects: ignored, datagrams: 0 })
    expect(control.connects).toBe(1)
    expect(control.datagrams).toBeGreaterThan(0)
  },
)
