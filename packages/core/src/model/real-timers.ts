// Taken when Cassette is loaded, which is before any test: a test may put fakes in their place, and
// neither how long Cassette waits nor when something was recorded has to do with its clock.
const RealDate = Date

export const nextTurn: typeof setImmediate = setImmediate
/** Resolves in the next turn of the event loop. */
export function untilNextTurn(): Promise<void> {
  return new Promise((resolve) => void nextTurn(resolve))
}

/**
 * Waits, a turn of the event loop after the other, until something is so.
 *
 * @param turns how many at most
 * @returns whether it is so
 */
export async function untilSo(isSo: () => boolean, turns: number): Promise<boolean> {
  for (let turn = 0; turn < turns && !isSo(); turn += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one turn after the other
    await untilNextTurn()
  }
  return isSo()
}

/** Calls back before anything else of the event loop, promises included. */
export const soon: (callback: () => void) => void = process.nextTick.bind(process)

const afterCallbacks: (callback: () => void) => void = queueMicrotask

/** Calls back once promises have had their turn: who awaits something that is there is told before. */
export function afterPromises(callback: () => void): void {
  afterCallbacks(() => soon(callback))
}

export const startTimer: typeof setTimeout = setTimeout
export const stopTimer: typeof clearTimeout = clearTimeout

/**
 * Waits for something, so many milliseconds at most.
 *
 * @returns whether it came
 */
export async function within(task: Promise<unknown>, most: number): Promise<boolean> {
  const { promise: isLate, resolve } = Promise.withResolvers<false>()
  const timer = startTimer(() => resolve(false), most)
  try {
    return await Promise.race([task.then(() => true), isLate])
  } finally {
    stopTimer(timer)
  }
}

/** The time that it really is, in milliseconds since 1970. */
export const realNow: () => number = Date.now

/** Milliseconds on a clock that only goes on, to measure by. */
export const realElapsed: () => number = performance.now.bind(performance)

/** A time as an object of this realm's own `Date`. */
export function realDate(time: number | string): Date {
  return new RealDate(time)
}
