const placeholder = /\[REDACTED(?::\d+)?\]/
const onlyPlaceholder = /^\[REDACTED(?::\d+)?\]$/

/** Whether a text bears what redaction put in the place of a secret, percent-encoded or not. */
export function hasPlaceholder(text: string): boolean {
  return placeholder.test(plain(text))
}

/** All of them in a text, as redaction wrote them. */
export function placeholdersIn(text: string): readonly string[] {
  return plain(text).match(new RegExp(placeholder, 'g')) ?? []
}

/**
 * Gives secrets their placeholders. Different values of one slot (`query:api_key`) get different
 * ones, numbered in order of first appearance, so that requests which differ only in a secret stay
 * apart; the same order gives the same numbers on a machine with other secrets. A value that a
 * response handed out keeps its placeholder wherever a request sends it back. What a request sent
 * first keeps its own, though a response repeats it: only the requests are there again on replay.
 */
export class Placeholders {
  readonly #slots = new Map<string, Numbering>()
  readonly #sent = new Map<string, string>()
  readonly #handedOut: Numbering

  /**
   * @param handedOut the values that responses gave, of all tests of a cassette: a login before all
   * tests counts in each of them
   */
  constructor(handedOut: Numbering = new Numbering()) {
    this.#handedOut = handedOut
  }

  /** @param slot where the value stands: its kind and its name */
  inRequest(slot: string, value: string): string {
    const known = this.#slot(slot)
    const given =
      known.of(value) ??
      known.give(value, asPlaceholder(value) ?? this.#handedOut.of(value) ?? known.next())
    this.#handedOut.take(given)
    if (!this.#sent.has(value)) this.#sent.set(value, given)
    return given
  }

  inResponse(value: string): string {
    return (
      asPlaceholder(value) ??
      this.#handedOut.of(value) ??
      this.#sent.get(value) ??
      this.#handedOut.give(value, this.#handedOut.next())
    )
  }

  /**
   * A text with every secret that a request sent in the place of its placeholder: servers repeat
   * what they were sent, in errors above all.
   */
  inEcho(text: string): string {
    let hidden = text
    for (const [value, given] of this.#sent) {
      if (!isUnmistakable(value)) continue
      hidden = hidden.replaceAll(value, given).replaceAll(encodeURIComponent(value), given)
    }
    return hidden
  }

  #slot(slot: string): Numbering {
    const known = this.#slots.get(slot) ?? new Numbering()
    this.#slots.set(slot, known)
    return known
  }
}

/** Values with their placeholders, and the placeholders that no other value may get. */
export class Numbering {
  readonly #given = new Map<string, string>()
  readonly #taken = new Set<string>()
  #number = 1

  of(value: string): string | undefined {
    return this.#given.get(value)
  }

  give(value: string, given: string): string {
    this.#given.set(value, given)
    this.take(given)
    return given
  }

  take(given: string): void {
    this.#taken.add(given)
  }

  next(): string {
    while (this.#taken.has(numbered(this.#number))) this.#number += 1
    return numbered(this.#number)
  }
}

// Long and mixed enough not to be a word that stands in a text for another reason.
function isUnmistakable(value: string): boolean {
  return value.length >= 12 && /\d/.test(value) && /[a-z]/i.test(value) && !hasPlaceholder(value)
}

function numbered(number: number): string {
  return number === 1 ? '[REDACTED]' : `[REDACTED:${number}]`
}

function asPlaceholder(value: string): string | undefined {
  const given = plain(value)
  return onlyPlaceholder.test(given) ? given : undefined
}

// As it looks after a client has percent-encoded it.
function plain(value: string): string {
  return value.replaceAll(/%5b/gi, '[').replaceAll(/%5d/gi, ']').replaceAll(/%3a/gi, ':')
}
