import { deliver } from './clients/channel.ts'
import { beforeNextFetch, placeFetch } from './fetch/own-fetch.ts'
import { beforeNextRequest, placeAddRequest } from './http/own-add-request.ts'
import { whenHttpLoads } from './http/when-http-loads.ts'
import { atFirstUse } from './first-use.ts'

// Under this symbol every copy of Cassette in the process meets.
const key = Symbol.for('@cassette/core/trap@1')

/** The trap of a process. */
interface Trap {
  spring(): void
  /** Of the copy of Cassette that set it last. */
  owner: { takeOver(): void; deliver(channel: string, message: unknown): void }
}

/** Springs the trap of this process, where one is set. */
export function springTrap(): void {
  presentTrap()?.spring()
}

function presentTrap(): Trap | undefined {
  return Reflect.get(process, key)
}

/**
 * Lets a test runner take over the network at its first use.
 *
 * @param takeOver as of `atFirstUse`
 */
export function setTrap(takeOver: () => void): void {
  const present = presentTrap()
  if (present === undefined) layTrap({ takeOver, deliver })
  else present.owner = { takeOver, deliver }
}

function layTrap(owner: Trap['owner']): void {
  // Modules and sandboxes keep what they find when they are loaded, before the first use.
  placeFetch()
  whenHttpLoads(placeAddRequest)
  const use = atFirstUse(
    () => {
      trap.owner.takeOver()
      Reflect.deleteProperty(process, key)
    },
    // A channel gives a running message only to those who listened when it began.
    { onMessage: (channel, message) => trap.owner.deliver(channel, message) },
  )
  // Their connection is too late for requests that may be answered without one.
  beforeNextRequest(() => use.takeOver())
  beforeNextFetch(() => use.takeOver())
  const trap: Trap = { spring: () => use.takeOver(), owner }
  Reflect.set(process, key, trap)
}
