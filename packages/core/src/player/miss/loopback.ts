// RFC 6890 (127.0.0.0/8, ::1, 0.0.0.0 for "this host") and RFC 6761 6.3 (localhost).
const loopback = /^(?:127(?:\.\d+){3}|0\.0\.0\.0|\[::1\]|(?:.+\.)?localhost)$/i

/** @param hostname as `URL` gives it */
export function isLoopback(hostname: string): boolean {
  return loopback.test(hostname)
}
