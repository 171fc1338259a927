import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CassetteDecodeError } from '../../src/model/errors/cassette-decode-error.ts'
import type { Interaction } from '../../src/model/interaction.ts'
import { cassetteDocument } from '../../src/storage/cassette-document.ts'
import { jsonEncoder } from '../../src/storage/json-encoder.ts'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { yamlEncoder } from '../../src/storage/yaml-encoder.ts'
import { sampleInteraction, sampleSequence } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

// Where in the file: a line, a byte, or the place of a value.
const position =
  /line \d+, column \d+|lines 1 to \d+|byte \d+|`[^`]+`+ (?:must|is|cannot|has)|file is empty|no field `cassette`|version \d+/

const rich: Interaction = {
  ...sampleInteraction({ path: '/rich' }),
  response: {
    httpVersion: '1.0',
    informational: [{ status: 103, statusText: 'Early Hints', headers: [['Link', '</a>']] }],
    status: 200,
    statusText: 'OK',
    headers: [['Trailer', 'X-End']],
    body: { text: 'x' },
    trailers: [['X-End', '1']],
    truncated: true,
  },
  error: { message: 'read ECONNRESET', details: { code: 'ECONNRESET', errno: -104 } },
}
const sample = cassetteDocument([
  rich,
  ...sampleSequence(2, { test: 'a test' }),
  sampleInteraction({ path: '/text', body: { text: 'line\nline', contentEncoding: 'gzip' } }),
  sampleInteraction({ path: '/bytes', body: { base64: 'AP8=' } }),
  sampleInteraction({ path: '/stream', body: { chunks: [{ afterMs: 1, text: 'data: x\n\n' }] } }),
])

function expectRefusal(error: CassetteDecodeError, path: string): void {
  expect(error.path).toBe(path)
  expect(error.message).toMatch(position)
}

/** Reads a file that must be refused with its path and a position, or be whole. */
function read(path: string): readonly Interaction[] | CassetteDecodeError {
  try {
    return openCassetteLibrary(path).interactions()
  } catch (error) {
    if (!(error instanceof CassetteDecodeError)) throw error
    expectRefusal(error, path)
    return error
  } finally {
    expect(Object.keys(Object.prototype)).toEqual([])
    expect({}).not.toHaveProperty('polluted')
  }
}

/** What is read must be writable, and read the same again: nothing crooked got in. */
function expectWhole(found: readonly Interaction[] | CassetteDecodeError): void {
  if (found instanceof CassetteDecodeError) return
  const document = cassetteDocument(found)
  expect(jsonEncoder.decode(jsonEncoder.encode(document))).toEqual(document)
  for (const { request, response } of found) {
    expect(URL.canParse(request.url)).toBe(true)
    const { headers = [], trailers = [], informational = [], status = 200 } = response ?? {}
    const lists = [headers, trailers, ...informational.map((head) => head.headers)]
    for (const [name, value] of lists.flat()) {
      expect(() => new Headers([[name, value]])).not.toThrow()
    }
    expect(status === 101 || status >= 200).toBe(true)
  }
}

const key = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'json', 'text', 'chunks'),
)
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    'a\r\nX: y',
    'x\0y',
    '漢',
    -1,
    1e308,
    999,
    1000,
    2 ** 53,
    {},
    [],
    [[]],
    [['a', 'b']],
    null,
  ),
  fc.dictionary(key, fc.jsonValue()),
  fc.constant(
    JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    ) as unknown,
  ),
)

type Step = string | number

/** Every place in a value. */
function placesIn(value: unknown, at: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== 'object' || value === null) return [at]
  const steps: Step[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [at, ...steps.flatMap((step) => placesIn(Reflect.get(value, step), [...at, step]))]
}

function withValueAt(value: unknown, [step, ...rest]: readonly Step[], other: unknown): unknown {
  if (step === undefined) return other
  if (Array.isArray(value)) {
    return value.map((item: unknown, at) => (at === step ? withValueAt(item, rest, other) : item))
  }
  const inner: unknown = Reflect.get(value as object, step)
  return { ...(value as object), [step]: withValueAt(inner, rest, other) }
}

describe.each([
  ['cassette.json', jsonEncoder],
  ['cassette.yaml', yamlEncoder],
])('%s', (name, encoder) => {
  const text = encoder.encode(sample)

  test('a wrong value at any place is refused with its place, or is none', () => {
    const path = join(tempDir(), name)
    fc.assert(
      fc.property(fc.constantFrom(...placesIn(sample)), anything, (at, other) => {
        writeFileSync(path, encoder.encode(withValueAt(sample, at, other)))
        expectWhole(read(path))
      }),
      { numRuns: 400 },
    )
  })

  test('a file that ends anywhere is refused with the position, or is whole', () => {
    const path = join(tempDir(), name)
    fc.assert(
      fc.property(fc.nat(text.length), (length) => {
        writeFileSync(path, text.slice(0, length))
        expectWhole(read(path))
      }),
      { numRuns: 150 },
    )
  })

  test('any bytes in any place are refused with the position, or harmless', () => {
    const path = join(tempDir(), name)
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          '\0',
          '\ufeff',
          '\r\n',
          '\r',
          '\ufffd',
          '&a ',
          '*a',
          '!!js/function x',
          '<<: ',
          '__proto__: ',
          '"',
          '{',
          ']',
          '1e9999',
          '%',
        )
        .map((bit) => Buffer.from(bit)),
    )
    fc.assert(
      fc.property(fc.nat(text.length), noise, (at, bytes) => {
        const [head, tail] = [text.slice(0, at), text.slice(at)].map((part) => Buffer.from(part))
        writeFileSync(path, Buffer.concat([head!, bytes, tail!]))
        expectWhole(read(path))
      }),
      { numRuns: 400 },
    )
  })

  test('a byte order mark and other line ends change nothing', () => {
    const path = join(tempDir(), name)
    writeFileSync(path, text)
    const plain = read(path)
    writeFileSync(path, `\ufeff${text.replaceAll('\n', '\r\n')}`)
    expect(read(path)).toEqual(plain)
    expect(plain).toHaveLength(6)
  })

  test('a key that others take for the prototype is a key, and is read back as one', () => {
    const path = join(tempDir(), name)
    const json = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'
    const body = { json: JSON.parse(json) as never }
    writeFileSync(path, encoder.encode(cassetteDocument([sampleInteraction({ body })])))
    const [found] = read(path) as readonly Interaction[]
    expect(JSON.stringify(found?.response?.body)).toBe(`{"json":${json}}`)
  })
})

const interaction = (response: string): string =>
  `{"cassette":1,"interactions":[{"name":"x 0123456789abcdef","matchOn":"1","recordedAt":"2026-11-22T17:00:00Z","request":{"method":"GET","url":"http://a.test/","headers":[]},"response":${response}}]}`

test.each([
  [
    'a line end in a header',
    '{"status":200,"statusText":"","headers":[["a","b\\r\\nc: d"]]}',
    'headers[0][1]',
  ],
  [
    'a NUL in a header',
    '{"status":200,"statusText":"","headers":[["a","\\u0000"]]}',
    'headers[0][1]',
  ],
  [
    'a header beyond one byte',
    '{"status":200,"statusText":"","headers":[["a","漢"]]}',
    'headers[0][1]',
  ],
  [
    'a header without a name',
    '{"status":200,"statusText":"","headers":[["","b"]]}',
    'headers[0][0]',
  ],
  [
    'a header with a colon in its name',
    '{"status":200,"statusText":"","headers":[["a:b","c"]]}',
    'headers[0][0]',
  ],
  ['a line end in the reason', '{"status":200,"statusText":"a\\nb","headers":[]}', 'statusText'],
  ['a status below 200', '{"status":100,"statusText":"","headers":[]}', 'status'],
  ['a status above 999', '{"status":1000,"statusText":"","headers":[]}', 'status'],
  ['a status that is no number', '{"status":"200","statusText":"","headers":[]}', 'status'],
  [
    'a number beyond all',
    '{"status":200,"statusText":"","headers":[],"body":{"json":[1e999]}}',
    'body.json',
  ],
  [
    'a prototype',
    '{"status":200,"statusText":"","headers":[],"__proto__":{"status":500}}',
    '__proto__',
  ],
])('%s is refused with its place', (_, response, place) => {
  const path = join(tempDir(), 'cassette.json')
  writeFileSync(path, interaction(response))
  expect(read(path)).toMatchObject({
    message: expect.stringContaining(`\`interactions[0].response.${place}\``),
  })
})

test.each([
  ['an alias bomb', `a: &a [x]\n${'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n'.repeat(3)}cassette: 1`],
  ['a custom tag', 'cassette: 1\ninteractions: !!js/function "function () { process.exit(1) }"'],
  ['a regular expression', 'cassette: 1\ninteractions: !!js/regexp /x/'],
  ['an unknown tag', 'cassette: 1\ninteractions: !<tag:evil> []'],
  ['a merge key', 'cassette: 1\n<<: {interactions: []}'],
  ['a binary', 'cassette: 1\ninteractions: !!binary aGVsbG8='],
  ['two documents', 'cassette: 1\ninteractions: []\n---\ncassette: 1'],
  ['a key twice', 'cassette: 1\ncassette: 1\ninteractions: []'],
])('YAML with %s is refused with the position', (_, text) => {
  const path = join(tempDir(), 'cassette.yaml')
  writeFileSync(path, text)
  expect(read(path)).toBeInstanceOf(CassetteDecodeError)
})

test('a file of a directory that is a link out of it is refused', () => {
  const outside = join(tempDir(), 'secret.json')
  const directory = join(tempDir(), 'cassette')
  mkdirSync(directory)
  writeFileSync(outside, jsonEncoder.encode({ cassette: 1 }))
  symlinkSync(outside, join(directory, 'link_0123456789abcdef.json'))

  expect(() => openCassetteLibrary(directory).interactions()).toThrow(
    /link_0123456789abcdef\.json: it is a symbolic link that leads to .*secret\.json/,
  )
})

test('a link to a file of the same directory is read', async () => {
  const directory = join(tempDir(), 'cassette')
  const library = openCassetteLibrary(directory)
  library.add(sampleInteraction())
  await library.save()
  symlinkSync(library.fileOf(sampleInteraction()), join(directory, 'link.json'))

  expect(openCassetteLibrary(directory).find(sampleInteraction().name)).toHaveLength(1)
})

const child = promisify(execFile)
const source = pathToFileURL(
  join(import.meta.dirname, '../../src/storage/open-cassette-library.ts'),
)

/**
 * Reads a file in a process with little memory, which it must not exceed.
 *
 * @returns the name and the message of the error
 */
async function readWithLittleMemory(path: string): Promise<string> {
  const code = `import { openCassetteLibrary } from '${source.href}'
    try { openCassetteLibrary(process.argv[1]).interactions() }
    catch (error) { console.log(error.name, error.message) }
    console.log('peak', process.resourceUsage().maxRSS)`
  const flags = ['--max-old-space-size=512', '--no-warnings', '--input-type=module', '-e', code]
  // The time is a guard against a hang, on a machine that does other things too.
  const { stdout } = await child(process.execPath, [...flags, path], { timeout: 60_000 })
  const [told = '', peak] = stdout.split('\npeak ')
  // In KiB, all that the process ever had.
  expect(Number(peak)).toBeLessThan(512 * 1024)
  return told
}

/** Fields of different names, which take the most memory for what they count. */
function fields(count: number): string {
  return Array.from({ length: count }, (_, at) => `"${at.toString(36)}":1`).join()
}

test.each(['huge.json', 'huge.yaml'])('%s of 200 MB is refused unread', async (name) => {
  const path = join(tempDir(), name)
  writeFileSync(path, '{"cassette": 1, "interactions": [')
  truncateSync(path, 200_000_000)

  expect(await readWithLittleMemory(path)).toMatch(
    /^CassetteDecodeError .*huge.*200000000 bytes.*beyond byte 134217728/,
  )
})

test.each([
  ['lists.json', '['.repeat(5_000_000)],
  [
    'lists-in-a-cassette.json',
    `{"cassette":1,"interactions":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`,
  ],
  [
    'body.json',
    interaction(
      `{"status":200,"statusText":"","headers":[],"body":{"json":${'[{"a":'.repeat(100_000)}1${'}]'.repeat(100_000)}}}`,
    ),
  ],
  ['key.json', `{"cassette":1,"interactions":[{"${'k'.repeat(10_000_000)}":1}]}`],
  ['digits.json', `{"cassette":${'9'.repeat(5_000_000)}}`],
  ['objects.json', `{"cassette":1,"interactions":[${'{},'.repeat(15_000_000)}{}]}`],
  ['numbers.json', `{"cassette":1,"interactions":[${'1,'.repeat(7_900_000)}1]}`],
  ['fields.json', `{"cassette":1,"interactions":[{${fields(2_600_000)}}]}`],
  ['strings.json', `{"cassette":1,"interactions":[${'"",'.repeat(15_000_000)}""]}`],
  ['lists.yaml', `cassette: ${'['.repeat(100_000)}`],
  ['maps.yaml', `cassette: 1\ninteractions: ${'{a: '.repeat(100_000)}`],
  ['dashes.yaml', `cassette: 1\ninteractions:\n  ${'- '.repeat(100_000)}a`],
  ['digits.yaml', `cassette: ${'9'.repeat(500_000)}`],
  ['lines.json', `{"cassette":1,"interactions":[${'\n'.repeat(10_000_000)}!`],
])('%s is refused within little memory', async (name, text) => {
  const path = join(tempDir(), name)
  writeFileSync(path, text)
  const told = await readWithLittleMemory(path)

  expect(told).toMatch(/^CassetteDecodeError /)
  expect(told).toMatch(position)
  expect(told.length).toBeLessThan(2000)
})
