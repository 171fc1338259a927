import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encoderFor, encoderOfPath } from '../../src/storage/encoders.ts'
import { jsonErrorOffset } from '../../src/storage/json-error-offset.ts'
import { jsonEncoder } from '../../src/storage/json-encoder.ts'
import { yamlEncoder } from '../../src/storage/yaml-encoder.ts'

const strings = [
  ['', ' ', '\n', '\n\n', '\r', '\r\n', '\t', '\0', '\ufeff', '\u0085', '\u2028', '\u2029'],
  ['\ud800', 'a\udc00b', '\ud83d\ude00', '\ufffe\uffff', '\u007f', '\u001b[0m', '\u00a0x'],
  ['a\n', 'a\n\n\n', 'a\r\nb\r\n', ' a', 'a ', '  a\n b', '\n a', '\ta\n\tb', 'a \nb ', 'a\rb'],
  ['---', '...', 'a\n---\nb', '- a', '# a', 'a #b', 'a: b', '? a', '|', '>', '%a', '@a', '`a'],
  ['!a', '&a', '*a', '<<', '=', '{', '[1]', "'", '"', '\\', '\\n', '${a}', '$&', "$'"],
  ['null', '~', 'true', 'yes', 'no', 'on', 'y', '1', '-1', '1e3', '0x1f', '0o17', '1_000'],
  ['.5', '+1', '.inf', '.nan', '12:30:45', '2020-01-01', '2026-11-22T17:00:00.000Z'],
  ['__proto__', 'constructor', 'x'.repeat(10_000), 'two words '.repeat(2000)],
].flat()
const numbers = [0, 1, -1, 1.5, 1e21, -1e21, 5e-324, 1.7976931348623157e308, 1e-7]
const bigNumbers = ['12345678901234567', '123456789012345680000'].map(Number)

const anyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary-ascii' }),
  fc.string({ unit: fc.constantFrom(' ', '\n', '\r', '\t', 'a', '-', '#', ':', '"', '\ud800') }),
)
const anyValue = fc.letrec((value) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    anyString,
    fc.array(value('any')),
    fc.dictionary(anyString, value('any')),
  ),
})).any

function problem(text: string): string | undefined {
  try {
    jsonEncoder.decode(text)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

describe.each([jsonEncoder, yamlEncoder])('$format', (encoder) => {
  const roundTrip = (value: unknown): unknown => encoder.decode(encoder.encode(value))

  test.each(strings)('the string %j survives wherever it stands', (text) => {
    for (const value of [text, [text], [[text, text]], { a: text }, { a: [{ [text]: text }] }]) {
      expect(roundTrip(value)).toStrictEqual(value)
    }
  })

  test.each([...numbers, ...bigNumbers])('the number %s survives', (number) => {
    expect(roundTrip({ number, list: [number] })).toStrictEqual({ number, list: [number] })
  })

  test('any JSON value survives', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        // JSON's own idea of the value: it has neither -0 nor prototypes.
        const plain: unknown = JSON.parse(JSON.stringify(value))
        expect(JSON.stringify(roundTrip(plain))).toBe(JSON.stringify(plain))
      }),
      { numRuns: 500 },
    )
  })

  test('text is text again after a checkout with CRLF line ends', () => {
    const value = { a: 'one\ntwo\n\n', b: ['three\n'] }
    expect(encoder.decode(encoder.encode(value).replaceAll('\n', '\r\n'))).toEqual(value)
  })

  test.each(['QUJD', 'two words ', 'line\n', '"\\\r', '\u00e9', '$&'])(
    'four megabytes of %j survive',
    (unit) => {
      const long = unit.repeat(4_000_000 / unit.length)
      const back = roundTrip({ before: 'x', long, after: [long] })
      expect((back as { long: string }).long === long).toBe(true)
      expect((back as { after: string[] }).after[0] === long).toBe(true)
    },
  )

  test('a key `__proto__` is data and pollutes nothing', () => {
    const text = encoder.encode(JSON.parse('{"a":{"__proto__":{"polluted":1}}}'))
    const back = encoder.decode(text) as { a: object }
    expect(Object.keys(back.a)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(back.a)).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })

  test('a text ends with one line end', () => {
    expect(encoder.encode({ a: 1 })).toMatch(/[^\n]\n$/)
  })
})

describe('JSON text', () => {
  test('is indented by two spaces, with a header on one line', () => {
    const headers = [
      ['Accept', 'a "quoted" value'],
      ['X', '1'],
    ]
    expect(
      jsonEncoder.encode({ headers, three: ['a', 'b', 'c'], mixed: ['a', 1], empty: [] }),
    ).toBe(
      `{
  "headers": [
    ["Accept", "a \\"quoted\\" value"],
    ["X", "1"]
  ],
  "three": [
    "a",
    "b",
    "c"
  ],
  "mixed": [
    "a",
    1
  ],
  "empty": []
}
`,
    )
  })

  test.each([
    ['', 'unexpected end at line 1, column 1'],
    ['{\n  "a": 1,\n}', 'unexpected "}" at line 3, column 1'],
    ['{\n  "a": 1\n  "b": 2\n}', 'unexpected "\\"" at line 3, column 3'],
    ['{"a" 1}', 'unexpected "1" at line 1, column 6'],
    ['{a: 1}', 'unexpected "a" at line 1, column 2'],
    ["['a']", 'unexpected "\'" at line 1, column 2'],
    ['[1, 2', 'unexpected end at line 1, column 6'],
    ['[1, 2}', 'unexpected "}" at line 1, column 6'],
    ['[01]', 'unexpected "0" at line 1, column 2'],
    ['[1.]', 'unexpected "1" at line 1, column 2'],
    ['[nul]', 'unexpected "n" at line 1, column 2'],
    ['"a\nb"', 'unexpected "\\n" at line 1, column 3'],
    ['"a\\x"', 'unexpected "\\\\" at line 1, column 3'],
    ['"abc', 'unexpected end at line 1, column 5'],
    ['{"a": 1} x', 'unexpected "x" at line 1, column 10'],
    ['{"a": // why\n1}', 'unexpected "/" at line 1, column 7'],
    ['\r\n[\r]x', 'unexpected "x" at line 3, column 2'],
  ])('%j is refused with its place', (text, message) => {
    expect(() => jsonEncoder.decode(text)).toThrow(new SyntaxError(message))
  })

  test('every text that JSON.parse refuses has a place, and no other text', () => {
    const maybeBroken = fc
      .tuple(anyValue, fc.nat(), fc.constantFrom('', '}', ']', ',', ':', '"', 'x', '\\', '0', '-'))
      .map(([value, at, junk]) => {
        const text = JSON.stringify({ value }, null, 1)
        return text.slice(0, at % text.length) + junk + text.slice((at % text.length) + 1)
      })
    const place = /^unexpected .* at line \d+, column \d+$/s
    fc.assert(
      fc.property(maybeBroken, (text) => {
        const found = problem(text)
        expect(found ?? 'unexpected end at line 1, column 1').toMatch(place)
        expect(found === undefined ? jsonErrorOffset(text) : text.length).toBe(text.length)
      }),
      { numRuns: 500 },
    )
  })

  // V8 leaves the optimization out by itself in a process with much code.
  test('a huge broken text is refused where V8 optimizes no regular expression', () => {
    const { href } = new URL('../../src/storage/json-encoder.ts', import.meta.url)
    const script = `
      const { jsonEncoder } = await import('${href}')
      const lines = ${JSON.stringify(String.raw`\n`)}.repeat(2_000_000)
      const text = '{"a": "' + lines + '", "b": "' + 'x'.repeat(6_000_000) + '" x}'
      try {
        jsonEncoder.decode(text)
      } catch (error) {
        console.log(error.message)
      }`
    const output = run(['--no-regexp-optimization'], script)
    expect(output).toBe('unexpected "x" at line 1, column 10000019\n')
  })
})

describe('YAML text', () => {
  test('has block scalars, short lists on one line, no anchors and no folding', () => {
    const headers = [['Accept', 'application/json']]
    const value = {
      headers,
      again: headers,
      text: 'one\ntwo\n',
      date: '2020-01-01',
      l: 'a '.repeat(80) + 'b',
    }
    expect(yamlEncoder.encode(value)).toBe(`headers:
  - [Accept, application/json]
again:
  - [Accept, application/json]
text: |
  one
  two
date: '2020-01-01'
l: ${'a '.repeat(80)}b
`)
  })

  test.each([
    ['a: 1\na: 2', 'duplicated mapping key at line 2, column 1'],
    ['a: [1', /at line 1, column 6$/],
    ['a: &x 1\nb: *x', 'an alias, which is not allowed at line 2, column 5'],
    ['a: !!js/function "x"', /unknown scalar tag .* at line 1, column 4/],
    ['a: !!binary aGk=', /unknown scalar tag/],
    ['a: !!python/object:os.system {}', /unknown/],
    ['', /the input is empty/],
    ['a: 1\n---\nb: 2', /single document/],
    [`a: ${'['.repeat(200)}`, /nesting exceeded/],
    ['a: b\0c', /null byte/],
    ['? [a]\n: 1', /complex keys/],
  ])('%j is refused', (text, message) => {
    expect(() => yamlEncoder.decode(text)).toThrow(SyntaxError)
    expect(() => yamlEncoder.decode(text)).toThrow(message)
  })

  test('an alias bomb is refused before it grows', () => {
    const lines = Array.from(
      { length: 30 },
      (_, at) =>
        `a${at}: &a${at} [${Array(10)
          .fill(at === 0 ? 'x' : `*a${at - 1}`)
          .join(', ')}]`,
    )
    expect(() => yamlEncoder.decode(lines.join('\n'))).toThrow(/an alias/)
  })

  test('is what people write by hand, too: dates are strings and merge keys are keys', () => {
    expect(yamlEncoder.decode('a: 2020-01-01\n"<<": {b: 1}\n# why\nc: 0x1f')).toEqual({
      a: '2020-01-01',
      '<<': { b: 1 },
      c: 31,
    })
  })
})

test('the extension of a path tells its encoder', () => {
  expect(encoderOfPath('/a/b.json')).toBe(jsonEncoder)
  expect(encoderOfPath('b.YML')).toBe(yamlEncoder)
  expect(encoderOfPath('b.yaml')).toBe(encoderFor('yaml'))
  expect(encoderOfPath('b.txt')).toBeUndefined()
})

test('the YAML parser is not loaded for JSON', () => {
  const { href } = new URL('../../src/storage/encoders.ts', import.meta.url)
  const script = `
    import { createRequire } from 'node:module'
    const { encoderFor } = await import('${href}')
    const { cache } = createRequire('${href}')
    const isLoaded = () => Object.keys(cache).some((path) => path.includes('js-yaml'))
    encoderFor('json').decode(encoderFor('json').encode({}))
    const before = isLoaded()
    encoderFor('yaml').encode({})
    console.log(before, isLoaded())`
  expect(run([], script)).toBe('false true\n')
})

/** What a module prints in a process of its own. */
function run(flags: readonly string[], script: string): string {
  const args = ['--no-warnings', ...flags, '--input-type=module', '-e', script]
  return execFileSync(process.execPath, args, { encoding: 'utf8' })
}
