import { deliver } from './clients/channel.ts'
import { atFirstUse } from './first-use.ts'

// Under this symbol every copy of Cassette in the process meets.
const key = Symbol.for('@cassette/core/trap@1')

let isHttp2Taken = false

/** Whether somebody may have taken `connect` of `node:http2` between the trap and its springing. */
export function mayHoldHttp2(): boolean {
  return isHttp2Taken
}

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
  const use = atFirstUse(
    () => {
      isHttp2Taken = isLoaded('http2')
      trap.owner.takeOver()
      Reflect.deleteProperty(process, key)
    },
    // A channel gives a running message only to those who listened when it began.
    (channel, message) => trap.owner.deliver(channel, message),
  )
  const trap: Trap = { spring: use.takeOver, owner }
  Reflect.set(process, key, trap)
}

function isLoaded(builtIn: string): boolean {
  const loaded: unknown = Reflect.get(process, 'moduleLoadList')
  return Array.isArray(loaded) && loaded.includes(`NativeModule ${builtIn}`)
}
