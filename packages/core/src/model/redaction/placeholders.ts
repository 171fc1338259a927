const placeholder = /\[REDACTED(?::\d+)?\]/

/** Whether a text bears what redaction put in the place of a secret, percent-encoded or not. */
export function hasPlaceholder(text: string): boolean {
  return placeholder.test(plain(text))
}

/**
 * Gives secrets their placeholders. Different values of one slot (`query:api_key`) get different
 * ones, numbered in order of first appearance, so that requests which differ only in a secret stay
 * apart; the same order gives the same numbers on a machine with other secrets. A value that a
 * response handed out keeps its placeholder wherever a request sends it back.
 */
export class Placeholders {
  readonly #slots = new Map<string, Map<string, string>>()
  readonly #handedOut = new Map<string, string>()

  /** @param slot where the value stands: its kind and its name */
  inRequest(slot: string, value: string): string {
    return this.#handedOut.get(value) ?? numbered(this.#slot(slot), value)
  }

  inResponse(value: string): string {
    return numbered(this.#handedOut, value)
  }

  #slot(slot: string): Map<string, string> {
    const known = this.#slots.get(slot) ?? new Map<string, string>()
    this.#slots.set(slot, known)
    return known
  }
}

function numbered(known: Map<string, string>, value: string): string {
  if (hasPlaceholder(value)) return plain(value)
  const given = known.get(value) ?? (known.size === 0 ? '[REDACTED]' : `[REDACTED:${known.size + 1}]`)
  known.set(value, given)
  return given
}

// As it looks after a client has percent-encoded it.
function plain(value: string): string {
  return value.replaceAll(/%5b/gi, '[').replaceAll(/%5d/gi, ']').replaceAll(/%3a/gi, ':')
}
