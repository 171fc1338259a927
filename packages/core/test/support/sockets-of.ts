import { createHook } from 'node:async_hooks'

/** Runs a function and counts the sockets that the process makes meanwhile, open or not. */
export async function socketsOf(run: () => Promise<unknown>): Promise<number> {
  let sockets = 0
  const hook = createHook({
    init(_id, type) {
      if (type === 'TCPWRAP' || type === 'PIPEWRAP') sockets += 1
    },
  }).enable()
  try {
    await run()
  } finally {
    hook.disable()
  }
  return sockets
}
