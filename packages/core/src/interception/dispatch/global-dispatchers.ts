import { types } from 'node:util'
import type { DispatchHandler } from './dispatch-handler.ts'
import type { DispatchOptions } from './dispatched-request.ts'

/** A dispatcher of undici, as far as it is used here. */
export interface Dispatcher {
  dispatch(options: DispatchOptions, handler: DispatchHandler): boolean
}

// undici keeps the dispatcher that everybody uses here; the second is that of its version 8, which
// leaves a wrapper for older ones in the first.
const latest = Symbol.for('undici.globalDispatcher.2')
const places = [Symbol.for('undici.globalDispatcher.1'), latest]

/** Undici's global dispatchers, while somebody is before them. */
export interface TakenDispatchers {
  /** Whether all that there are still lead to who took them, and take requests. */
  areInPlace(): boolean
  /** Gives them back. */
  release(): void
}

/** Whether undici would not take requests any more. */
export function isClosed(dispatcher: Dispatcher): boolean {
  return (
    ('closed' in dispatcher && dispatcher.closed === true) ||
    ('destroyed' in dispatcher && dispatcher.destroyed === true)
  )
}

/**
 * Puts itself before undici's global dispatchers, where they are those that undici makes itself. One
 * that somebody has set is left alone, and whoever sets one later has it.
 *
 * @param dispatchTo makes the `dispatch` that comes before a dispatcher's own
 */
export function takeOverDispatchers(
  dispatchTo: (original: Dispatcher) => Dispatcher['dispatch'],
): TakenDispatchers {
  // Node makes its dispatcher when one of its web classes is first read.
  Reflect.get(globalThis, 'Headers')
  const originals = new Map<unknown, Dispatcher>()
  const taken = places.flatMap((place) => {
    const original: unknown = Reflect.get(globalThis, place)
    if (!isDispatcher(original) || !isUndicisOwn(original)) return []
    const ours = before(original, dispatchTo(original))
    originals.set(ours, original)
    return { place, ours }
  })
  for (const { place, ours } of taken) Reflect.set(globalThis, place, ours)
  const originalIn = (place: symbol) => originals.get(Reflect.get(globalThis, place))
  return {
    areInPlace: () =>
      places.every((place) => {
        const original = originalIn(place)
        if (original === undefined) return Reflect.get(globalThis, place) === undefined
        return !isClosed(original)
      }),
    release() {
      for (const place of places) {
        const original = originalIn(place)
        if (original !== undefined) Reflect.set(globalThis, place, original)
      }
    },
  }
}

function before(original: Dispatcher, dispatch: Dispatcher['dispatch']): Dispatcher {
  return new Proxy(original, {
    get(target, key) {
      if (key === 'dispatch') return dispatch
      const value: unknown = Reflect.get(target, key)
      // They read private fields of `this`.
      const isMethod = typeof value === 'function' && key !== 'constructor'
      return isMethod ? value.bind(target) : value
    },
  })
}

function isUndicisOwn(dispatcher: Dispatcher): boolean {
  if (dispatcher.constructor.name !== 'Dispatcher1Wrapper') return isDefaultAgent(dispatcher)
  const wrapped: unknown = Reflect.get(globalThis, latest)
  return isDispatcher(wrapped) && isDefaultAgent(wrapped)
}

/** Whether it is an Agent as undici makes it when nobody has said anything. */
function isDefaultAgent(dispatcher: Dispatcher): boolean {
  // What undici composes of a dispatcher and interceptors is a proxy.
  if (types.isProxy(dispatcher) || dispatcher.constructor.name !== 'Agent') return false
  if (Object.hasOwn(dispatcher, 'dispatch')) return false
  const factory = ownSymbol(dispatcher, 'factory')
  const options = ownSymbol(dispatcher, 'options')
  const isDefaultFactory = typeof factory === 'function' && factory.name === 'defaultFactory'
  if (!isDefaultFactory || typeof options !== 'object' || options === null) return false
  return Object.values(options).every((value) => value === undefined || value === Infinity)
}

function ownSymbol(owner: object, description: string): unknown {
  const symbol = Object.getOwnPropertySymbols(owner).find((one) => one.description === description)
  return symbol && Reflect.get(owner, symbol)
}

function isDispatcher(value: unknown): value is Dispatcher {
  return typeof value === 'object' && value !== null && 'dispatch' in value
}
