import { OptionError } from '../model/errors/option-error.ts'

/** How fast a recorded stream is replayed. */
export type Timing = 'instant' | 'recorded' | number

/**
 * How many times as fast as it was recorded.
 *
 * @throws OptionError for what is no timing
 */
export function speedOf(timing: Timing): number {
  if (timing === 'instant') return Infinity
  if (timing === 'recorded') return 1
  // A variable of the environment says it in digits.
  const factor: unknown = timing
  const isNumber = typeof factor === 'number' || typeof factor === 'string'
  if (isNumber && Number(factor) > 0) return Number(factor)
  throw new OptionError('timing', timing, "'instant', 'recorded' or a number above 0")
}
