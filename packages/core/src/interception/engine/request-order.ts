import type { EngineController } from './nock-engine.ts'

/**
 * Lets everyone else on the engine answer first, and nobody else refuse or let go. A response of a
 * user's stub passes; nock's "no match", its disabled net connect and the engine's passthrough of
 * what nobody answered all lead to `decide`, once. Works only for the first listener of a request.
 *
 * @param giveUp called where somebody else has answered
 */
export function decideLast(
  controller: EngineController,
  decide: () => Promise<void>,
  giveUp: () => void,
): void {
  const respondWith = controller.respondWith.bind(controller)
  const errorWith = controller.errorWith.bind(controller)
  const passthrough = controller.passthrough.bind(controller)
  let refusal: Promise<boolean> | undefined
  let decision: Promise<void> | undefined

  const decideOnce = (): Promise<void> => {
    // From here on the controller is ours.
    Object.assign(controller, { respondWith, errorWith, passthrough })
    decision ??= decide()
    return decision
  }
  const letRespond = (response: Response): void => {
    giveUp()
    respondWith(response)
  }
  controller.respondWith = (response) => {
    if (!mayBeRefusal(response)) return letRespond(response)
    refusal = isRefusal(response)
    void refusal.then((refused) => refused || letRespond(response))
  }
  controller.errorWith = (error) => {
    if (isNockRefusal(error)) {
      void decideOnce()
      return
    }
    giveUp()
    errorWith(error)
  }
  controller.passthrough = async () => {
    if (refusal !== undefined && !(await refusal)) return
    await decideOnce()
  }
}

/** nock answers 501 for a path that no stub of a stubbed host matches. */
function mayBeRefusal(response: Response): boolean {
  return response.status === 501 && response.headers.get('content-type') === 'application/json'
}

async function isRefusal(response: Response): Promise<boolean> {
  const text = await response.clone().text()
  return text.startsWith('{"code":"ERR_NOCK_NO_MATCH"')
}

/**
 * nock throws the first for an unmatched host after `disableNetConnect()`, and nock 14 the second
 * where nock 15 answers 501. An error of a sandbox is none of this realm: no `instanceof`.
 */
function isNockRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { name, code } = error as { name?: unknown; code?: unknown }
  return name === 'NetConnectNotAllowedError' || code === 'ERR_NOCK_NO_MATCH'
}
