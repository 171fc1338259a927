import { onTestFinished } from 'vitest'

/** What Cassette warns of while the running test runs. */
export function cassetteWarnings(): readonly string[] {
  const warnings: string[] = []
  const listen = ({ message }: Error) => {
    if (message.startsWith('[cassette] ')) warnings.push(message)
  }
  process.on('warning', listen)
  onTestFinished(() => {
    process.off('warning', listen)
  })
  return warnings
}

/** Resolves once warnings that were emitted before have been told. */
export async function warningsTold(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
