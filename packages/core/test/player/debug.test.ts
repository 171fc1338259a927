import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const core = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)

/** What a process of its own tells on stderr. */
async function told(script: string, nodeDebug: string): Promise<string> {
  const env = { ...process.env, CI: '', CASSETTE_MODE: '', NODE_DEBUG: nodeDebug }
  const args = ['--no-warnings', '--input-type=module', '-e', script]
  const { stderr } = await promisify(execFile)(process.execPath, args, { env })
  return stderr
}

function scenario(origin: string, path: string): string {
  return `
    import { Player } from ${core}
    const ask = (path, init) => fetch('${origin}' + path, init).then((answer) => answer.text()).catch(() => {})
    const options = {
      ignore: ({ url }) => url.includes('ignored'),
      beforeRecord: (one) => one.request.url.includes('skipped') ? null : one,
    }
    const player = new Player(${JSON.stringify(path)}, options)
    await player.play(async () => {
      await Promise.all([ask('/slow?token=live-token'), ask('/slow?token=live-token')])
      await ask('/ignored?token=live-token')
      await ask('/skipped')
    })
    await new Player(player.path, { recordMode: 'none' }).play(async () => {
      await ask('/slow?token=live-token')
      await ask('/never?token=live-token', { headers: { Authorization: 'Bearer live-token' } })
    })`
}

test('NODE_DEBUG=cassette tells every decision, redacted', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')

  const output = await told(scenario(origin.url, path), 'cassette')

  const lines = output
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(/^CASSETTE \d+: /, '').replaceAll(origin.url, ''))
  const expected = [
    `a request is claimed by the cassette ${path}`,
    'GET /slow?token=[REDACTED] goes to the network',
    'GET /slow?token=[REDACTED] waits for an identical request in flight',
    `GET /slow?token=[REDACTED] is recorded in ${path}`,
    'GET /ignored?token=[REDACTED] is passed through: ignore returned true',
    'GET /skipped is not recorded: beforeRecord left it out',
    expect.stringMatching(/^GET \/never\?token=\[REDACTED\] fails: UnhandledRequestError: /),
  ]
  expect(lines).toEqual(expect.arrayContaining(expected))
  expect(output).toMatch(/GET \S+ is replayed from \S+slow_\w+\.json/)
  expect(output).not.toContain('live-token')
})

test('without it nothing is told', async () => {
  const origin = await testOrigin()

  expect(await told(scenario(origin.url, join(tempDir(), 'cassette')), '')).toBe('')
})
