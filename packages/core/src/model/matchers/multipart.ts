/** One part of a multipart body (RFC 2046 5.1); `name` and `filename` are those of a form (RFC 7578). */
export interface Part {
  /** Its header lines. */
  readonly head: string
  readonly name: string
  /** `null` where the part is not a file. */
  readonly filename: string | null
  /** Its own media type, `null` where it has none. */
  readonly type: string | null
  readonly body: Buffer
}

/**
 * The parts of a multipart body, in order.
 *
 * @param contentType the whole header, with its boundary
 * @returns `undefined` where the body does not follow its boundary
 */
export function parseMultipart(bytes: Buffer, contentType: string): readonly Part[] | undefined {
  const boundary = multipartBoundary(contentType)
  if (boundary === undefined) return undefined
  // With a line end put before it, every delimiter (RFC 2046 5.1.1) looks alike.
  const pieces = split(Buffer.concat([Buffer.from('\r\n'), bytes]), `\r\n--${boundary}`)
  const last = pieces.pop()
  if (pieces.length === 0 || last?.subarray(0, 2).toString() !== '--') return undefined
  const parts = pieces.slice(1).map((piece) => parsePart(piece))
  return parts.every((part) => part !== undefined) ? parts : undefined
}

/** What stands between the parts, as the header says; `undefined` where it says nothing of that. */
export function multipartBoundary(contentType: string): string | undefined {
  return parameter(contentType, 'boundary') ?? undefined
}

function parsePart(piece: Buffer): Part | undefined {
  const end = piece.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = piece.subarray(0, end).toString().trim()
  const lines = head.split('\r\n')
  const field = (name: string) =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim()
  const disposition = field('content-disposition') ?? ''
  return {
    head,
    name: parameter(disposition, 'name') ?? '',
    filename: parameter(disposition, 'filename'),
    type: field('content-type') ?? null,
    body: piece.subarray(end + 4),
  }
}

function parameter(header: string, name: string): string | null {
  const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(header)
  return found === null ? null : (found[1] ?? found[2] ?? null)
}

function split(bytes: Buffer, delimiter: string): Buffer[] {
  const pieces: Buffer[] = []
  let from = 0
  for (;;) {
    const at = bytes.indexOf(delimiter, from)
    if (at < 0) return [...pieces, bytes.subarray(from)]
    pieces.push(bytes.subarray(from, at))
    from = at + Buffer.byteLength(delimiter)
  }
}
