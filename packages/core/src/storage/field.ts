import { CassetteDecodeError } from '../model/errors/cassette-decode-error.ts'

/** What a string must look like. */
export interface TextRule {
  readonly pattern: RegExp
  /** Completes "must be …". */
  readonly expected: string
}

/** A value in a decoded file and its place there, so that whatever is wrong with it can be told. */
export class Field {
  readonly value: unknown
  readonly #file: string
  readonly #at: string

  /** @param at the JSON path of the value; empty for the whole document */
  constructor(file: string, at: string, value: unknown) {
    this.#file = file
    this.#at = at
    this.value = value
  }

  /** @throws CassetteDecodeError, always */
  fail(problem: string): never {
    throw new CassetteDecodeError(this.#file, `\`${shortened(this.#at)}\` ${problem}`)
  }

  /** Makes sure of an object that has no field but these. */
  object(known: readonly string[]): this {
    const { value } = this
    if (!isObject(value)) this.fail('must be an object')
    const unknown = Object.keys(value).find((key) => !known.includes(key))
    if (unknown === undefined) return this
    return this.#child(unknown).fail(`is not a field of the format, which has ${known.join(', ')}`)
  }

  required(key: string): Field {
    return this.optional(key) ?? this.#child(key).fail('is missing')
  }

  optional(key: string): Field | undefined {
    return isObject(this.value) && Object.hasOwn(this.value, key) ? this.#child(key) : undefined
  }

  /** Reads each item of a list. No more than one at a time: it may have millions. */
  items<Item>(read: (item: Field) => Item): Item[] {
    const { value } = this
    if (!Array.isArray(value)) this.fail('must be a list')
    return value.map((item, at) => read(new Field(this.#file, `${this.#at}[${at}]`, item)))
  }

  string(rule?: TextRule): string {
    const { value } = this
    if (typeof value !== 'string') this.fail('must be a string')
    if (rule !== undefined && !rule.pattern.test(value)) this.fail(`must be ${rule.expected}`)
    return value
  }

  integer(min: number, max: number): number {
    const { value } = this
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
      return value
    }
    return this.fail(
      `must be a whole number ${max === Infinity ? `from ${min}` : `${min} to ${max}`}`,
    )
  }

  #child(key: string): Field {
    const value = isObject(this.value) ? this.value[key] : undefined
    return new Field(this.#file, this.#at === '' ? key : `${this.#at}.${key}`, value)
  }
}

// A key in a file from somewhere may be as long as the file.
function shortened(place: string): string {
  return place.length > 200 ? `${place.slice(0, 100)}…${place.slice(-100)}` : place
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
