import { isHeaderValue, type Leaf } from './scan-text.ts'

/** What helps against a secret in the title of a test, by which its recordings are found. */
export const otherTitle = 'no option: give the test a title without it'

/**
 * The option that hides a finding: by the name that it stands under, else by its shape. It tells
 * nothing of the secret but the prefix that all tokens of its issuer have.
 *
 * @param found the text that was found
 * @param document the plain value that it stands in
 */
export function redactRemedy({ keys, text }: Leaf, found: string, document: object): string {
  const [side, part] = keys
  if (side === 'test') return otherTitle
  if (isHeaderValue(keys)) {
    const name = valueAt(document, [...keys.slice(0, -1), 0])
    if (typeof name === 'string') return list('headers', name.toLowerCase())
  }
  if (part === 'body' && keys[2] === 'json') {
    const field = keys.slice(3).findLast((key) => typeof key === 'string')
    if (typeof field === 'string' && !field.includes(found)) return list('fields', field)
  }
  if (side === 'request' && part === 'url') {
    const query = /[?&#]([^=&?#]+)=[^&]*$/.exec(text.slice(0, text.indexOf(found) + 1))?.[1]
    if (query !== undefined) return list('query', query)
  }
  const prefix = /^(?:[a-z]{2,8}[-_](?:[a-z]{2,6}[-_])?|A[KS]IA)/i.exec(found)?.[0]
  return prefix === undefined
    ? 'redact: { values: [process.env.THE_VARIABLE_THAT_HOLDS_IT] }'
    : String.raw`redact: { patterns: [/${prefix}[\w-]+/] }`
}

function list(rule: string, name: string): string {
  return `redact: { ${rule}: [${JSON.stringify(name).replaceAll(/^"|"$/g, "'")}] }`
}

function valueAt(value: unknown, keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  )
}
