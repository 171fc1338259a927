import type { JsonValue } from './body.ts'
import { deepFreeze } from './deep-freeze.ts'

/** A body of JSON. */
export interface JsonBody {
  readonly json: JsonValue
  readonly contentEncoding?: string
}

const bytes = new WeakMap<object, Buffer>()
const parsed: PropertyDescriptor = {
  enumerable: true,
  get(this: object) {
    const value: JsonValue = JSON.parse(bytes.get(this)!.toString())
    // A change to it would be lost without a word.
    return Object.isFrozen(this) ? deepFreeze(value) : value
  },
}

/**
 * A body that is kept as its bytes, which a replay needs, and parsed whenever somebody looks at the
 * value. Parsed it would take several times the memory, and the garbage collector through all of it.
 *
 * @param text as `JSON.stringify` prints the value
 */
export function jsonBody(text: string, contentEncoding?: string): JsonBody {
  const coding = { contentEncoding: { value: contentEncoding, enumerable: true } }
  const body: JsonBody = Object.create(Object.prototype, {
    ...(contentEncoding === undefined ? {} : coding),
    json: parsed,
  })
  // In memory of their own: a part of a shared block would keep all of that.
  const own = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  own.write(text)
  bytes.set(body, own)
  return body
}

/** The value of a body of JSON as `JSON.stringify` prints it. */
export function jsonText(body: JsonBody): string {
  return bytes.get(body)?.toString() ?? JSON.stringify(body.json)
}

/** The same in UTF-8; not to be changed. */
export function jsonBytes(body: JsonBody): Buffer {
  return bytes.get(body) ?? Buffer.from(JSON.stringify(body.json))
}
