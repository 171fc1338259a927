import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMultipart } from '../../../src/model/matchers/multipart.ts'

const type = 'multipart/form-data; boundary=b0'

function parse(text: string, contentType = type) {
  return parseMultipart(Buffer.from(text), contentType)
}

test('the parts come in order with name, file name, type and bytes', () => {
  const text = [
    '--b0',
    'Content-Disposition: form-data; name="title"',
    '',
    'A title',
    '--b0',
    'content-type: image/png',
    'content-disposition: form-data; name="file"; filename="a b.png"',
    '',
    'line\r\n\r\n--b',
    '--b0--',
    '',
  ].join('\r\n')

  expect(parse(text)).toEqual([
    {
      head: 'Content-Disposition: form-data; name="title"',
      name: 'title',
      filename: null,
      type: null,
      body: Buffer.from('A title'),
    },
    {
      head: 'content-type: image/png\r\ncontent-disposition: form-data; name="file"; filename="a b.png"',
      name: 'file',
      filename: 'a b.png',
      type: 'image/png',
      body: Buffer.from('line\r\n\r\n--b'),
    },
  ])
})

test('what the platform sends is read back to the byte', async () => {
  const fields = fc.array(
    fc.record({
      name: fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', ';', ' ', '=') }),
      file: fc.boolean(),
      bytes: fc.uint8Array({ maxLength: 30 }),
    }),
    { maxLength: 3 },
  )
  await fc.assert(
    fc.asyncProperty(fields, async (list) => {
      const form = new FormData()
      for (const { name, file, bytes } of list) {
        if (file) form.append(name, new Blob([bytes], { type: 'image/png' }), 'a.png')
        else form.append(name, Buffer.from(bytes).toString('hex'))
      }
      const response = new Response(form)
      const parts = parseMultipart(
        Buffer.from(await response.arrayBuffer()),
        response.headers.get('content-type')!,
      )

      expect(parts).toMatchObject(
        list.map(({ name, file, bytes }) => ({
          name,
          filename: file ? 'a.png' : null,
          type: file ? 'image/png' : null,
          body: file ? Buffer.from(bytes) : Buffer.from(Buffer.from(bytes).toString('hex')),
        })),
      )
    }),
  )
})

test('a preamble, an epilogue, a quoted boundary and a part without headers are no obstacle', () => {
  expect(
    parse(
      'ignored\r\n--b 0\r\n\r\nhi\r\n--b 0--\r\nignored',
      'multipart/form-data; boundary="b 0"',
    ),
  ).toEqual([{ head: '', name: '', filename: null, type: null, body: Buffer.from('hi') }])
})

test('a form without fields has no parts', () => {
  expect(parse('--b0--\r\n')).toEqual([])
})

test.each([
  ['no boundary is named', 'multipart/form-data', '--b0--'],
  ['another boundary is named', 'multipart/form-data; boundary=b1', '--b0--'],
  ['the end is missing', type, '--b0\r\n\r\nhi\r\n'],
  ['a part has no blank line', type, '--b0\r\nhi\r\n--b0--'],
  ['it is empty', type, ''],
])('it is no multipart body where %s', (_, contentType, text) => {
  expect(parse(text, contentType)).toBeUndefined()
})
