import { relative, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import { mergeShards } from '../../runner/shard-usage.ts'
import { unusedLogName } from '../../runner/unused-log.ts'

interface UnusedOptions {
  readonly merge: string
  readonly json?: true
}

/** Adds `cassette unused`. */
export function addUnusedCommand(program: Command): void {
  program
    .command('unused')
    .summary('write the log of unused recordings from what the shards of a run left')
    .description(
      'Each `jest --shard` leaves .cassette_usage/jest-<shard>-of-<count>.ndjson at the root. Collect ' +
        'those of all shards in one directory; run this at the root.',
    )
    .requiredOption('--merge <dir>', 'the directory with the files of all shards')
    .option('--json', 'print the unused files as JSON')
    .addHelpText('after', '\nExit codes: 0 the log is written; 2 it could not be.')
    .action(unused)
}

function unused({ merge, json }: UnusedOptions): void {
  const root = process.cwd()
  const files = mergeShards(resolve(root, merge), root).map((path) =>
    relative(root, path).replaceAll(sep, '/'),
  )
  const text = `${files.length} unused recording file(s), listed in ${unusedLogName}.`
  process.stdout.write(`${json === true ? JSON.stringify({ unused: files }, null, 2) : text}\n`)
}
