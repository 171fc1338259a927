import { Command, CommanderError } from 'commander'
import { addCheckCommand } from './commands/check.ts'
import { addUnusedCommand } from './commands/unused.ts'
import { exitCode } from './exit-code.ts'

/**
 * Runs the program `cassette` and sets the exit code of the process. Each command has a file in
 * `commands` that adds it.
 *
 * @param args without the program
 */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const program = new Command('cassette')
    .description('Looks after recorded HTTP traffic.')
    .exitOverride()
    .showHelpAfterError('Run with --help for what there is.')
  addCheckCommand(program)
  addUnusedCommand(program)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCode.fine : exitCode.failed
      return
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = exitCode.failed
  }
}
