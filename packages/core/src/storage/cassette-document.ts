import type { RecordedBody } from '../model/body.ts'
import { CassetteDecodeError } from '../model/errors/cassette-decode-error.ts'
import type {
  Interaction,
  RecordedHead,
  RecordedRequest,
  RecordedResponse,
} from '../model/interaction.ts'
import type { RecordedFrame } from '../model/recorded-frame.ts'
import { decodeInteraction } from './decode-interaction.ts'
import { Field } from './field.ts'

/** What a file of a cassette holds: a whole cassette, or one interaction of a directory. */
export interface CassetteDocument {
  readonly kind: 'cassette' | 'interaction'
  /** As they stand in the file; exactly one for the kind `interaction`. */
  readonly interactions: readonly Interaction[]
}

/** The version of the format that is written. Files of this version load for ever. */
const version = 1

/** The plain value that a file with one interaction holds, its keys in a fixed order. */
export function interactionDocument(interaction: Interaction): object {
  return { cassette: version, ...plainInteraction(interaction) }
}

/** The plain value that a file with a whole cassette holds. */
export function cassetteDocument(interactions: readonly Interaction[]): object {
  return { cassette: version, interactions: interactions.map(plainInteraction) }
}

/** Whether a decoded value says of itself that it is a cassette. */
export function isCassetteDocument(value: unknown): value is { readonly cassette: unknown } {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'cassette')
}

/**
 * Reads a decoded file.
 *
 * @param path of the file, for messages
 * @throws CassetteDecodeError that names the place of whatever is not as the format has it
 */
export function decodeDocument(value: unknown, path: string): CassetteDocument {
  if (!isCassetteDocument(value)) {
    throw new CassetteDecodeError(path, 'it is not a cassette: it has no field `cassette`')
  }
  checkVersion(value.cassette, path)
  const document = new Field(path, '', value)
  const list = document.optional('interactions')
  if (list === undefined) {
    return { kind: 'interaction', interactions: [decodeInteraction(document, ['cassette'])] }
  }
  document.object(['cassette', 'interactions'])
  return { kind: 'cassette', interactions: list.items((field) => decodeInteraction(field)) }
}

function checkVersion(found: unknown, path: string): void {
  if (found === version) return
  if (typeof found === 'number' && Number.isSafeInteger(found) && found > version) {
    const problem = `it was written by a newer Cassette, in version ${found} of the format`
    const remedy = `This one reads version ${version}: update @cassette/core.`
    throw new CassetteDecodeError(path, problem, { remedy })
  }
  throw new CassetteDecodeError(path, `\`cassette\` must be ${version}, the version of the format`)
}

function plainInteraction(interaction: Interaction): object {
  const { name, matchOn, recordedAt, test, index, request, response, error } = interaction
  return {
    name,
    matchOn,
    recordedAt,
    ...(test === undefined ? {} : { test }),
    ...(index === undefined ? {} : { index }),
    request: plainRequest(request),
    ...(response === undefined ? {} : { response: plainResponse(response) }),
    ...(error === undefined ? {} : { error }),
  }
}

function plainRequest({ method, url, headers, body }: RecordedRequest): object {
  return { method, url, headers, ...(body === undefined ? {} : { body: plainBody(body) }) }
}

function plainResponse(response: RecordedResponse): object {
  const { httpVersion, informational, status, statusText, headers, ...rest } = response
  const { body, trailers, truncated } = rest
  return {
    ...(httpVersion === undefined ? {} : { httpVersion }),
    ...(informational === undefined ? {} : { informational: informational.map(plainHead) }),
    ...plainHead({ status, statusText, headers }),
    ...(body === undefined ? {} : { body: plainBody(body) }),
    ...(trailers === undefined ? {} : { trailers }),
    ...(truncated === undefined ? {} : { truncated }),
  }
}

function plainHead({ status, statusText, headers }: RecordedHead): object {
  return { status, statusText, headers }
}

function plainBody(body: RecordedBody): object {
  if ('chunks' in body) {
    return {
      chunks: body.chunks.map(({ afterMs, afterSent, ...data }) => ({
        afterMs,
        ...(afterSent === undefined ? {} : { afterSent }),
        ...data,
      })),
    }
  }
  if ('frames' in body) return { frames: body.frames.map(plainFrame) }
  const { contentEncoding, ...content } = body
  return { ...(contentEncoding === undefined ? {} : { contentEncoding }), ...content }
}

function plainFrame({ afterMs, afterSent, type, ...rest }: RecordedFrame): object {
  const code = 'code' in rest ? rest.code : undefined
  return {
    afterMs,
    afterSent,
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { code }),
    ...('text' in rest ? { text: rest.text } : {}),
    ...('base64' in rest ? { base64: rest.base64 } : {}),
  }
}
