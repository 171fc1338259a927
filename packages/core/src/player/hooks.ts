import { isDeepStrictEqual } from 'node:util'
import { CassetteDecodeError } from '../model/errors/cassette-decode-error.ts'
import { HookError } from '../model/errors/hook-error.ts'
import type { Interaction } from '../model/interaction.ts'
import { interactionDocument } from '../storage/cassette-document.ts'
import { decodeInteraction } from '../storage/decode-interaction.ts'
import { Field } from '../storage/field.ts'

/**
 * Looks at a redacted copy of an interaction, which it may change, and returns what counts instead, or
 * `null` to leave the interaction out.
 */
export type InteractionHook = (
  interaction: Interaction,
) => Interaction | null | Promise<Interaction | null>

/** What a user may do to interactions on their way. Both may be asynchronous; none sees live traffic. */
export interface HookOptions {
  /**
   * Called with a redacted copy of what was recorded, before it is stored. What it returns is stored,
   * under the name of the request as it was made; `null` stores nothing.
   *
   * @default stores everything as it is
   */
  readonly beforeRecord?: InteractionHook | undefined
  /**
   * Called with a copy of the stored interaction that is about to answer. What it returns answers;
   * with `null` the request goes on as if nothing were stored.
   *
   * @default plays everything as it is
   */
  readonly beforePlayback?: InteractionHook | undefined
}

// Fields that place an interaction in its cassette: a request looks for it there.
const fixed = ['name', 'matchOn', 'test', 'index'] as const

/**
 * Asks a hook.
 *
 * @param name the option that it was given as
 * @returns `undefined` where it leaves the interaction out; the very interaction where it is as it was
 * @throws HookError where it throws or returns what cannot be stored
 */
export async function askHook(
  name: keyof HookOptions,
  hook: InteractionHook | undefined,
  interaction: Interaction,
): Promise<Interaction | undefined> {
  if (hook === undefined) return interaction
  const fail = (problem: string, remedy: string, options?: ErrorOptions) =>
    new HookError(name, titleOf(interaction), problem, remedy, options)
  let given: unknown
  try {
    given = await hook(structuredClone(interaction))
  } catch (cause) {
    throw fail(`it threw: ${messageOf(cause)}`, 'Mend the hook.', { cause })
  }
  if (given === null) return undefined
  const remedy = 'Return the interaction, changed or not, or null to leave it out.'
  // A copy once more: the hook may keep what it returned, and change it later.
  const returned = decoded(name, interaction, remedy, () => structuredClone(given))
  const changed = fixed.find((field) => returned[field] !== interaction[field])
  if (changed !== undefined) {
    const problem = `it changed \`${changed}\`, which places the interaction in its cassette`
    throw fail(problem, 'Change `request` and `response` alone.')
  }
  return isDeepStrictEqual(returned, interaction) ? interaction : returned
}

/**
 * Makes sure that an interaction can be stored after the function `redact` of a user had it.
 *
 * @throws HookError
 */
export function checkRedacted(interaction: Interaction): void {
  const remedy = 'Return what it was given, with more hidden.'
  decoded('redact', interaction, remedy, () => interactionDocument(interaction), ['cassette'])
}

/** What a function returned, as it will be read again; `of` tells which request it is about. */
function decoded(
  name: keyof HookOptions | 'redact',
  of: Interaction,
  remedy: string,
  document: () => unknown,
  alsoAllowed?: readonly string[],
): Interaction {
  try {
    return decodeInteraction(new Field(name, 'interaction', document()), alsoAllowed)
  } catch (cause) {
    const told = cause instanceof CassetteDecodeError ? cause.problem : messageOf(cause)
    const problem = `what it returned cannot be stored: ${told}`
    throw new HookError(name, titleOf(of), problem, remedy, { cause })
  }
}

function titleOf({ request: { method, url } }: Interaction): string {
  return `${method} ${url}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
