import { inspect } from 'node:util'
import { HookError } from '../model/errors/hook-error.ts'
import { hostTest, type HostTest } from '../model/host-pattern.ts'
import type { RequestHead } from '../model/interceptor.ts'
import { isLocalhost } from '../model/localhost.ts'
import { requestUrl } from '../model/request-url.ts'

/** Which requests are no business of the cassette. */
export interface IgnoreOptions {
  /**
   * Hosts whose requests pass through, unrecorded: `'api.example.com'`, `'*.example.com'` for every
   * host below it, either with `:port` behind it, or a regular expression for `host` or `host:port`.
   *
   * @default []
   */
  readonly ignoreHosts?: readonly (string | RegExp)[] | undefined
  /**
   * Whether requests to this machine pass through, unrecorded: 127.0.0.0/8, ::1, 0.0.0.0, localhost
   * and what ends in `.localhost`.
   *
   * @default false
   */
  readonly ignoreLocalhost?: boolean | undefined
  /**
   * Says of a request, by its method, URL and headers as they are sent, whether it passes through,
   * unrecorded. Synchronous; its body is not read yet.
   *
   * @default no request
   */
  readonly ignore?: ((request: RequestHead) => boolean) | undefined
}

/** Why a request passes through, to complete "passed through: …"; `undefined` for one that does not. */
export type Ignores = (request: RequestHead) => string | undefined

/**
 * Reads what is to be ignored.
 *
 * @param describe tells a request in messages, without its secrets
 * @throws OptionError for what is no host
 */
export function ignoredRequests(
  options: IgnoreOptions,
  describe: (request: RequestHead) => string,
): Ignores {
  const { ignoreHosts = [], ignoreLocalhost = false, ignore } = options
  const hosts = ignoreHosts.map((pattern): [HostTest, string] => [
    hostTest(pattern, 'ignoreHosts'),
    `ignoreHosts has ${String(pattern)}`,
  ])
  return (request) => {
    if (hosts.length > 0 || ignoreLocalhost) {
      const url = requestUrl(request)
      if (ignoreLocalhost && isLocalhost(url.hostname)) return 'ignoreLocalhost is true'
      const [, because] = hosts.find(([isHost]) => isHost(url)) ?? []
      if (because !== undefined) return because
    }
    if (ignore === undefined) return undefined
    const fail = (problem: string, remedy: string, errorOptions?: ErrorOptions) =>
      new HookError('ignore', describe(request), problem, remedy, errorOptions)
    return asks(ignore, request, fail) ? 'ignore returned true' : undefined
  }
}

function asks(
  ignore: (request: RequestHead) => unknown,
  { method, url, headers }: RequestHead,
  fail: (problem: string, remedy: string, options?: ErrorOptions) => HookError,
): boolean {
  let answer: unknown
  try {
    answer = ignore({ method, url, headers: headers.map(([name, value]) => [name, value]) })
  } catch (cause) {
    const problem = `it threw: ${cause instanceof Error ? cause.message : String(cause)}`
    throw fail(problem, 'Mend the hook.', { cause })
  }
  // A promise would count as true, and every request would pass.
  if (typeof answer === 'boolean') return answer
  throw fail(`it returned ${inspect(answer, { depth: 0 })}`, 'Return true or false.')
}
