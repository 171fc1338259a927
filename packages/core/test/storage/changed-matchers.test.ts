import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cassetteName } from '../../src/model/cassette-name.ts'
import type { Interaction } from '../../src/model/interaction.ts'
import { matcherSet } from '../../src/model/matcher-set.ts'
import { query } from '../../src/model/matchers/query.ts'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { filesBelow } from '../support/files.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

const byMethod = matcherSet({ matchOn: ['method', 'scheme', 'host'] })
const byPath = matcherSet({ matchOn: ['method', 'path'] })
const byAgent = matcherSet({ matchHeaders: ['user-agent'] })

/** What recordings of the default matchers become. */
function renamed(stored: Interaction, matchers: typeof byMethod, index = 0): Interaction {
  const { index: _index, ...rest } = stored
  return {
    ...rest,
    name: cassetteName(stored.request, matchers),
    matchOn: matchers.fingerprint,
    ...(index === 0 ? {} : { index }),
  }
}

describe.each(['users.test.ts', 'users.json', 'users.yaml'])('%s', (fileName) => {
  async function stored(...interactions: readonly Interaction[]): Promise<string> {
    const path = join(tempDir(), fileName)
    const library = openCassetteLibrary(path)
    for (const interaction of interactions) library.add(interaction)
    await library.save()
    return path
  }

  test('what other matchers named is found by its present name, and the disk stays as it is', async () => {
    const one = sampleInteraction({ path: '/1' })
    const other = sampleInteraction({ path: '/2', test: 'a' })
    const path = await stored(one, other)
    const before = filesBelow(dirname(path))
    const library = openCassetteLibrary(path, { matchers: byPath })

    expect(library.find(cassetteName(one.request, byPath))).toEqual([renamed(one, byPath)])
    expect(library.find(cassetteName(other.request, byPath))).toEqual([renamed(other, byPath)])
    expect(library.find(one.name)).toEqual([])
    expect(library.interactions()).toHaveLength(2)
    expect(library.isDirty).toBe(false)
    await library.save()
    expect(filesBelow(dirname(path))).toEqual(before)
  })

  test('it is told where it is kept under its stored name', async () => {
    const path = await stored(sampleInteraction())
    const [old] = openCassetteLibrary(path).interactions()
    const library = openCassetteLibrary(path, { matchers: byPath })
    const [present] = library.interactions()

    expect(library.locate(present!)).toBe(openCassetteLibrary(path).locate(old!))
    expect([...filesBelow(dirname(path)).keys()]).toContain(
      library.fileOf(present!).slice(dirname(path).length + 1),
    )
  })

  test('those of one test that get the same name are a sequence in the order of their times', async () => {
    const at = (hour: number) => `2026-11-22T${hour}:00:00.000Z`
    const late = sampleInteraction({ path: '/a', recordedAt: at(19) })
    const early = sampleInteraction({ path: '/b', recordedAt: at(17) })
    const middle = sampleInteraction({ path: '/c', recordedAt: at(18), index: 4 })
    const alone = sampleInteraction({ path: '/d', recordedAt: at(16), test: 'another' })
    const path = await stored(late, early, middle, alone)

    expect(
      openCassetteLibrary(path, { matchers: byMethod }).find(cassetteName(late.request, byMethod)),
    ).toEqual([
      renamed(early, byMethod),
      renamed(middle, byMethod, 1),
      renamed(late, byMethod, 2),
      renamed(alone, byMethod),
    ])
  })

  test('a sequence keeps its order, whichever of its requests was answered first', async () => {
    const at = (second: number) => `2026-11-22T17:00:0${second}.000Z`
    const [first, second] = [5, 3].map((time, index) =>
      sampleInteraction({ path: '/a', recordedAt: at(time), ...(index === 0 ? {} : { index }) }),
    )
    const [early, late] = [4, 6].map((time) =>
      sampleInteraction({ path: `/${time}`, recordedAt: at(time) }),
    )
    const path = await stored(late!, second!, early!, first!)
    const library = openCassetteLibrary(path, { matchers: byMethod })

    expect(library.find(cassetteName(first!.request, byMethod))).toEqual(
      [early, first, second, late].map((one, index) => renamed(one!, byMethod, index)),
    )
  })

  test('recordings of one time keep the order of their sequence', async () => {
    const sequence = [0, 1, 2, 3].map((index) =>
      sampleInteraction({ ...(index === 0 ? {} : { index }), body: { text: String(index) } }),
    )
    const path = await stored(...sequence.toReversed())
    const found = openCassetteLibrary(path, { matchers: byPath }).interactions()
    expect(found.map(({ response }) => response?.body)).toEqual(
      sequence.map(({ response }) => response?.body),
    )
  })

  test('a name that changed matchers give again counts with those that get it', async () => {
    const ignoring = matcherSet({ matchOn: ['method', 'url', query({ ignore: ['t'] })] })
    const wide = matcherSet({ matchOn: ['method', 'url', query()] })
    const same = renamed(sampleInteraction({ recordedAt: '2026-11-22T18:00:00.000Z' }), wide)
    const other = renamed(sampleInteraction({ path: '/users/octocat?t=1' }), wide)
    const path = await stored(same, other)
    const name = cassetteName(same.request, ignoring)

    expect(name).toBe(same.name)
    expect(openCassetteLibrary(path, { matchers: ignoring }).find(name)).toEqual([
      renamed(other, ignoring),
      renamed(same, ignoring, 1),
    ])
  })

  test('a recording that the present matchers named answers alone, before and after the rest is read', async () => {
    const old = sampleInteraction({ path: '/a' })
    const present = renamed(sampleInteraction({ path: '/b' }), byMethod)
    const path = await stored(old, present)
    const library = openCassetteLibrary(path, { matchers: byMethod })

    expect(library.find(present.name)).toEqual([present])
    expect(library.find('GET missing 0123456789abcdef')).toEqual([])
    expect(library.find(present.name)).toEqual([present])
    expect(library.interactions()).toHaveLength(2)
    expect(library.stale).toEqual([
      { interaction: old, reason: expect.stringContaining('present matchers named answers') },
    ])
  })

  test('one whose request lacks what is matched on now is stale and answers nothing', async () => {
    const old = sampleInteraction()
    const path = await stored(old)
    const library = openCassetteLibrary(path, { matchers: byAgent })

    expect(library.find(cassetteName(old.request, byAgent))).toEqual([])
    expect(library.interactions()).toEqual([old])
    expect(library.stale).toEqual([
      {
        interaction: old,
        reason: 'the request header user-agent, which is matched on now, was not stored',
      },
    ])
  })

  test('one that a matcher fails for is stale, with the reason', async () => {
    const path = await stored(sampleInteraction())
    const key = () => {
      throw new Error('no tenant')
    }
    const matchers = matcherSet({ matchOn: [{ name: 'tenant', key }] })
    const library = openCassetteLibrary(path, { matchers })

    expect(library.interactions()).toHaveLength(1)
    expect(library.stale[0]!.reason).toContain("The matcher 'tenant' failed")
  })

  test('a stale one can be removed', async () => {
    const path = await stored(sampleInteraction())
    const library = openCassetteLibrary(path, { matchers: byAgent })
    library.remove(library.interactions()[0]!)
    expect(library.stale).toEqual([])
    await library.save()
    expect(openCassetteLibrary(path).interactions()).toEqual([])
  })

  test('what is added to a sequence takes the whole of it to its present name on disk', async () => {
    const old = sampleInteraction({ recordedAt: '2026-11-22T17:00:00.000Z' })
    const untouched = sampleInteraction({ path: '/other' })
    const path = await stored(old, untouched)
    const next = { ...renamed(old, byPath, 1), recordedAt: '2026-11-23T17:00:00.000Z' }
    const library = openCassetteLibrary(path, { matchers: byPath })
    library.add(next)
    await library.save()

    const expected = [renamed(old, byPath), next]
    expect(library.find(next.name)).toEqual(expected)
    const again = openCassetteLibrary(path, { matchers: byPath })
    expect(again.find(next.name)).toEqual(expected)
    expect(openCassetteLibrary(path).interactions()).toEqual(
      expect.arrayContaining([...expected, untouched]),
    )
    expect(openCassetteLibrary(path).interactions()).toHaveLength(3)
  })

  test('what is added to a sequence whose name did not change keeps its file', async () => {
    const wide = matcherSet({ matchOn: ['method', 'url', query(), 'headers', 'body'] })
    const old = sampleInteraction()
    const path = await stored(old)
    const [file] = [...filesBelow(dirname(path)).keys()]
    const library = openCassetteLibrary(path, { matchers: wide })
    const next = renamed(old, wide, 1)
    library.add(next)
    await library.save()

    expect(next.name).toBe(old.name)
    expect(openCassetteLibrary(path).interactions()).toEqual([renamed(old, wide), next])
    expect([...filesBelow(dirname(path)).keys()]).toContain(file)
  })

  test('what takes the place of a renamed one replaces it on disk', async () => {
    const old = sampleInteraction()
    const path = await stored(old)
    const anew = { ...renamed(old, byPath), recordedAt: '2026-11-23T17:00:00.000Z' }
    const library = openCassetteLibrary(path, { matchers: byPath })
    library.add(anew)
    await library.save()
    await library.save()
    expect(openCassetteLibrary(path).interactions()).toEqual([anew])
  })

  test('what was renamed stays the same object across saves', async () => {
    const old = sampleInteraction()
    const path = await stored(old)
    const library = openCassetteLibrary(path, { matchers: byPath })
    const [present] = library.interactions()
    const elsewhere = renamed(sampleInteraction({ path: '/elsewhere' }), byPath)
    library.add(elsewhere)
    await library.save()
    expect(library.find(present!.name)[0]).toBe(present)
    expect(openCassetteLibrary(path).interactions()).toEqual(
      expect.arrayContaining([old, elsewhere]),
    )
  })
})

test('a library that is given no matchers leaves every name as it is stored', async () => {
  const path = join(tempDir(), 'users')
  const library = openCassetteLibrary(path)
  const other = renamed(sampleInteraction(), byPath)
  library.add(other)
  await library.save()
  expect(openCassetteLibrary(path).find(other.name)).toEqual([other])
})
