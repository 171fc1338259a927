import { editsOf, type Edit } from '../edit-text.ts'
import type { Secrets } from './secrets.ts'

// The head of a part that is no file, and its value up to the next delimiter (RFC 7578).
const formPart =
  /\bname="([^"\r\n]*)"(?![^\r\n]*filename)[^\r\n]*(?:\r\n[^\r\n]+)*\r\n\r\n(?<secret>[\s\S]{0,65536}?)(?=\r\n--)/dg

/** Finds the values of secret fields in a multipart form. */
export function findInParts(text: string, secrets: Secrets): Edit[] {
  return editsOf(text, formPart, (value, [, name = '']) =>
    value !== '' && secrets.isSecret('field', name)
      ? secrets.hide('field', name, value)
      : undefined,
  )
}

// `password: "x"` and `token='x'`: GraphQL, scripts, attributes. Inside of JSON the quotes are escaped.
const quotedPair =
  /(?<![\w"'.-])([\w.-]{2,64})\s?[:=]\s?(\\?["'])(?<secret>(?:(?!\2)[^\\\r\n]){1,4096})\2/dg
// `password=x` and `api_key = x`, up to what ends a value in prose, a log or a form.
const barePair =
  /(?<![\w.-])([\w.-]{2,64})\s?=\s?(?<secret>[^\s"'&;,<>=\\[\]][^\s"'&;,<>\\]{0,4095})/dg

/** Finds the quoted values of secret names in any text. */
export function findQuotedPairs(text: string, secrets: Secrets): Edit[] {
  return editsOf(text, quotedPair, (value, [, name = '']) => hiddenField(name, value, secrets))
}

/** Finds the values of secret names in text that is no code. */
export function findBarePairs(text: string, secrets: Secrets): Edit[] {
  return editsOf(text, barePair, (value, [, name = '']) => hiddenField(name, value, secrets))
}

const element =
  /<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>(?:\s*<!\[CDATA\[)?(?<secret>[^<>\]]{1,4096})(?=(?:\]\]>\s*)?<\/)/dg
const formInput = /<(?:input|meta)\s[^<>]*>/gi

/** Finds the text of XML elements with secret names, and fields of that kind in HTML. */
export function findInMarkup(text: string, secrets: Secrets): Edit[] {
  const elements = editsOf(text, element, (content, [, name = '']) => {
    const value = content.trim()
    const hidden = value === '' ? undefined : hiddenField(name, value, secrets)
    return hidden === undefined ? undefined : content.replace(value, () => hidden)
  })
  const inputs = editsOf(text, formInput, (tag) => {
    const name = /\sname=["']?([^"'\s>]+)/i.exec(tag)?.[1]
    if (name === undefined || !secrets.isSecret('field', name)) return undefined
    return tag.replace(
      /(?<=\s(?:value|content)=(["']))[^"'<>]+(?=\1)/i,
      (value) => hiddenField(name, value, secrets) ?? value,
    )
  })
  return [...elements, ...inputs]
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
