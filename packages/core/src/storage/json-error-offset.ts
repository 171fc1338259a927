type Expected = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'next'

const space = /[ \t\n\r]*/y
// Bounded: V8 remembers each repetition, and megabytes of them would overflow its stack.
const stringParts =
  // oxlint-disable-next-line no-control-regex -- they are what JSON forbids in a string
  /(?:[^"\\\u0000-\u001f]{1,100}|\\["\\/bfnrt]|\\u[\da-fA-F]{4}){1,1000}/y
const bareScalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y

/**
 * Where a text stops being JSON: the offset of the first character that cannot stand where it
 * stands, or the text's length. The messages of `JSON.parse` tell this for some errors only.
 */
export function jsonErrorOffset(text: string): number {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  for (let at = end(space, text, 0); at < text.length; at = end(space, text, at)) {
    const char = text[at]!
    const isKey: boolean = expected === 'key' || expected === 'firstKey'
    const isValue: boolean = expected === 'value' || expected === 'firstValue'
    if (char === '"' && (isKey || isValue)) {
      at = stringEnd(text, at + 1)
      if (text[at] !== '"') return at
      expected = isKey ? 'colon' : 'next'
    } else if ((char === '{' || char === '[') && isValue) {
      open.push(char)
      expected = char === '{' ? 'firstKey' : 'firstValue'
    } else if (isClosing(char, open.at(-1), expected)) {
      open.pop()
      expected = 'next'
    } else if (char === ':' && expected === 'colon') {
      expected = 'value'
    } else if (char === ',' && expected === 'next' && open.length > 0) {
      expected = open.at(-1) === '{' ? 'key' : 'value'
    } else if (isValue && end(bareScalar, text, at) > at) {
      // Its last character is stepped over below, as every other token's.
      at = end(bareScalar, text, at) - 1
      expected = 'next'
    } else return at
    at += 1
  }
  return text.length
}

function isClosing(char: string, open: string | undefined, expected: Expected): boolean {
  if (char === '}') return open === '{' && (expected === 'firstKey' || expected === 'next')
  return char === ']' && open === '[' && (expected === 'firstValue' || expected === 'next')
}

/** Where the content of a string ends, or breaks. */
function stringEnd(text: string, start: number): number {
  let at = start
  for (let next = end(stringParts, text, at); next > at; next = end(stringParts, text, at)) {
    at = next
  }
  return at
}

/** Where a match that starts at an offset ends; the offset itself where there is none. */
function end(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
