import { expect, test } from 'vitest'
import { headComment } from '../../src/runner/head-comment.ts'

const file = '/project/src/users.test.ts'

test.each([
  ['a line comment', '// @cassette fixtures/api\n'],
  ['a block comment', '/** @cassette fixtures/api */\n'],
  ['a line of a block comment', '/**\n * @jest-environment node\n * @cassette fixtures/api\n */\n'],
  [
    'a comment after the pragma of a runner',
    '/** @jest-environment jsdom */\n// @cassette fixtures/api\n',
  ],
  ['a comment after a licence', '/* (c) */\n\n// @cassette fixtures/api\nimport x from "x"\n'],
  ['a comment after a shebang', '#!/usr/bin/env node\n// @cassette fixtures/api\n'],
  ['a comment after a byte order mark', '\uFEFF// @cassette fixtures/api\n'],
  ['a comment after "use strict"', "'use strict'\n// @cassette fixtures/api\n"],
  ['CRLF line ends', '// about\r\n// @cassette fixtures/api\r\nimport x from "x"\r\n'],
  ['a comment behind another on its line', '/* eslint-disable */ // @cassette fixtures/api\n'],
  ['three slashes', '/// @cassette fixtures/api\n'],
  ['a bare line of a block comment', '/*\n@cassette fixtures/api\n*/\n'],
  ['a comment after another directive', "'use client'\n// @cassette fixtures/api\n"],
  ['trailing blanks', '// @cassette   fixtures/api  \n'],
])('%s names the cassette', (_what, source) => {
  expect(headComment(source, file)).toEqual({ path: 'fixtures/api' })
})

test('a path may hold blanks', () => {
  expect(headComment('// @cassette fixtures/an api.yaml\n', file).path).toBe('fixtures/an api.yaml')
})

test.each([
  ['no comment', 'import x from "x"\n'],
  ['a comment behind code', 'import x from "x"\n// @cassette fixtures/api\n'],
  ['another tag', '// @cassettes fixtures/api\n'],
  ['the name of a package', '// @cassette/core plays it\n'],
  ['prose that mentions the tag', '// the @cassette tag names a path\n'],
  ['the tag in a string', 'const x = "// @cassette fixtures/api"\n'],
])('%s says nothing', (_what, source) => {
  expect(headComment(source, file)).toEqual({})
})

test('a second tag is an error with its line and column', () => {
  expect(() => headComment('// @cassette a\n\n  // @cassette b\n', file)).toThrow(
    `${file}:3:6: A test file has one cassette`,
  )
})

test('two tags on one line are an error', () => {
  expect(() => headComment('/** @cassette a @cassette b */\n', file)).toThrow('Keep one.')
})

test('a colon behind the tag is an error that shows how to write it', () => {
  expect(() => headComment('// @cassette: fixtures/api\n', file)).toThrow('Write one:')
})

test('a tag without a path is an error that shows how to write it', () => {
  expect(() => headComment('// @cassette\n', file)).toThrow(
    `${file}:1:4: The @cassette comment names no path. Write one: // @cassette fixtures/api`,
  )
})

test('off means no cassette; a cassette of that name is written ./off', () => {
  expect(headComment('// @cassette off\n', file)).toEqual({ isOff: true })
  expect(headComment('// @cassette ./off\n', file)).toEqual({ path: './off' })
})

test('a file says its mode, with or without a path', () => {
  expect(headComment('// @cassette-mode none\n', file)).toEqual({ recordMode: 'none' })
  expect(headComment('/**\n * @cassette api\n * @cassette-mode all\n */\n', file)).toEqual({
    path: 'api',
    recordMode: 'all',
  })
})

test.each([
  ['an unknown mode', '\n// @cassette-mode never\n', "2:4: There is no mode 'never'. Use one of "],
  ['no mode', '// @cassette-mode\n', '1:4: The @cassette-mode comment names no mode. Write one: '],
  ['a colon', '// @cassette-mode: none\n', '1:4: The @cassette-mode comment names no mode.'],
  [
    'two modes',
    '// @cassette-mode all\n// @cassette-mode none\n',
    '2:4: A test file has one mode, and this is the second @cassette-mode comment. Keep one.',
  ],
  ['an unknown tag', '/*\n * @cassette-moed none */', '2:4: There is no @cassette-moed. Use '],
  [
    'off with a mode',
    '// @cassette off\n//  @cassette-mode none\n',
    '2:5: A file whose cassette is off has no mode. Keep one of the two.',
  ],
])('%s is an error with its line and column', (_what, source, message) => {
  expect(() => headComment(source, file)).toThrow(`${file}:${message}`)
})
