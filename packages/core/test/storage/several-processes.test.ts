import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

const run = promisify(execFile)

/** Records into a cassette from a process of its own, one save per interaction. */
async function record(path: string, worker: number, count: number): Promise<void> {
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
  await run(process.execPath, ['--no-warnings', '--input-type=module', '-e', script])
}

test.each(['api.json', 'api.yaml', 'api'])(
  'processes that record into %s at the same time lose nothing',
  async (name) => {
    const path = join(tempDir(), name)
    await Promise.all([0, 1, 2, 3].map((worker) => record(path, worker, 10)))
    const library = openCassetteLibrary(path)
    expect(library.interactions()).toHaveLength(80)
    expect(library.find(sampleInteraction({ path: '/shared' }).name)).toHaveLength(40)
  },
)
