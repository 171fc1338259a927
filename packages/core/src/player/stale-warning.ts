import type { CassetteLibrary } from '../model/cassette-library.ts'

const shown = 3

/** Tells of recordings that no request finds since the matchers changed; nothing where there are none. */
export function warnOfStale(library: CassetteLibrary): void {
  const { stale } = library
  if (stale.length === 0) return
  const lines = stale
    .slice(0, shown)
    .map(({ interaction, reason }) => `  ${library.locate(interaction)}: ${reason}`)
  const rest = stale.length > shown ? [`  and ${stale.length - shown} more`] : []
  process.emitWarning(
    [
      `[cassette] ${stale.length} recording(s) in ${library.path} were named by other matchers and ` +
        'answer no request:',
      ...lines,
      ...rest,
      'Record their requests again and delete them. `npx cassette check` lists them.',
    ].join('\n'),
  )
}
