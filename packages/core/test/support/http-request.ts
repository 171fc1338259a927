import http from 'node:http'
import https from 'node:https'

/** All that `node:http` lets an application see of a response. */
export interface SeenResponse {
  readonly status: number | undefined
  readonly reason: string | undefined
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

/** Makes one request with `node:http` or `node:https` and collects all that can be seen. */
export async function httpRequest(
  url: string,
  { body, ...options }: https.RequestOptions & { body?: string } = {},
): Promise<SeenResponse> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith('https:') ? https : http
    request(url, options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode: status, statusMessage: reason, rawHeaders } = response
        resolve({ status, reason, rawHeaders, body: Buffer.concat(chunks) })
      })
    })
      .on('error', reject)
      .end(body)
  })
}
