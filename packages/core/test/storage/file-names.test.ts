import { readdirSync } from 'node:fs'
import { join, posix, win32 } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cassetteName } from '../../src/model/cassette-name.ts'
import type { Interaction } from '../../src/model/interaction.ts'
import { matcherSet } from '../../src/model/matcher-set.ts'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'
import { anyText } from '../model/any-text.ts'

const matchers = matcherSet()

function recorded(url: string): Interaction {
  const { request, ...rest } = sampleInteraction()
  const asked = { ...request, url }
  return { ...rest, request: asked, name: cassetteName(asked, matchers) }
}

const hosts = fc.constantFrom(
  'https://con',
  'http://nul.aux:8080',
  'https://COM1.test',
  'http://[::1]:1',
  'https://xn--4ca.test',
  'https://a..b.test',
)
const segments = fc.oneof(
  anyText,
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    'CON',
    'a'.repeat(300),
    '%00',
    'x.',
    ' ',
    'A',
    'a',
    '\\',
    ':',
  ),
)
const urls = fc
  .tuple(hosts, fc.array(segments, { maxLength: 4 }), fc.option(anyText))
  .map(([host, path, query]) => `${host}/${path.join('/')}${query === null ? '' : `?${query}`}`)
  .filter((url) => URL.canParse(url))
  .map((url) => new URL(url).href.split('#', 1)[0]!)

test('any URLs get files that are legal and apart on every system, inside their directory', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(urls, { minLength: 1, maxLength: 6 }), async (some) => {
      const directory = join(tempDir(), 'cassette')
      const library = openCassetteLibrary(directory)
      const names = new Set<string>()
      for (const url of some) {
        const interaction = recorded(url)
        names.add(interaction.name)
        library.add(interaction)
      }
      await library.save()

      const files = readdirSync(directory)
      expect(files).toHaveLength(names.size)
      // macOS and Windows take names that differ in case alone for one.
      expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.size)
      for (const file of files) {
        expect(posix.resolve('/dir', file)).toBe(`/dir/${file}`)
        expect(win32.resolve('C:\\dir', file)).toBe(`C:\\dir\\${file}`)
        expect(Buffer.byteLength(file)).toBeLessThanOrEqual(180)
        expect(file).not.toMatch(/[<>:"/\\|?*]|\p{Cc}|[. ]$|^[. ]/u)
        expect(file).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)/i)
      }
      for (const name of names) {
        expect(openCassetteLibrary(directory).find(name)).toHaveLength(1)
      }
    }),
    { numRuns: 60 },
  )
})
