import { bodyBytes } from '../body.ts'
import type { RecordedRequest } from '../interaction.ts'
import { hasPlaceholder } from './placeholder.ts'

/** Whether a request would bring a placeholder to the network. */
export function carriesPlaceholder({ url, headers, body }: RecordedRequest): boolean {
  return (
    hasPlaceholder(url) ||
    headers.some(([, value]) => hasPlaceholder(value)) ||
    hasPlaceholder(bodyBytes(body).toString('latin1'))
  )
}
