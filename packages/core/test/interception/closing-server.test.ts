import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { insert, play } from '../../src/index.ts'
import { chunkReaders } from '../support/chunk-readers.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

test.each(Object.entries(chunkReaders))(
  'a server that closes the connection a replay goes over does not break it, through %s',
  async (_name, read) => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    // It keeps the network taken over between the two, as a runner does.
    const holder = insert(join(tempDir(), 'holder'))
    onTestFinished(() => holder.eject())

    const recorded = await play(path, () => read(`${origin.url}/events`))
    await origin.close()

    expect(await play(nextRun(path), () => read(`${origin.url}/events`))).toEqual(recorded)
  },
)
