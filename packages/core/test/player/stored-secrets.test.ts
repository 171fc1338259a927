import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openCassetteLibrary, play } from '../../src/index.ts'
import { matcherSet } from '../../src/model/matcher-set.ts'
import { redactionRules } from '../../src/model/redaction/redaction-rules.ts'
import { storedSecrets } from '../../src/player/scan/stored-secrets.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const rules = redactionRules()
const matchers = matcherSet()
const untouched = { redact: false, onSecret: 'off' } as const

test('a cassette of before redaction tells every secret, and redacted again it replays', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const session = async (key: string) => {
    const login = await fetch(`${origin.url}/login?api_key=${key}`)
    const { access_token: token } = (await login.json()) as { access_token: string }
    const body = JSON.stringify({ token, key: 1 })
    return (await fetch(`${origin.url}/counter`, { method: 'POST', body })).text()
  }
  const recorded = await play(path, untouched, () => session('old-key'))
  await origin.close()

  const later = nextRun(path)
  const library = openCassetteLibrary(later)
  const found = await storedSecrets(library.interactions(), rules, matchers)
  expect(found.flatMap(({ findings }) => findings)).toEqual([
    { place: 'request.url', rule: 'redact' },
    { place: 'response.body.json.access_token', rule: 'redact' },
    { place: 'response.body.json.user.password', rule: 'redact' },
    { place: 'request.body.text', rule: 'redact' },
  ])
  for (const { interaction, redacted } of found) {
    library.remove(interaction)
    library.add(redacted!)
  }
  await library.save()

  expect(await storedSecrets(library.interactions(), rules, matchers)).toEqual([])
  expect(await play(later, { recordMode: 'none' }, () => session('new-key'))).toBe(recorded)
})

test('what only the scan knows is told, and cannot be redacted', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const key = 'AKIAQ7XW5PLMR2ZTVN4B'
  await play(path, untouched, () => fetch(`${origin.url}/echo`, { method: 'POST', body: key }))

  const found = await storedSecrets(openCassetteLibrary(path).interactions(), undefined, matchers)

  expect(found).toMatchObject([
    { findings: [{ place: 'request.body.text', rule: 'secretlint aws AWSAccessKeyID' }] },
  ])
  expect(found[0]).not.toHaveProperty('redacted')
})

test('a cassette that was redacted has nothing to tell', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette.yaml')
  await play(path, async () => {
    await fetch(`${origin.url}/login?api_key=x`, { headers: { Authorization: 'Basic dTpw' } })
    await fetch(`${origin.url}/cookies`)
  })

  expect(await storedSecrets(openCassetteLibrary(path).interactions(), rules, matchers)).toEqual([])
})
