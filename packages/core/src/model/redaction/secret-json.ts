import { withEdits, type Edit } from '../edit-text.ts'
import { JsonTokens } from './json-tokens.ts'
import type { Secrets } from './secrets.ts'

// How deep JSON in a string of JSON in a string is followed.
const maxInside = 4
const mayBeJson = /^(?:\\[nrt]|\s)*[[{]/

/** A bracket that is open. */
interface Open {
  /** The secret key that it stands under. */
  readonly under?: string | undefined
  readonly isList: boolean
  /** What an object says of its `value`, as far as nobody has looked at it. */
  labels?: string[]
  /** The last of them that is the name of a secret. */
  label?: string | undefined
  value?: Scalar
}

interface Scalar {
  readonly start: number
  readonly found: string
}

// `{ "name": "API_KEY", "value": "..." }`
const labelsAndValues = /^(?:name|key|id|field|header|variable|k|value|val|v)$/i
const values = /^(?:value|val|v)$/i
// `{ "token": { "value": "..." } }`
const partOfSecret = /^(?:value|val|plain|plain_?text|raw|pass)$/i

/**
 * Finds the scalars under secret keys at any depth of JSON, those in lists and objects under such
 * keys, values beside a secret name, and all of it in JSON that is a string of it. Takes any text:
 * JSON lines, or an event stream with JSON.
 */
export function findInJson(text: string, secrets: Secrets, inside = 0): Edit[] {
  const edits: Edit[] = []
  const tokens = new JsonTokens(text)
  const open: Open[] = []
  while (tokens.next()) {
    const { kind, found, start } = tokens
    const content = kind === 'string' ? found.slice(1, -1) : undefined
    const parent = open.at(-1)
    if (kind === ']' || kind === '}') open.pop()
    else if (kind === '{') open.push({ isList: false })
    else if (kind === '[') {
      open.push({ isList: true, under: parent?.isList === true ? parent.under : undefined })
    } else if (content === undefined || !tokens.takeColon()) {
      const under = parent?.isList === true ? parent.under : undefined
      if (under !== undefined) edits.push(...hidden({ start, found }, under, secrets))
      else if (content !== undefined && inside < maxInside && mayBeJson.test(content)) {
        edits.push(...inString(content, start, secrets, inside))
      }
    } else {
      const name = unescaped(content)
      const secretName = secretNameOf(name, parent, secrets)
      if (secretName === undefined && !labelsAndValues.test(name)) continue
      if (!tokens.takeValue()) {
        if (secretName !== undefined) edits.push(...hiddenStart(tokens, secretName, secrets))
        continue
      }
      const value = { start: tokens.start, found: tokens.found }
      if (tokens.kind === '[' || tokens.kind === '{') {
        open.push({ isList: tokens.kind === '[', under: secretName })
      } else if (secretName === undefined) {
        edits.push(...findBesideLabel(parent, name, value, secrets))
        // It may be JSON itself.
        tokens.at = value.start
      } else if (!isWordOfAModel(text, tokens.at)) {
        edits.push(...hidden(value, secretName, secrets))
      }
    }
  }
  return edits
}

/** The name that makes what stands under a key a secret: its own, or that of the object it is in. */
function secretNameOf(key: string, parent: Open | undefined, secrets: Secrets): string | undefined {
  if (secrets.isSecret('field', key)) return key
  const under = parent?.isList === false ? parent.under : undefined
  return under !== undefined && partOfSecret.test(key) ? under : undefined
}

/** Finds a value in an object that says elsewhere that it is a secret. */
function findBesideLabel(
  object: Open | undefined,
  key: string,
  scalar: Scalar,
  secrets: Secrets,
): Edit[] {
  if (object === undefined) return []
  if (values.test(key)) object.value = scalar
  else (object.labels ??= []).push(contentOf(scalar.found))
  const { labels = [], value } = object
  // Most objects have no value of that kind, and what they say otherwise is hardly the same twice.
  if (value === undefined) return []
  object.label =
    labels.splice(0).findLast((label) => secrets.isSecret('field', label)) ?? object.label
  // A sentence is what people are shown of a field.
  if (object.label === undefined || /\s/.test(value.found)) return []
  return hidden(value, object.label, secrets)
}

function hidden({ start, found }: Scalar, name: string, secrets: Secrets): Edit[] {
  const value = contentOf(found)
  if (value === '') return []
  const text = JSON.stringify(secrets.hide('field', name, value))
  return [{ start, end: start + found.length, text }]
}

/** Hides what there is of a string in a body that ends within it. */
function hiddenStart(tokens: JsonTokens, name: string, secrets: Secrets): Edit[] {
  if (!tokens.takeCutString()) return []
  const value = unescaped(tokens.found.slice(1))
  if (value === '') return []
  const text = JSON.stringify(secrets.hide('field', name, value)).slice(0, -1)
  return [{ start: tokens.start, end: tokens.at, text }]
}

function inString(content: string, start: number, secrets: Secrets, inside: number): Edit[] {
  const text = unescaped(content)
  const edits = findInJson(text, secrets, inside + 1)
  if (edits.length === 0) return []
  const end = start + content.length + 2
  return [{ start, end, text: JSON.stringify(withEdits(text, edits)) }]
}

/** Language models call the pieces of a text tokens, and give each with its probability. */
function isWordOfAModel(text: string, end: number): boolean {
  return /^\s*,\s*"logprob"/.test(text.slice(end, end + 32))
}

/** What a string or a number says. */
function contentOf(found: string): string {
  return found.startsWith('"') ? unescaped(found.slice(1, -1)) : found
}

function unescaped(jsonString: string): string {
  // As nearly all are: parsing took half of the time that the search takes.
  if (!jsonString.includes('\\')) return jsonString
  try {
    return String(JSON.parse(`"${jsonString}"`))
  } catch {
    return jsonString
  }
}
