import { types } from 'node:util'
import { URL } from 'node:url'
import { OptionError } from './errors/option-error.ts'

/** Whether a URL leads to a host. */
export type HostTest = (url: URL) => boolean

const expected =
  "a host such as 'api.example.com', '*.example.com' for every host below it, either with a port " +
  'behind it, or a regular expression'

/**
 * Reads a pattern for hosts. A string names one host, or with `*.` at its head every host below one;
 * `:port` behind it counts, where it is given. A regular expression is tried on `host` and on
 * `host:port`.
 *
 * @param option whose value it is, for messages
 * @throws OptionError for anything else, such as a URL
 */
export function hostTest(pattern: unknown, option: string): HostTest {
  // A pattern of a test's realm is no `instanceof RegExp` here.
  if (types.isRegExp(pattern)) return byRegExp(pattern)
  if (typeof pattern !== 'string') throw new OptionError(option, pattern, expected)
  const [, wildcard = '', host = '', port] =
    /^(\*\.)?(\[[\da-f:.]+\]|[\da-f]*:[\da-f]*:[\da-f:.]*|[^\s:/?#@*[\]]+)(?::(\d+))?$/i.exec(
      pattern,
    ) ?? []
  const address = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  if (host === '' || !URL.canParse(`http://${address}:${port ?? ''}`)) {
    throw new OptionError(option, pattern, expected)
  }
  // Lower case and punycode, as in the URLs that it is compared with.
  const { hostname } = new URL(`http://${address}`)
  return (url) => {
    const isHost =
      wildcard === '' ? url.hostname === hostname : url.hostname.endsWith(`.${hostname}`)
    return isHost && (port === undefined || portOf(url) === Number(port))
  }
}

function byRegExp({ source, flags }: RegExp): HostTest {
  // `g` and `y` would make it remember where it found something last.
  const test = new RegExp(source, flags.replaceAll(/[gy]/g, ''))
  return (url) => test.test(url.hostname) || test.test(`${url.hostname}:${portOf(url)}`)
}

/** The port that a URL leads to, said or not. */
export function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80)
}
