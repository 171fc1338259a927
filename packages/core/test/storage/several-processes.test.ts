import { execFile, execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Encoder } from '../../src/model/encoder.ts'
import { FileCassetteLibrary } from '../../src/storage/file-cassette-library.ts'
import { jsonEncoder } from '../../src/storage/json-encoder.ts'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

const run = promisify(execFile)

/** The arguments of a process that records into a cassette, with one save per interaction. */
function recording(path: string, worker: number, count: number): string[] {
  const from = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)
  const script = `
    import { openCassetteLibrary } from ${from('../../src/storage/open-cassette-library.ts')}
    import { sampleInteraction } from ${from('../support/interaction.ts')}
    const library = openCassetteLibrary(${JSON.stringify(path)})
    for (let at = 0; at < ${count}; at += 1) {
      library.add(sampleInteraction({ path: '/${worker}/' + at }))
      library.add(sampleInteraction({ path: '/shared', test: 'test ${worker}', index: at }))
      await library.save()
    }`
  return ['--no-warnings', '--input-type=module', '-e', script]
}

test.each(['api.json', 'api.yaml', 'api'])(
  'processes that record into %s at the same time lose nothing',
  async (name) => {
    const path = join(tempDir(), name)
    await Promise.all(
      [0, 1, 2, 3].map((worker) => run(process.execPath, recording(path, worker, 10))),
    )
    const library = openCassetteLibrary(path)
    expect(library.interactions()).toHaveLength(80)
    expect(library.find(sampleInteraction({ path: '/shared' }).name)).toHaveLength(40)
  },
)

test('a process that takes long to encode a cassette loses nothing that others record meanwhile', async () => {
  const path = join(tempDir(), 'api.json')
  let others = 2
  const encoder: Encoder = {
    ...jsonEncoder,
    encode(value) {
      others -= 1
      if (others >= 0) execFileSync(process.execPath, recording(path, others, 1))
      return jsonEncoder.encode(value)
    },
  }
  const library = new FileCassetteLibrary(path, encoder)
  library.add(sampleInteraction())
  await library.save()

  expect(library.interactions()).toHaveLength(5)
  expect(openCassetteLibrary(path).interactions()).toEqual(library.interactions())
})
