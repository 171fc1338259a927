import type { SecretPlace } from './secret-names.ts'

/** What the search for secrets asks, and what it gets for those that it finds. */
export interface Secrets {
  isSecret(place: SecretPlace, name: string): boolean
  /** The text that comes in the place of a value. */
  hide(place: SecretPlace, name: string, value: string): string
}
