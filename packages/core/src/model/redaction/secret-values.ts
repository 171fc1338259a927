import { escapedValue } from './escaped-value.ts'
import { placeholderFor, type Placeholder } from './placeholder.ts'

/** Names of variables of a user, with `*` for any text: more than the built-in ones, or in their place. */
export type VariableList = readonly string[] | { readonly only: readonly string[] }

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Which variables hold secrets, whatever the case of their names. */
export const secretVariables: readonly string[] = [
  '*TOKEN',
  '*_KEY',
  '*APIKEY',
  '*SECRET*',
  '*PASSWORD*',
  '*PASSWD*',
  '*PASSPHRASE*',
  '*CREDENTIALS',
  '*_PAT',
]

/** A secret that is known by itself, and what comes in its place. */
export interface SecretValue {
  readonly value: string
  readonly given: Placeholder
  /** Finds it in a text. */
  readonly pattern: RegExp
  /** What it looks like in base64. */
  readonly base64: readonly string[]
}

/** The shortest value that is looked for, in characters. */
export const shortestValue = 8
const shortestOddValue = 16

/**
 * The values that are hidden wherever they stand. A placeholder is named after its variable, or
 * numbered by its place in the list, so that it is the same whatever the value is.
 */
export class SecretValues {
  readonly #isSecretVariable: (name: string) => boolean
  readonly #values: readonly SecretValue[]
  readonly #environment: () => Environment
  readonly #known = new Map<string, SecretValue>()
  #names: readonly (string | symbol)[] = []
  #secretNames: readonly string[] = []
  #contents: readonly (string | undefined)[] = []
  #inForce: readonly SecretValue[] | undefined

  /** @param environment asked at each message: tests load their `.env` late */
  constructor(values: readonly string[], variables: VariableList, environment: () => Environment) {
    const isOnly = 'only' in variables
    const names = isOnly ? variables.only : [...secretVariables, ...variables]
    const test = variableTest(names)
    const known = new Map<string, boolean>()
    this.#isSecretVariable = (name) => {
      const isSecret = known.get(name) ?? test.test(name)
      known.set(name, isSecret)
      return isSecret
    }
    this.#values = values.flatMap((value, at) =>
      isUsable(value) ? [secretValue(value, placeholderFor(`value${at + 1}`))] : [],
    )
    this.#environment = environment
  }

  /**
   * Looks for variables that have come or gone. Their contents are read anew by `inForce` each time.
   *
   * @returns whether the secret ones are others now
   */
  refresh(): boolean {
    // Not `Object.keys`, which asks the system once more for each variable.
    const names = Reflect.ownKeys(this.#environment())
    if (areEqual(names, this.#names)) return false
    this.#names = names
    const secretNames = names
      .filter((name) => typeof name === 'string')
      .filter(this.#isSecretVariable)
      .toSorted(byName)
    if (areEqual(secretNames, this.#secretNames)) return false
    this.#secretNames = secretNames
    return true
  }

  /** The longest first, since one may be a part of another. */
  inForce(): readonly SecretValue[] {
    const environment = this.#environment()
    const contents = this.#secretNames.map((name) => environment[name])
    if (this.#inForce !== undefined && areEqual(contents, this.#contents)) return this.#inForce
    this.#contents = contents
    this.#inForce = this.#inForceOf(environment)
    return this.#inForce
  }

  #inForceOf(environment: Environment): readonly SecretValue[] {
    const found = new Map<string, SecretValue>()
    for (const known of this.#values) found.set(known.value, known)
    // Of two variables with the same value the first by name counts, wherever it is set.
    for (const name of this.#secretNames) {
      const value = environment[name] ?? ''
      if (isUsable(value) && !found.has(value)) found.set(value, this.#ofVariable(name, value))
    }
    return [...found.values()].toSorted((one, other) => other.value.length - one.value.length)
  }

  #ofVariable(name: string, value: string): SecretValue {
    const known = this.#known.get(name)
    if (known?.value === value) return known
    const given = placeholderFor(name.toUpperCase().replaceAll(/\W/g, '_'))
    const fresh = secretValue(value, given)
    this.#known.set(name, fresh)
    return fresh
  }
}

function secretValue(value: string, given: Placeholder): SecretValue {
  return { value, given, pattern: escapedValue(value), base64: base64Of(value) }
}

const commonWord =
  /^(?:abcd?|abcdefg?h?|admin|api\W?key|changeme|default|demo|development|dummy|example|fake|foobar|letmein|localhost|passw[o0]rd|production|qwerty|sample|secret|staging|test(?:ing)?|token|user(?:name)?|version|welcome)[\W_]?v?[\d.]{1,6}\W?$/i

/**
 * Whether a value can be looked for in any text: not a short one, not a word such as `production`,
 * and no placeholder.
 */
function isUsable(value: string): boolean {
  if (value.length < shortestValue || value.includes('[REDACTED')) return false
  const isOdd = /\d/.test(value) && /[^\d.]/.test(value) && !commonWord.test(value)
  return isOdd || (value.length >= shortestOddValue && new Set(value).size > 3)
}

/** Base64 and base64url at any alignment. */
function base64Of(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  const forms = [0, 1, 2].flatMap((offset) => [
    inBase64(bytes, offset, 'base64'),
    inBase64(bytes, offset, 'base64url'),
  ])
  return [...new Set(forms)].toSorted((one, other) => other.length - one.length)
}

/** The characters of base64 that depend on the value alone when it begins at an offset modulo 3. */
function inBase64(bytes: Buffer, offset: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString(encoding)
    .replace(/=+$/, '')
  const start = [0, 2, 3][offset] ?? 0
  const isWhole = (offset + bytes.length) % 3 === 0
  return text.slice(start, isWhole ? undefined : -1)
}

function variableTest(names: readonly string[]): RegExp {
  const sources = names.map((name) =>
    name
      .split('*')
      .map((part) => part.replaceAll(/\W/g, String.raw`\$&`))
      .join('.*'),
  )
  // Without a name it matches nothing, since no variable has an empty one.
  return new RegExp(`^(?:${sources.join('|')})$`, 'i')
}

function areEqual(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at])
}

function byName(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
