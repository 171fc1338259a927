import { createRequire } from 'node:module'
import type * as coreModule from '@secretlint/core'
import type * as profilerModule from '@secretlint/profiler'
import type * as rulesModule from '@secretlint/secretlint-rule-preset-recommend'
import { loadLate } from '../../load-late.ts'
import type { SecretFinding } from '../../model/secret-scanner.ts'
import { redactRemedy } from './redact-remedy.ts'
import { placeOf, ScanText } from './scan-text.ts'

/** What looks like a secret in a document. */
export interface Detected extends Omit<SecretFinding, 'file'> {
  /** Never to be told. */
  readonly secret: string
}

type Detect = (text: string) => Promise<readonly Detection[]>

interface Detection {
  readonly rule: string
  readonly start: number
  readonly end: number
}

let loaded: Detect | undefined

/**
 * Looks for secrets in what a file holds, with the recommended rules of secretlint.
 *
 * @param document the plain value that is encoded
 */
export async function findSecrets(document: object): Promise<Detected[]> {
  const scanned = new ScanText(document)
  // Most suites record seldom, and those that replay should not wait for it.
  const detect = (loaded ??= loadDetector())
  const findings = new Map<string, Detected>()
  for (const { rule, start, end } of await detect(scanned.text)) {
    const leaf = scanned.leafAt(start)
    if (leaf === undefined || scanned.isRedacted(start, end)) continue
    const secret = scanned.text.slice(start, end)
    const place = placeOf(leaf.keys).replaceAll(secret, '…')
    const remedy = redactRemedy(leaf, secret, document)
    findings.set(`${place} ${rule}`, { place, rule, remedy, secret })
  }
  return [...findings.values()]
}

const require = createRequire(import.meta.url)

function loadDetector(): Detect {
  const [{ lintSource }, { rules }, { secretLintProfiler }] = loadLate(() => {
    const core: typeof coreModule = require('@secretlint/core')
    const preset: typeof rulesModule = require('@secretlint/secretlint-rule-preset-recommend')
    const profiler: typeof profilerModule = require('@secretlint/profiler')
    return [core, preset, profiler] as const
  })
  // It would leave dozens of entries in the `performance` of the tests with every scan.
  secretLintProfiler.setEnabled(false)
  const config = {
    rules: rules
      .map((rule) => ({ id: rule.meta.id, rule, options: {}, ...settingsOf[rule.meta.id] }))
      .filter(({ id }) => id !== comments),
  }
  return async (text) => {
    const { messages } = await lintSource({
      source: { filePath: 'cassette', content: text, contentType: 'text', ext: '' },
      options: { noPhysicFilePath: true, config },
    })
    return messages.map(({ ruleId, messageId, range: [start, end] }) => ({
      rule: `${ruleId.replace('@secretlint/secretlint-rule-', 'secretlint ')} ${messageId}`,
      start,
      end,
    }))
  }
}

// A server must not be able to say of its secrets that they are none.
const comments = '@secretlint/secretlint-rule-filter-comments'
const settingsOf: Readonly<Record<string, object>> = {
  '@secretlint/secretlint-rule-aws': {
    options: { enableIDScanRule: true },
    // It is in most answers of AWS, and opens nothing.
    allowMessageIds: ['AWSAccountID'],
  },
}
