import { OptionError } from '../model/errors/option-error.ts'

const second = 1000
const hour = 3600 * second
const day = 24 * hour
const units: ReadonlyMap<string, number> = new Map([
  ['s', second],
  ['m', 60 * second],
  ['h', hour],
  ['d', day],
  ['w', 7 * day],
  ['y', 365 * day],
])

/**
 * Reads a duration: a whole number and `s`, `m` (minutes), `h`, `d`, `w` or `y`.
 *
 * @param option whose value it is, for messages
 * @returns milliseconds
 * @throws OptionError for anything else, and for nothing
 */
export function parseDuration(text: string, option: string): number {
  const [, count = '', unit = ''] = /^(\d{1,9}) ?([a-z])$/.exec(text) ?? []
  const duration = Number(count) * (units.get(unit) ?? 0)
  if (duration > 0) return duration
  throw new OptionError(option, text, "a duration such as '12h', '30d', '8w' or '1y'")
}

/** A duration in its largest unit, for messages. */
export function formatDuration(milliseconds: number): string {
  const days = Math.floor(milliseconds / day)
  const hours = Math.floor(milliseconds / hour)
  const [count, unit] =
    days > 0
      ? [days, 'day']
      : hours > 0
        ? [hours, 'hour']
        : [Math.floor(milliseconds / second), 'second']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
