const ipv4 = /^(?:127(?:\.\d{1,3}){3}|0\.0\.0\.0)$/
// As `URL` prints them; 7f is the 127 of an IPv4 address that is mapped into IPv6.
const ipv6 = /^\[(?:::1?|::ffff:(?:7f[\da-f]{2}:[\da-f]{1,4}|0:0))\]$/

/**
 * Whether a host is this machine, whatever resolvers say: 127.0.0.0/8, 0.0.0.0, ::1, ::, localhost
 * and everything below it (RFC 6761 6.3).
 *
 * @param hostname as `URL` prints it
 */
export function isLocalhost(hostname: string): boolean {
  return ipv4.test(hostname) || ipv6.test(hostname) || /^(?:.*\.)?localhost\.?$/.test(hostname)
}
