import { escapedValue } from './escaped-value.ts'
import { asPlaceholder, hasPlaceholder, placeholderFor, type Placeholder } from './placeholder.ts'

/** A value that was sent or handed out, and what comes in its place. */
interface KnownValue {
  readonly value: string
  readonly given: Placeholder
  /** What finds it: a text, or a pattern where there are several ways to write it. */
  readonly forms: readonly (string | RegExp)[]
}

/**
 * Gives secrets their placeholders. Different values of one slot (`query:api_key`) get different
 * ones, numbered in order of first appearance, so that requests which differ only in a secret stay
 * apart; the same order gives the same numbers on a machine with other secrets. A value that a
 * response handed out keeps its placeholder wherever a request sends it back, unless another value
 * of the slot has the same: then it takes the next of the slot. What a request sent first keeps its
 * own, though a response repeats it: only the requests are there again on replay.
 */
export class Placeholders {
  readonly #slots = new Map<string, Numbering>()
  readonly #sent = new Map<string, Placeholder>()
  readonly #handedOut: Numbering
  #known: readonly KnownValue[] = []
  /** How many values there were when `known` was asked last. */
  #seen = 0

  /**
   * @param handedOut the values that responses gave, of all tests of a cassette: a login before all
   * tests counts in each of them
   */
  constructor(handedOut: Numbering = new Numbering()) {
    this.#handedOut = handedOut
  }

  /** @param slot where the value stands: its kind and its name */
  inRequest(slot: string, value: string): Placeholder {
    const known = this.#slot(slot)
    const old = known.of(value)
    if (old !== undefined) return old
    const wanted = asPlaceholder(value) ?? this.#handedOut.of(value)
    const isFree = wanted !== undefined && !known.isTaken(wanted)
    const given = known.give(value, isFree ? wanted : known.next())
    this.#handedOut.take(given)
    if (!this.#sent.has(value)) this.#sent.set(value, given)
    return given
  }

  inResponse(value: string): Placeholder {
    return (
      asPlaceholder(value) ??
      this.#handedOut.of(value) ??
      this.#sent.get(value) ??
      this.#handedOut.give(value, this.#handedOut.next())
    )
  }

  /**
   * What was sent or handed out until now and is long and mixed enough not to stand in a text for
   * another reason: servers repeat what they were sent, in errors above all, and applications put
   * into a path what they were given in a body.
   */
  known(): readonly KnownValue[] {
    const count = this.#sent.size + this.#handedOut.size
    if (count !== this.#seen) {
      this.#seen = count
      const handedOut = [...this.#handedOut.entries()].filter(([value]) => !this.#sent.has(value))
      this.#known = [...this.#sent, ...handedOut].flatMap(([value, given]) =>
        isUnmistakable(value) ? [{ value, given, forms: formsOf(value) }] : [],
      )
    }
    return this.#known
  }

  #slot(slot: string): Numbering {
    const known = this.#slots.get(slot) ?? new Numbering()
    this.#slots.set(slot, known)
    return known
  }
}

/** Values with their placeholders, and the placeholders that no other value may get. */
export class Numbering {
  readonly #given = new Map<string, Placeholder>()
  readonly #taken = new Set<Placeholder>()
  #number = 1

  of(value: string): Placeholder | undefined {
    return this.#given.get(value)
  }

  get size(): number {
    return this.#given.size
  }

  entries(): Iterable<readonly [value: string, given: Placeholder]> {
    return this.#given
  }

  give(value: string, given: Placeholder): Placeholder {
    this.#given.set(value, given)
    this.take(given)
    return given
  }

  take(given: Placeholder): void {
    this.#taken.add(given)
  }

  isTaken(given: Placeholder): boolean {
    return this.#taken.has(given)
  }

  next(): Placeholder {
    while (this.#taken.has(placeholderFor(this.#number))) this.#number += 1
    return placeholderFor(this.#number)
  }
}

function isUnmistakable(value: string): boolean {
  return value.length >= 12 && /\d/.test(value) && /[a-z]/i.test(value) && !hasPlaceholder(value)
}

// Most tokens are written alike everywhere, and a text is found much faster than a pattern.
const alikeEverywhere = /^[\w.~-]*$/
const longestPattern = 4096

/** A value as it is, and as it was before it was percent-encoded: many put it into a cookie so. */
function formsOf(value: string): readonly (string | RegExp)[] {
  return [...new Set([value, decoded(value)])]
    .filter(isUnmistakable)
    .map((form) =>
      alikeEverywhere.test(form) || form.length > longestPattern ? form : escapedValue(form),
    )
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
