/**
 * Headers as they stood on the wire: ordered, with their case and their duplicates.
 * The shape is that of HAR's `headers`, as pairs.
 */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** What a name of a header is made of: a token (RFC 9110 5.6.2). */
export const headerName: RegExp = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/**
 * What may stand in a header or behind a status: a byte for each character, and none that ends a
 * line or would be dangerous (RFC 9110 5.5). Clients differ in what else they refuse.
 */
export const wireText: RegExp = /^[^\0\r\n\u0100-\uffff]*$/

/** The values of a header, whatever its case, in the order they stood in. */
export function headerValues(headers: HeaderList, name: string): string[] {
  const wanted = name.toLowerCase()
  return headers.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value)
}

/** A header's values joined by `, ` as RFC 9110 5.3 allows, or `undefined` where it is absent. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  const wanted = name.toLowerCase()
  let joined: string | undefined
  // One pass without a list in between: each message is asked for some ten of its headers.
  for (const [key, value] of headers) {
    if (key.length !== wanted.length || key.toLowerCase() !== wanted) continue
    joined = joined === undefined ? value : `${joined}, ${value}`
  }
  return joined
}

/** The media type of `Content-Type`, lower-cased and without parameters; empty where there is none. */
export function mediaType(headers: HeaderList): string {
  return mediaTypeIn(headerValue(headers, 'content-type') ?? '')
}

/** The media type in a value of `Content-Type`, lower-cased and without parameters. */
export function mediaTypeIn(value: string): string {
  return value.split(';', 1)[0]!.trim().toLowerCase()
}

/** Whether a media type is JSON by RFC 6839: `application/json` or a `+json` suffix. */
export function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json')
}
