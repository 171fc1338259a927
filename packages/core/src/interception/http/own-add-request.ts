import { Agent, type ClientRequest } from 'node:http'

/** A request that an agent is asked to find a socket for. */
export interface AddedRequest {
  readonly agent: Agent
  readonly request: ClientRequest
  /** What the request is made with; the agent's own come on top of them. */
  readonly options: unknown
  /** Has the agent find the socket. */
  add(): void
}

/** @returns whether it takes care of the request, which it may have added later */
export type Holder = (added: AddedRequest) => boolean

type AddRequest = (this: Agent, request: ClientRequest, ...rest: unknown[]) => void

const name = 'addRequest'
let nodes = addRequestOf(Agent.prototype)
let hold: Holder | undefined

// One for all insertions; it stays below whatever is put on top of it.
const ours: AddRequest = function addRequest(request, ...rest) {
  const add = () => void Reflect.apply(nodes, this, [request, ...rest])
  const isHeld = hold?.({ agent: this, request, options: rest[0], add }) ?? false
  if (!isHeld) add()
}

/** Puts Cassette's `addRequest` in the place of Node's, to which it goes on until somebody holds it. */
export function placeAddRequest(): void {
  if (addRequestOf(Agent.prototype) === ours) return
  nodes = addRequestOf(Agent.prototype)
  Reflect.set(Agent.prototype, name, ours)
}

/** Has requests held, or goes on to Node again. */
export function holdBy(holder: Holder | undefined): void {
  hold = holder
}

/** Puts Node's `addRequest` back, where Cassette's still is. */
export function removeAddRequest(): void {
  if (addRequestOf(Agent.prototype) === ours) Reflect.set(Agent.prototype, name, nodes)
}

/** Whether Node's own comes next: anybody else wants to hear of each request. */
export function isNodesNext(): boolean {
  return Function.prototype.toString.call(nodes).includes('[kRequestOptions]')
}

function addRequestOf(agent: Agent): AddRequest {
  return Reflect.get(agent, name)
}
