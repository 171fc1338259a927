import type { Interaction, RecordedRequest } from '../../model/interaction.ts'
import { placeholdersIn } from '../../model/redaction/placeholders.ts'

const most = 3

/** The recordings whose responses handed out a placeholder that a request sends back. */
export function placeholderSources(
  live: RecordedRequest,
  recordings: readonly Interaction[],
): readonly Interaction[] {
  const sent = new Set(placeholdersIn(JSON.stringify(live)))
  return recordings
    .filter(({ response }) =>
      placeholdersIn(JSON.stringify([response?.headers, response?.body])).some((one) =>
        sent.has(one),
      ),
    )
    .slice(0, most)
}
