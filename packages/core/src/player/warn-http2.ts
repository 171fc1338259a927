import { URL } from 'node:url'
import { warnOnce } from '../warn-once.ts'

/** Says, once for each server in a process, that what goes there is not recorded. */
export function warnHttp2(url: string): void {
  const { origin } = new URL(url)
  warnOnce(
    `${origin} is asked over HTTP/2, which is not recorded: it goes to the network in ` +
      'every run, and fails in mode none, as in CI. Let the client use HTTP/1.1, stub it, or name ' +
      'the host in ignoreHosts.',
  )
}
