import type { Agent, ClientRequest } from 'node:http'

/** A request that an agent is asked to find a socket for. */
export interface AddedRequest {
  readonly agent: Agent
  readonly request: ClientRequest
  /** What the request is made with; the agent's own come on top of it. */
  readonly options: unknown
  /** Has the agent find a socket. */
  readonly add: () => void
}

/** @returns whether it takes care of the request, which it may add later */
export type Holder = (added: AddedRequest) => boolean

type AddRequest = (this: Agent, request: ClientRequest, ...rest: unknown[]) => void

const name = 'addRequest'
// Under this symbol what is in the place of Node's tells every copy of Cassette what was there.
const key = Symbol.for('@cassette/core/add-request@1')

let next: AddRequest = () => {}
let isPlaced = false
let isNodes = false
let hold: Holder | undefined
let onFirst: (() => void) | undefined

// One for all insertions; it stays below whatever is put on top of it.
const ours: AddRequest = function addRequest(request, ...rest) {
  const first = onFirst
  onFirst = undefined
  first?.()
  const add = (): void => Reflect.apply(next, this, [request, ...rest])
  const isHeld = hold?.({ agent: this, request, options: rest[0], add }) ?? false
  if (!isHeld) add()
}

/** Puts Cassette's `addRequest` in the place of Node's, to which it goes on until somebody holds it. */
export function placeAddRequest(): void {
  const found = present()
  // Whatever was put on top of it goes on to it.
  if (isPlaced && found !== next) return
  isPlaced = true
  next = Reflect.get(found, key) ?? found
  isNodes = Function.prototype.toString.call(next).includes('[kRequestOptions]')
  Reflect.set(agents(), name, Object.assign(ours, { [key]: next }))
}

/** Calls back before the next request is added. */
export function beforeNextRequest(listener: () => void): void {
  onFirst = listener
}

/** Has requests held, or goes on to Node again. */
export function holdBy(holder: Holder | undefined): void {
  hold = holder
}

/** Puts Node's `addRequest` back, where Cassette's still is. */
export function removeAddRequest(): void {
  if (present() !== ours) return
  Reflect.set(agents(), name, next)
  isPlaced = false
}

export function isAddRequestPlaced(): boolean {
  return isPlaced
}

/** Whether Node's own comes next; anybody else wants to hear of each request. */
export function isNodesNext(): boolean {
  return isNodes
}

function present(): AddRequest {
  return Reflect.get(agents(), name)
}

// A test file that makes no request need not load it.
function agents(): object {
  return process.getBuiltinModule('node:http').Agent.prototype
}
