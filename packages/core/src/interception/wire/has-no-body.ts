import type { ResponseHead } from '../../model/interceptor.ts'

/** Whether a response has no body whatever its headers say (RFC 9112 6.3). */
export function hasNoBody(method: string, { status }: Pick<ResponseHead, 'status'>): boolean {
  const isTunnel = method === 'CONNECT' && status < 300
  return method === 'HEAD' || status === 204 || status === 304 || isTunnel
}
