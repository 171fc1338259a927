import type { Matcher } from '../matcher.ts'
import { requestUrl } from '../request-url.ts'

type UrlPart = 'scheme' | 'host' | 'port' | 'path'

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' }

function part(name: UrlPart, read: (url: URL) => string): readonly Matcher[] {
  return [{ name, key: (request) => read(requestUrl(request)) }]
}

const scheme = (url: URL): string => url.protocol.slice(0, -1)

/** One matcher for each part of the URL but the query; a default port counts as written. */
export const urlMatchers: Readonly<Record<UrlPart, readonly Matcher[]>> = {
  scheme: part('scheme', scheme),
  host: part('host', (url) => url.hostname),
  port: part('port', (url) => url.port || (defaultPorts[scheme(url)] ?? '')),
  path: part('path', (url) => url.pathname),
}
