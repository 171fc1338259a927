import { longCookie, urlHeaders } from '../../src/model/redaction/secret-headers.ts'
import {
  harmlessTokens,
  secretEnds,
  secretHeaderEnds,
  secretNames,
} from '../../src/model/redaction/secret-names.ts'
import { secretPatterns } from '../../src/model/redaction/secret-patterns.ts'
import { secretVariables, shortestValue } from '../../src/model/redaction/secret-values.ts'

const start = '<!-- rules: written by docs/write-redaction-rules.mjs -->'
const end = '<!-- end of rules -->'

/** A page with the table of redaction rules between its marks as the code has them. */
export function withRedactionTable(page: string): string {
  const [before, rest = ''] = page.split(start)
  const [, after] = rest.split(end)
  if (before === undefined || after === undefined) throw new Error('The page has no marks.')
  return `${before}${start}\n\n${redactionTable()}\n\n${end}${after}`
}

function redactionTable(): string {
  const { field, header, query, cookie } = secretNames
  const further = (names: readonly string[]) => code(names.filter((name) => !field.includes(name)))
  const rows = [
    ['names, everywhere', code(field)],
    [
      'ends of names, everywhere',
      `${code(secretEnds)}, but no \`token\` behind ${code(harmlessTokens)}`,
    ],
    ['ends of names of headers, besides', code(secretHeaderEnds)],
    ['names of headers, besides', further(header)],
    ['names in queries, besides', further(query)],
    [
      'names of cookies, besides',
      `${further(cookie)}; any value of ${longCookie} characters or more`,
    ],
    ['headers that are redacted as a URL', `${code(urlHeaders)}; each URL of ${code(['link'])}`],
    ['variables', `${code(secretVariables)}; values of ${shortestValue} characters or more`],
    ...secretPatterns.map(({ name, pattern }) => [name, code([pattern.source])]),
  ]
  return [
    '| rule | what it takes |',
    '| --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n')
}

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word.replaceAll('|', String.raw`\|`)}\``).join(' ')
}
