/** How the engine marks, for all of its copies in a realm, a connection that it leaves alone. */
interface InternalConnection {
  run<T>(callback: () => T): T
  /** Takes the mark of the code that runs, and tells whether there was one. */
  consume(): boolean
}

/** Connects past the engine. */
export function pastEngine<T>(connect: () => T): T {
  const internal = internalConnection()
  return internal === undefined ? connect() : internal.run(connect)
}

/** Has the engine see the next connection of the code that runs, whoever wants to lead it past. */
export function notPastEngine(): void {
  internalConnection()?.consume()
}

function internalConnection(): InternalConnection | undefined {
  return Reflect.get(globalThis, '__MSW_INTERNAL_CONNECTION_CONTEXT')
}
