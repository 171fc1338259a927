import { join } from 'node:path'
import { expect, test } from 'vitest'
import { play, Player } from '../../src/index.ts'
import { chunkReaders } from '../support/chunk-readers.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

test.each(Object.entries(chunkReaders))(
  'an event stream keeps its chunks through %s',
  async (_name, read) => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')

    const recorded = await play(path, () => read(`${origin.url}/events`))
    await origin.close()
    const [interaction] = new Player(path).interactions

    const replayed = await play(nextRun(path), () => read(`${origin.url}/events`))

    // On a busy machine the client can hear two of them as one, or the socket can read them so.
    expect(recorded.join('')).toBe('data: one\n\ndata: two\n\ndata: three\n\n')
    expect(interaction?.response?.body).toMatchObject({
      chunks: replayed.map((text) => ({ text })),
    })
    expect(replayed.join('')).toBe(recorded.join(''))
  },
)
