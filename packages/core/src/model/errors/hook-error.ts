/** A function of the user that threw, or returned what cannot be used. */
export class HookError extends Error {
  override readonly name = 'HookError' as const
  readonly code = 'ERR_CASSETTE_HOOK'

  /**
   * @param hook the option that it was given as
   * @param request its method and its redacted URL
   * @param problem what it did, as the end of a sentence
   * @param remedy what to do about it
   */
  constructor(
    hook: string,
    request: string,
    problem: string,
    remedy: string,
    options?: ErrorOptions,
  ) {
    super(`The hook ${hook} failed for ${request}: ${problem}. ${remedy}`, options)
    // Its frames would be Cassette's own; those of the user's function are in the cause.
    this.stack = `${this.name}: ${this.message}`
  }
}
