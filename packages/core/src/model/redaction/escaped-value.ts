/**
 * A pattern for a value as texts write it: in clear, URL-encoded (also twice, or in part), escaped
 * as in JSON, XML, HTML or quoted-printable. Letters and digits stand for themselves in all of them.
 */
export function escapedValue(value: string): RegExp {
  return new RegExp(Array.from(value, waysToWrite).join(''), 'g')
}

const namedEntities: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
}
const shortEscapes: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't' }

// As many as JSON in JSON has, four times; without a bound a text of them alone takes minutes.
const backslashes = String.raw`\\{1,15}`

function waysToWrite(character: string): string {
  if (/^[A-Za-z0-9]$/.test(character)) return character
  const bytes = Buffer.from(character)
  const point = character.codePointAt(0)!
  const entity = namedEntities[character]
  const ways = [
    // A carriage return comes and goes with the system.
    character === '\n' ? String.raw`\r?\n` : literally(character),
    // Its UTF-8 in a text that was read byte by byte.
    ...(bytes.length > 1 ? [literally(bytes.toString('latin1'))] : []),
    Array.from(
      bytes,
      (byte) => `(?:%(?:25)*|=)${anyCase(byte.toString(16).padStart(2, '0'))}`,
    ).join(''),
    character
      .split('')
      .map((unit) => `${backslashes}u` + anyCase(hexOf(unit)))
      .join(''),
    ...(character in shortEscapes ? [backslashes + shortEscapes[character]!] : []),
    ...(/["'\\/]/.test(character) ? [backslashes + literally(character)] : []),
    `&#(?:[xX]0*${anyCase(point.toString(16))}|0*${point});`,
    ...(entity === undefined ? [] : [`&${entity};`]),
    ...(character === ' ' ? [String.raw`\+`] : []),
  ]
  return `(?:${ways.join('|')})`
}

function literally(text: string): string {
  return text.replaceAll(/[^\w\s]/g, (unit) =>
    unit < '\u0080' ? `\\${unit}` : String.raw`\u` + hexOf(unit),
  )
}

function hexOf(unit: string): string {
  return unit.charCodeAt(0).toString(16).padStart(4, '0')
}

function anyCase(hex: string): string {
  return hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
}
