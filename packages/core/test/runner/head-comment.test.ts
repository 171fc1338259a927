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
  expect(headComment(source, file)).toBe('fixtures/api')
})

test('a path may hold blanks', () => {
  expect(headComment('// @cassette fixtures/an api.yaml\n', file)).toBe('fixtures/an api.yaml')
})

test.each([
  ['no comment', 'import x from "x"\n'],
  ['a comment behind code', 'import x from "x"\n// @cassette fixtures/api\n'],
  ['another tag', '// @cassettes fixtures/api\n'],
  ['a tag of a longer name', '// @cassette-mode none\n'],
  ['prose that mentions the tag', '// the @cassette tag names a path\n'],
  ['the tag in a string', 'const x = "// @cassette fixtures/api"\n'],
])('%s names none', (_what, source) => {
  expect(headComment(source, file)).toBeUndefined()
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
