// A test may put a fake in the place of the clock, and what is recorded, and how old it is, has
// nothing to do with the time that a test plays in.
const RealDate = Date

/** The time that it really is, in milliseconds since 1970. */
export const realNow: () => number = Date.now

/** A time as an object of this realm's own `Date`. */
export function realDate(time: number | string): Date {
  return new RealDate(time)
}
