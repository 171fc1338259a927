import { editsOf, type Edit } from '../edit-text.ts'
import { isSecretPair } from './secret-pairs.ts'
import type { Secrets } from './secrets.ts'

// The head of a part, and its value up to the next delimiter (RFC 7578); some leave out the CR.
const formPart =
  /^content-disposition:[ \t]*form-data(?<parameters>;[^\r\n]*)(?:\r?\n[^\r\n]+)*\r?\n\r?\n(?<secret>(?:(?!\r?\n--)[^]){0,1048576})/dgim
const formName = /;[ \t]*name[ \t]*=[ \t]*(?:"([^"]*)"|'([^']*)'|([^;\s]+))/i
const fileName = /;[ \t]*filename\*?[ \t]*=/i

/** Finds the values of secret fields in a multipart form. */
export function findInParts(text: string, secrets: Secrets): Edit[] {
  return editsOf(text, formPart, (value, { groups: { parameters = '' } = {} }) => {
    const [, quoted, single, bare] = formName.exec(parameters) ?? []
    const name = quoted ?? single ?? bare ?? ''
    const isFile = fileName.test(parameters)
    const isSecret = value !== '' && isSecretPair('field', name, secrets)
    // The file of a secret field is one as well, if it is text: `credentials`, say.
    return isSecret && !(isFile && /(?![\t\n\r])\p{Cc}/u.test(value))
      ? secrets.hide('field', name, value)
      : undefined
  })
}

// `password: "x"`, `'token': 'x'` and `"""x"""`: GraphQL, scripts, attributes. Inside of JSON the
// quotes are escaped.
const quotedPair =
  /(?<![\w"'.-])(?<quote>'?)([\w.-]{2,64})\k<quote>\s?[:=]\s?(?<mark>(?:\\?"){3}|\\?["'])(?<secret>(?:(?!\k<mark>)[^\\\r\n]){1,4096})\k<mark>/dg
// What stands in the middle of one, which is found much faster: in JSON a name has a quote behind it.
const quotedMiddle = /[:=](?<=[\w.'-]\s?[:=])\s?\\?["']/
// `password=x` and `api_key = x`, up to what ends a value in prose, a log or a form.
const barePair =
  /(?<![\w.-])([\w.-]{2,64})\s?=\s?(?<secret>[^\s"'&;,<>=\\[\]][^\s"'&;,<>\\]{0,4095})/dg
// A line of YAML, or of the head of a message, with the scheme of a credential.
const line =
  /^[ \t]*(?:- +)?([\w.-]{2,64}):[ \t]+(?:[A-Za-z][\w-]*[ \t]+)?(?<secret>[^\s"'|>{[&*#][^\s]{0,4095})[ \t]*\r?$/dgm

/** Finds the quoted values of secret names in any text. */
export function findQuotedPairs(text: string, secrets: Secrets): Edit[] {
  if (!quotedMiddle.test(text)) return []
  return editsOf(text, quotedPair, (value, [, , name = '']) => hiddenField(name, value, secrets))
}

/** Finds the values of secret names in text that is no code. */
export function findBarePairs(text: string, secrets: Secrets): Edit[] {
  return editsOf(text, barePair, (value, [, name = '']) => hiddenField(name, value, secrets))
}

/** Finds the values of secret names that stand in lines of their own. */
export function findInLines(text: string, secrets: Secrets, isYaml = false): Edit[] {
  return editsOf(text, line, (value, [, name = '']) => {
    // `password: required` is what a server says of a form.
    if (!isYaml && !/\d/.test(value)) return undefined
    if (secrets.isSecret('field', name)) return hiddenField(name, value, secrets)
    return secrets.isSecret('header', name) ? secrets.hide('header', name, value) : undefined
  })
}

const element = /<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>(?<secret>[^<>]{1,4096})(?=<\/)/dg
const dataElement =
  /<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>\s*<!\[CDATA\[(?<secret>(?:(?!\]\]>)[^]){1,4096})(?=\]\]>\s*<\/)/dg
// Markup in a string of markup, as SOAP has it.
const escapedElement =
  /&lt;(?:[\w.-]+:)?([\w.-]+)(?:\s(?:(?!&[lg]t;)[^<>])*)?&gt;(?<secret>(?:(?!&[lg]t;)[^<>]){1,4096})(?=&lt;\/)/dg
// `<key>password</key><string>x</string>`, `<name>token</name><value>x</value>`.
const namedElement =
  /<(key|name)>([\w.-]{2,64})<\/\1>\s*<(value|string)>(?:<(string)>)?(?<secret>[^<>]{1,4096})(?=<\/)/dgi
const formInput = /<(?:input|meta)\s[^<>]*>/gi

/** Finds the text of XML elements with secret names, and fields of that kind in HTML. */
export function findInMarkup(text: string, secrets: Secrets): Edit[] {
  const contents = [element, dataElement, escapedElement].flatMap((pattern) =>
    editsOf(text, pattern, (content, [, name = '']) => hiddenContent(name, content, secrets)),
  )
  const named = editsOf(text, namedElement, (content, [, , name = '']) =>
    hiddenContent(name, content, secrets),
  )
  const inputs = editsOf(text, formInput, (tag) => {
    const name = /\sname=["']?([^"'\s>]+)/i.exec(tag)?.[1]
    if (name === undefined || !secrets.isSecret('field', name)) return undefined
    return tag.replace(
      /(?<=\s(?:value|content)=)(["']?)((?<!=)[^"'<>]+|[^\s"'<>]+)/i,
      (_, quote: string, value: string) => quote + (hiddenField(name, value, secrets) ?? value),
    )
  })
  return [...contents, ...named, ...inputs]
}

function hiddenContent(name: string, content: string, secrets: Secrets): string | undefined {
  const value = content.trim()
  const hidden = value === '' ? undefined : hiddenField(name, value, secrets)
  return hidden === undefined ? undefined : content.replace(value, () => hidden)
}

function hiddenField(name: string, value: string, secrets: Secrets): string | undefined {
  if (!secrets.isSecret('field', name)) return undefined
  return secrets.hide('field', name, unescapedXml(value))
}

function unescapedXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}
