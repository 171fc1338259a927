import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { play } from '../../src/index.ts'
import type { Interaction } from '../../src/model/interaction.ts'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { sampleInteraction, sampleSequence } from '../support/interaction.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

async function saved(fileName: string, interactions: readonly Interaction[]): Promise<string> {
  const path = join(tempDir(), fileName)
  const library = openCassetteLibrary(path)
  for (const interaction of interactions) library.add(interaction)
  await library.save()
  return path
}

function edit(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(path, 'utf8')
  expect(text).toMatch(from)
  writeFileSync(path, text.replace(from, to))
}

const [a, b, c] = ['/a', '/b', '/c'].map((path) => sampleInteraction({ path }))
const missing = sampleInteraction({ path: '/missing' })

describe.each(['api.json', 'api.yaml'])('%s', (fileName) => {
  const isJson = fileName === 'api.json'
  const breakB = (path: string): void => {
    edit(
      path,
      isJson ? /("url": ".*)\/b"/ : /(url: .*)\/b$/m,
      isJson ? '$1/b", "x": 1' : '$1/b\n      x: 1',
    )
  }

  test('an interaction is checked when it is asked for, and one that is broken disturbs no other', async () => {
    const path = await saved(fileName, [a!, b!, c!])
    breakB(path)
    const library = openCassetteLibrary(path)
    expect(library.find(a!.name)).toEqual([a])
    const problem = `${path}: \`interactions[1].request.x\` is not a field`
    expect(() => library.find(b!.name)).toThrow(problem)
    expect(library.find(c!.name)).toEqual([c])
    expect(() => library.interactions()).toThrow(problem)
  })

  test('a request that is not stored is told of what is broken anywhere', async () => {
    const path = await saved(fileName, [a!, b!, c!])
    breakB(path)
    const library = openCassetteLibrary(path)
    expect(library.find(a!.name)).toEqual([a])
    expect(() => library.find(missing.name)).toThrow('`interactions[1].request.x`')
    expect(() => library.add(missing)).toThrow('`interactions[1].request.x`')
  })

  test('nothing is written over a file that is broken where nobody asked', async () => {
    const path = await saved(fileName, [a!, b!])
    breakB(path)
    const before = readFileSync(path)
    const library = openCassetteLibrary(path)
    library.add({ ...a!, recordedAt: '2027-01-01T00:00:00.000Z' })
    await expect(library.save()).rejects.toThrow('`interactions[1].request.x`')
    expect(readFileSync(path)).toEqual(before)
    expect(library.isDirty).toBe(true)
  })

  test.each(['all', 'new_episodes'] as const)(
    'in mode %s nothing is sent to be recorded into a broken file',
    async (recordMode) => {
      const origin = await testOrigin()
      const recorded = join(tempDir(), fileName)
      const get = (path: string) => fetch(origin.url + path).then((response) => response.text())
      await play(recorded, async () => {
        await get('/json')
        await get('/json?b')
      })
      const { hits } = origin
      const path = nextRun(recorded)
      edit(path, isJson ? /(\?b",)/ : /(\?b)$/m, isJson ? '$1 "x": 1,' : '$1\n      x: 1')
      const asked = play(path, { recordMode }, () => get(recordMode === 'all' ? '/json' : '/new'))
      await expect(asked).rejects.toMatchObject({ cause: { code: 'ERR_CASSETTE_DECODE' } })
      expect(origin.hits).toBe(hits)
    },
  )

  test('what looks like the beginning of an interaction inside a body is none', async () => {
    const text = 'x\n    },\n    {\n      "name": "y"\n  - name: z\n    matchOn: 1f87\n'
    const tricky = [
      sampleInteraction({ path: '/text', body: { text } }),
      sampleInteraction({ path: '/json', body: { json: { name: text, list: [{ name: 'y' }] } } }),
      sampleInteraction({ path: '/stream', body: { chunks: [{ afterMs: 0, text }] } }),
      sampleInteraction({ path: '/long', body: { text: text.repeat(20_000) } }),
      ...sampleSequence(3, { path: '/sequence', test: "it's: a #test" }),
    ]
    const path = await saved(fileName, tricky)
    const library = openCassetteLibrary(nextRun(path))
    for (const { name } of tricky) {
      expect(library.find(name)).toStrictEqual(tricky.filter((one) => one.name === name))
    }
  })

  test('an interaction whose fields a person put in another order is found', async () => {
    const path = await saved(fileName, [a!, b!, c!])
    edit(
      path,
      isJson ? /("name": ".*\/b .*"),\n *("matchOn": ".*")/ : /name: (.*\/b .*)\n *(matchOn: .*)/,
      isJson ? '$2,\n$1' : '$2\n    name: $1',
    )
    const library = openCassetteLibrary(path)
    for (const one of [a, b, c]) expect(library.find(one!.name)).toEqual([one])
    expect(library.interactions()).toHaveLength(3)
  })

  test('the marks of a merge conflict are found by whatever is asked first', async () => {
    const path = await saved(fileName, [a!, b!, c!])
    edit(path, isJson ? /^ *"url": ".*\/c"/m : /^ *url: .*\/c$/m, '<<<<<<< HEAD\n$&')
    expect(() => openCassetteLibrary(path).find(a!.name)).toThrow(/line \d+.*merge conflict/s)
  })

  test('a byte that is no UTF-8 is found by whatever is asked first', async () => {
    const path = await saved(fileName, [a!, b!])
    const bytes = readFileSync(path)
    bytes[bytes.lastIndexOf('octocat')] = 0xff
    writeFileSync(path, bytes)
    expect(() => openCassetteLibrary(path).find(a!.name)).toThrow(/is not UTF-8 at byte \d+/)
  })

  test('objects that were given away stay the same when the rest is read', async () => {
    const path = await saved(fileName, [a!, b!, c!])
    const library = openCassetteLibrary(path)
    const [first] = library.find(b!.name)
    expect(library.find(missing.name)).toEqual([])
    expect(library.find(b!.name)[0]).toBe(first)
    expect(library.interactions()[1]).toBe(first)
    expect(openCassetteLibrary(path).find(b!.name)[0]).toBe(first)
  })

  test('what was removed before the rest is read stays away', async () => {
    const path = await saved(fileName, [a!, b!, c!])
    const library = openCassetteLibrary(path)
    library.remove(library.find(b!.name)[0]!)
    expect(library.interactions()).toEqual([a, c])
    await library.save()
    expect(openCassetteLibrary(path).interactions()).toEqual([a, c])
  })
})

test('a JSON file that ends too early is refused, whatever is asked first', async () => {
  const path = await saved('api.json', [a!, b!])
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, -6))
  expect(() => openCassetteLibrary(path).find(a!.name)).toThrow('unexpected end')
})

test('a file in any other form, as a formatter leaves it, is read all the same', async () => {
  const path = await saved('api.json', [a!, b!])
  for (const indent of [0, 1, 4, '\t']) {
    const text = JSON.stringify({ cassette: 1, interactions: [a, b] }, null, indent)
    writeFileSync(path, text)
    expect(openCassetteLibrary(path).find(b!.name)).toEqual([b])
  }
})
