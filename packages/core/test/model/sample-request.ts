import type { HeaderList } from '../../src/model/header-list.ts'
import type { RecordedRequest } from '../../src/model/interaction.ts'
import { storedRequest } from '../../src/model/stored-request.ts'

export interface SampleRequest {
  /** @default 'GET', or 'POST' with a body */
  readonly method?: string
  /** @default 'https://api.example.com/things' */
  readonly url?: string
  readonly headers?: HeaderList
  readonly body?: string | Uint8Array
}

/** A request as matchers and redaction get it. */
export function sampleRequest(sample: SampleRequest = {}): RecordedRequest {
  const { url = 'https://api.example.com/things', headers = [], body } = sample
  const method = sample.method ?? (body === undefined ? 'GET' : 'POST')
  return storedRequest({ method, url, headers }, Buffer.from(body ?? ''))
}

/** A request with a body of a type. */
export function typedRequest(type: string, body: string | Uint8Array): RecordedRequest {
  return sampleRequest({ headers: [['Content-Type', type]], body })
}

/** A request with a JSON text as its body. */
export function jsonRequest(text: string): RecordedRequest {
  return typedRequest('application/json', text)
}
