import { UnhandledRequestError } from '../model/errors/unhandled-request-error.ts'
import type { Claim, RequestHead } from '../model/interceptor.ts'
import { redactedUrl } from '../player/describe-request.ts'
import type { Player } from '../player/player.ts'
import { warnOnce } from '../warn-once.ts'

/**
 * What becomes of a request that code of a test file makes when the file has ended and its cassette
 * is saved: in mode `none` it is refused, in any other it goes to the network, unrecorded, with a
 * warning once for each file.
 *
 * @param player the file's
 */
export function lateClaim(
  { recordMode, path, options }: Player,
  testFile: string,
): Claim | undefined {
  if (recordMode === 'none') {
    const refuse = (head: RequestHead): UnhandledRequestError => {
      const { method } = head
      const url = redactedUrl(head, options.redaction)
      const message =
        `No cassette for ${method} ${url}: ${testFile} had ended when its code made the request. ` +
        'Await it before the test ends, or stop what makes it in an after hook.'
      return new UnhandledRequestError({ method, url, path, reason: 'no player', message })
    }
    return {
      drop() {},
      refuse,
      async answer(exchange) {
        exchange.fail(refuse(exchange))
      },
    }
  }
  warnOnce(
    `Code of ${testFile} makes requests after the file has ended; they are not ` +
      'recorded. Await them before the test ends, or stop what makes them in an after hook.',
  )
  return undefined
}
