import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CassetteLibrary } from '../../src/model/cassette-library.ts'
import { cassetteExists } from '../../src/storage/cassette-path.ts'
import { filesBelow } from './files.ts'
import { sampleInteraction, sampleSequence } from './interaction.ts'
import { tempDir } from './temp-dir.ts'

/**
 * What holds for every CassetteLibrary.
 *
 * @param fileName the last part of the path that is opened
 */
export function describeCassetteLibrary(
  name: string,
  fileName: string,
  open: (path: string) => CassetteLibrary,
): void {
  const newPath = (): string => join(tempDir(), 'a', 'b', fileName)

  // oxlint-disable-next-line vitest/valid-title -- a string that the caller chooses
  describe(name, () => {
    test('tells its absolute path', () => {
      const path = newPath()
      expect(open(path).path).toBe(path)
    })

    test('a cassette that does not exist has no interactions, and looking makes none', () => {
      const path = newPath()
      const library = open(path)
      expect(library.find(sampleInteraction().name)).toEqual([])
      expect(library.interactions()).toEqual([])
      expect(library.isDirty).toBe(false)
      expect(existsSync(dirname(path))).toBe(false)
    })

    test('saving without a change writes nothing', async () => {
      const path = newPath()
      const library = open(path)
      library.find(sampleInteraction().name)
      await library.save()
      expect(existsSync(dirname(path))).toBe(false)
    })

    test('what was added is found before and after it is saved', async () => {
      const library = open(newPath())
      const interaction = sampleInteraction()
      library.add(interaction)
      expect(library.find(interaction.name)).toEqual([interaction])
      expect(library.isDirty).toBe(true)
      await library.save()
      expect(library.find(interaction.name)).toEqual([interaction])
      expect(library.isDirty).toBe(false)
    })

    test('what was saved is found by another library, equal in every field', async () => {
      const path = newPath()
      const bodies = [
        { text: 'line one\r\nline two\n  three \ud83d\ude00' },
        { json: { b: 1, a: [null, true, 1.5, 'x'], ['__proto__']: { c: 1 } } },
        { base64: 'AAECAw==' },
        {
          chunks: [
            { afterMs: 0, text: 'data: 1\n\n' },
            { afterMs: 12.5, base64: '/w==' },
          ],
        },
        { text: 'packed', contentEncoding: 'gzip' },
      ]
      const interactions = bodies.map((body, at) => sampleInteraction({ path: `/${at}`, body }))
      const library = open(path)
      for (const interaction of interactions) library.add(interaction)
      await library.save()
      const again = open(path)
      for (const interaction of interactions) {
        expect(again.find(interaction.name)).toStrictEqual([interaction])
      }
      expect(cassetteExists(path)).toBe(true)
    })

    test('an equal name is needed: another one is not found', async () => {
      const path = newPath()
      const library = open(path)
      const interaction = sampleInteraction()
      library.add(interaction)
      await library.save()
      const sameHash = `https:GET elsewhere:443/ ${interaction.name.slice(-16)}`
      expect(open(path).find(sameHash)).toEqual([])
    })

    test('the interactions of a name come in recorded order', async () => {
      const path = newPath()
      const sequence = sampleSequence(12)
      const library = open(path)
      for (const interaction of sequence) library.add(interaction)
      expect(library.find(sequence[0]!.name)).toEqual(sequence)
      await library.save()
      expect(open(path).find(sequence[0]!.name)).toEqual(sequence)
    })

    test('all interactions come sorted by name, test and index, those without a test first', async () => {
      const path = newPath()
      const sorted = [
        sampleInteraction({ path: '/a' }),
        sampleInteraction({ path: '/a', test: 'B' }),
        sampleInteraction({ path: '/a', test: 'B', index: 1 }),
        sampleInteraction({ path: '/a', test: 'a' }),
        sampleInteraction({ path: '/b' }),
      ]
      const library = open(path)
      for (const interaction of sorted.toReversed()) library.add(interaction)
      expect(library.interactions()).toEqual(sorted)
      await library.save()
      expect(library.interactions()).toEqual(sorted)
      expect(open(path).interactions()).toEqual(sorted)
    })

    test('what was removed is gone, and a list that was given away before stays as it was', async () => {
      const path = newPath()
      const [first, second] = sampleSequence(2)
      const library = open(path)
      library.add(first!)
      library.add(second!)
      await library.save()
      const before = library.find(first!.name)
      library.remove(first!)
      expect(library.find(first!.name)).toEqual([second])
      expect(before).toEqual([first, second])
      expect(library.isDirty).toBe(true)
      await library.save()
      expect(open(path).interactions()).toEqual([second])
    })

    test('a name that was read once is removed by the object that another look gives', async () => {
      const path = newPath()
      const library = open(path)
      library.add(sampleInteraction())
      await library.save()
      const again = open(path)
      again.remove(again.interactions()[0]!)
      await again.save()
      expect(open(path).interactions()).toEqual([])
    })

    test('adding and removing the same interaction leaves nothing to save', async () => {
      const path = newPath()
      const library = open(path)
      const interaction = sampleInteraction()
      library.add(interaction)
      library.remove(interaction)
      expect(library.isDirty).toBe(false)
      await library.save()
      expect(existsSync(path)).toBe(false)
    })

    test('an interaction takes the place of the one with the same name, test and index', async () => {
      const path = newPath()
      const library = open(path)
      library.add(sampleInteraction({ test: 'a' }))
      await library.save()
      const newer = sampleInteraction({ test: 'a', recordedAt: '2026-11-23T00:00:00.000Z' })
      library.add(newer)
      expect(library.interactions()).toEqual([newer])
      await library.save()
      expect(open(path).interactions()).toEqual([newer])
    })

    test('a pure read changes no byte and no time', async () => {
      const path = newPath()
      const library = open(path)
      for (const interaction of sampleSequence(3)) library.add(interaction)
      await library.save()
      const before = filesBelow(dirname(path))
      const again = open(path)
      again.find(sampleInteraction().name)
      again.find(sampleInteraction({ path: '/missing' }).name)
      again.interactions()
      await again.save()
      expect(filesBelow(dirname(path))).toEqual(before)
    })

    test('recording the same once more changes no byte and no time', async () => {
      const path = newPath()
      const library = open(path)
      library.add(sampleInteraction())
      await library.save()
      const before = filesBelow(dirname(path))
      const again = open(path)
      again.add(sampleInteraction())
      await again.save()
      expect(again.isDirty).toBe(false)
      expect(filesBelow(dirname(path))).toEqual(before)
    })

    test('the bytes do not depend on the order in which was recorded', async () => {
      const interactions = ['/a', '/b', '/c'].map((path) => sampleInteraction({ path }))
      const [one, other] = [newPath(), newPath()]
      const [first, second] = [open(one), open(other)]
      for (const interaction of interactions) first.add(interaction)
      for (const interaction of interactions.toReversed()) second.add(interaction)
      await Promise.all([first.save(), second.save()])
      const texts = (path: string): string[] =>
        [...filesBelow(dirname(path)).values()].map(({ text }) => text)
      expect(texts(one)).toEqual(texts(other))
    })

    test('libraries of one path that save one after the other keep what each recorded', async () => {
      const path = newPath()
      const [one, other] = [open(path), open(path)]
      const [first, second] = [sampleInteraction({ path: '/1' }), sampleInteraction({ path: '/2' })]
      one.add(first)
      other.add(second)
      await one.save()
      await other.save()
      expect(open(path).interactions()).toEqual([first, second])
    })

    test('libraries of one path that save at once lose nothing', async () => {
      const path = newPath()
      const libraries = Array.from({ length: 8 }, () => open(path))
      libraries.forEach((library, at) => {
        library.add(sampleInteraction({ path: `/${at}` }))
        library.add(sampleInteraction({ path: '/same', test: `test ${at}` }))
      })
      await Promise.all(libraries.map((library) => library.save()))
      expect(open(path).interactions()).toHaveLength(16)
    })

    test('one request that two libraries record at once is kept once', async () => {
      const path = newPath()
      const libraries = [open(path), open(path)]
      for (const library of libraries) library.add(sampleInteraction())
      await Promise.all(libraries.map((library) => library.save()))
      expect(open(path).interactions()).toEqual([sampleInteraction()])
      for (const library of libraries) {
        expect(existsSync(library.fileOf(library.interactions()[0]!))).toBe(true)
      }
    })

    test('what another library recorded anew is not deleted by one that removed the old', async () => {
      const path = newPath()
      const old = [sampleInteraction({ test: 'a' }), sampleInteraction({ test: 'b' })]
      const first = open(path)
      for (const interaction of old) first.add(interaction)
      await first.save()
      const recordedAt = '2026-11-23T00:00:00.000Z'
      const anew = ['a', 'b'].map((title) => sampleInteraction({ test: title, recordedAt }))
      const libraries = anew.map((interaction) => {
        const library = open(path)
        for (const stored of library.interactions()) library.remove(stored)
        library.add(interaction)
        return library
      })
      for (const library of libraries) await library.save()
      expect(open(path).interactions()).toEqual(anew)
    })

    test('an object that was given away stays the same one across saves', async () => {
      const path = newPath()
      const first = open(path)
      first.add(sampleInteraction())
      await first.save()
      const library = open(path)
      const [stored] = library.find(sampleInteraction().name)
      const other = open(path)
      other.add(sampleInteraction({ path: '/other' }))
      await other.save()
      const mine = sampleInteraction({ path: '/mine' })
      library.add(mine)
      await library.save()
      expect(library.find(stored!.name)[0]).toBe(stored)
      expect(library.find(mine.name)[0]).toBe(mine)
    })

    test('saves that are asked for at once follow one another', async () => {
      const path = newPath()
      const library = open(path)
      const sequence = sampleSequence(5)
      const saves = sequence.map((interaction) => {
        library.add(interaction)
        return library.save()
      })
      expect(library.isDirty).toBe(true)
      await Promise.all(saves)
      expect(library.isDirty).toBe(false)
      expect(open(path).interactions()).toEqual(sequence)
    })

    test('what changes while a save runs is saved by the next', async () => {
      const path = newPath()
      const library = open(path)
      const [first, second] = sampleSequence(2)
      library.add(first!)
      const save = library.save()
      await Promise.resolve()
      library.add(second!)
      library.remove(first!)
      await save
      expect(library.interactions()).toEqual([second])
      expect(library.isDirty).toBe(true)
      await library.save()
      expect(open(path).interactions()).toEqual([second])
    })

    test('a save that fails tells the path, stays dirty and can be tried again', async () => {
      const path = newPath()
      const library = open(path)
      const interaction = sampleInteraction()
      library.add(interaction)
      const blocked = dirname(path)
      mkdirSync(dirname(blocked), { recursive: true })
      writeFileSync(blocked, 'a file where the directory must be')
      await expect(library.save()).rejects.toThrow(blocked)
      expect(library.isDirty).toBe(true)
      expect(library.find(interaction.name)).toEqual([interaction])
      rmSync(blocked)
      await library.save()
      expect(open(path).interactions()).toEqual([interaction])
    })

    test('a save leaves no temporary file and no lock behind', async () => {
      const path = newPath()
      const library = open(path)
      library.add(sampleInteraction())
      await library.save()
      const names = readdirSync(dirname(path), { recursive: true, encoding: 'utf8' })
      expect(names.filter((found) => /tmp|lock|\/\.|^\./.test(found))).toEqual([])
    })

    test('a path that cannot be followed is an error, not an absent cassette', () => {
      const path = newPath()
      mkdirSync(dirname(path), { recursive: true })
      symlinkSync(path, path)
      const { name: asked } = sampleInteraction()
      expect(() => open(path).find(asked)).toThrow(path)
      expect(() => open(path).interactions()).toThrow(/ELOOP.*readable/s)
      expect(() => cassetteExists(path)).toThrow(/ELOOP/)
    })

    test('tells where an interaction is kept', async () => {
      const path = newPath()
      const library = open(path)
      for (const interaction of sampleSequence(3)) library.add(interaction)
      await library.save()
      for (const interaction of library.interactions()) {
        const below = library.fileOf(interaction).slice(dirname(path).length + 1)
        expect([...filesBelow(dirname(path)).keys()]).toContain(below)
      }
      const again = open(path)
      const places = again.interactions().map((interaction) => again.locate(interaction))
      expect(places).toEqual(library.interactions().map((one) => library.locate(one)))
    })
  })
}
