/** An argument that cannot be what it is. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const
  readonly code = 'ERR_CASSETTE_USAGE'
}
