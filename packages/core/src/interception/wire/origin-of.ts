import { URL } from 'node:url'
import { keepRequestUrl } from '../../model/request-url.ts'
import type { ConnectionOptions } from '../engine/nock-engine.ts'

/** Scheme, host and port that a client connects to; what goes over a Unix socket is for localhost. */
export function originOf(options: ConnectionOptions, isEncrypted: boolean): string {
  const { host = 'localhost', port = '' } = options
  const plain = options.protocol ?? (port === 443 ? 'https:' : 'http:')
  // Not `isIPv6`, whose pattern takes milliseconds to compile: no other host has a colon.
  // A URL has no place for the zone of an address (RFC 6874 has no followers).
  const name = host.includes(':') ? `[${host.split('%', 1)[0]}]` : host
  return new URL(`${isEncrypted ? 'https:' : plain}//${name}:${port}`).origin
}

/**
 * What a request for a target is for, over a connection to an origin. What is neither a path nor a
 * URL of HTTP, which clients send as it is too, counts as a path: no cassette has other URLs.
 */
export function urlOfTarget(target: string, origin: string): string {
  const whole = /^https?:/i.test(target) ? URL.parse(target, origin) : null
  return keepRequestUrl(whole ?? new URL(`${origin}${target.startsWith('/') ? '' : '/'}${target}`))
}
