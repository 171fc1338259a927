type Fetch = typeof globalThis.fetch

let nodes: Fetch = globalThis.fetch
let answered: Fetch | undefined
let onFirst: (() => void) | undefined

// One for all insertions: modules keep the `fetch` that they find when they are loaded.
const ours: Fetch = function fetch(input, ...[init]) {
  if (onFirst === undefined) return (answered ?? nodes)(input, init)
  return afterFirst(onFirst, input, init)
}

/** What fails before the first call is that call's failure. */
async function afterFirst(first: () => void, ...args: Parameters<Fetch>): Promise<Response> {
  onFirst = undefined
  first()
  return (answered ?? nodes)(...args)
}

/** Node's `fetch`, whatever stands in its place. */
export const callNode: Fetch = (input, init) => nodes(input, init)

/**
 * Puts Cassette's `fetch` in the place of Node's, to which it goes on until somebody answers it.
 *
 * @returns whether it is there: that of somebody else stays, which makes its own response or asks
 * whom it wants
 */
export function placeFetch(): boolean {
  if (isFetchPlaced()) return true
  if (!isNodes(globalThis.fetch)) return false
  nodes = globalThis.fetch
  globalThis.fetch = ours
  return true
}

/** Calls back before the next call. */
export function beforeNextFetch(listener: () => void): void {
  onFirst = listener
}

/** Has calls answered, or goes on to Node again. */
export function answerFetchBy(answer: Fetch | undefined): void {
  answered = answer
}

/** Puts Node's `fetch` back, where Cassette's still is. */
export function removeFetch(): void {
  if (isFetchPlaced()) globalThis.fetch = nodes
}

export function isFetchPlaced(): boolean {
  return globalThis.fetch === ours
}

function isNodes(fetch: Fetch): boolean {
  return Function.prototype.toString.call(fetch).includes('internal/deps/undici/undici')
}
