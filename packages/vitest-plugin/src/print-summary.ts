import util from 'node:util'
import type { SummaryRow } from '@cassette/core/runner'
import type { Vitest } from 'vitest/node'

/**
 * Prints how a run used its cassettes, as Vitest prints its own totals; nothing where a report for
 * machines goes to the terminal.
 */
export function printSummary({ config, logger }: Vitest, rows: readonly SummaryRow[]): void {
  if (isForMachines(config)) return
  const lines = rows.map(([label, text]) => `${util.styleText('dim', label.padStart(11))}  ${text}`)
  logger.log(`${lines.join('\n')}\n`)
}

function isForMachines({ reporters, outputFile }: Vitest['config']): boolean {
  return reporters.some((reporter) => {
    const [name, options] = Array.isArray(reporter) ? reporter : [reporter, {}]
    if (typeof name !== 'string' || !['json', 'junit', 'tap', 'tap-flat'].includes(name))
      return false
    const files = typeof outputFile === 'string' ? { [name]: outputFile } : outputFile
    const own =
      typeof options === 'object' && 'outputFile' in options ? options.outputFile : undefined
    return own === undefined && Object.entries(files ?? {}).every(([of]) => of !== name)
  })
}
