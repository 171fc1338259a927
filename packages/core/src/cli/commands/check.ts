import { relative, sep } from 'node:path'
import type { Command } from 'commander'
import { matcherSet } from '../../model/matcher-set.ts'
import { redactionRules } from '../../model/redaction/redaction-rules.ts'
import { configFileOptions } from '../../runner/config-file.ts'
import { checkCassette } from '../check/check-cassette.ts'
import { checkSecrets, withoutReadablePart } from '../check/check-secrets.ts'
import { findCassettes } from '../check/find-cassettes.ts'
import type { Finding } from '../check/finding.ts'
import { fixCassette } from '../check/fix-cassette.ts'
import { exitCode } from '../exit-code.ts'

interface CheckOptions {
  readonly fix?: true
  readonly json?: true
}

/** Adds `cassette check`. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .summary('find recordings that cannot be read or that no request finds')
    .description(
      'Reports secrets that stand unredacted, files that cannot be read, recordings whose name no ' +
        'longer fits their request, and stale ones, which the matchers in force cannot name.',
    )
    .argument('[paths...]', 'cassettes, or directories of them; else __cassettes__ and cassetteDir')
    .option('--fix', 'redact secrets, and rename what no longer fits; never over another file')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      `
matchOn, matchHeaders, redact and cassetteDir come from cassette.config.* in the working directory
or above it. Options that stand elsewhere (a runner's configuration, play()) are not seen: move them
there.

Exit codes: 0 nothing is wrong, or all is fixed; 1 something is; 2 the check could not be done.`,
    )
    .action(check)
}

async function check(paths: readonly string[], { fix, json }: CheckOptions): Promise<void> {
  const root = process.cwd()
  const options = configFileOptions(root)
  const matchers = matcherSet(options)
  const rules = redactionRules(options.redact, () => process.env)
  const { cassettes, findings } = findCassettes(root, options.cassetteDir, paths)
  for (const cassette of cassettes) {
    // oxlint-disable-next-line no-await-in-loop -- one file after the other, so that none is lost
    const secrets = await checkSecrets(cassette, rules, matchers)
    const checked = checkCassette(cassette, matchers, secrets)
    // oxlint-disable-next-line no-await-in-loop -- one file after the other, so that none is lost
    const told = fix === true ? await fixCassette(cassette, checked) : checked
    // As arguments, very many would overflow the stack.
    for (const finding of told) findings.push(finding)
  }
  const count = cassettes.reduce((sum, { recordings }) => sum + recordings.length, 0)
  const shown = findings.map((finding) => withShortPaths(finding, root))
  process.stdout.write(json === true ? asJson(count, shown) : asText(count, shown))
  if (findings.some(({ fixed }) => fixed === undefined)) process.exitCode = exitCode.found
}

function withShortPaths({ kind, problem, fixed, ...finding }: Finding, root: string): Finding {
  const { shown } = finding
  const { file, name } = shown ?? finding
  const short = (path: string): string => relative(root, path).replaceAll(sep, '/')
  // Another name may hold the secret still.
  const told = fixed === undefined || shown === undefined ? fixed : withoutReadablePart(fixed)
  return {
    file: short(file),
    kind,
    problem,
    ...(name === undefined ? {} : { name }),
    ...(told === undefined ? {} : { fixed: short(told) }),
  }
}

function asJson(checked: number, findings: readonly Finding[]): string {
  return `${JSON.stringify({ checked, findings }, null, 2)}\n`
}

function asText(checked: number, findings: readonly Finding[]): string {
  const lines = findings.map(({ file, kind, name, problem, fixed }) => {
    const about = [file, kind, name, problem].filter((part) => part !== undefined).join(': ')
    if (fixed === undefined) return about
    return `${about}; ${fixed === file ? 'fixed in place' : `renamed to ${fixed}`}`
  })
  const open = findings.filter(({ fixed }) => fixed === undefined)
  const hasFixable = open.some(isFixable)
  const summary = [
    `${checked} recording(s) checked, ${findings.length} problem(s), ${open.length} left.`,
    ...(hasFixable
      ? ['`cassette check --fix` redacts secrets and renames what does not fit.']
      : []),
  ].join(' ')
  return [...lines, summary, ''].join('\n')
}

function isFixable({ kind, problem }: Finding): boolean {
  if (kind === 'secret') return problem.includes('(redact)')
  return kind === 'name' || kind === 'file-name'
}
