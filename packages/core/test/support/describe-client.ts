import { join } from 'node:path'
import type { FidelityCase } from '@fixtures/fidelity/case.ts'
import { columns } from '@fixtures/fidelity/columns.ts'
import { knownKind } from '@fixtures/fidelity/deviations.ts'
import { seenError } from '@fixtures/fidelity/observe/error.ts'
import { OriginProcess } from '@fixtures/fidelity/processes.ts'
import { afterAll, expect, test } from 'vitest'
import { play, Player } from '../../src/index.ts'
import { nextRun } from './next-run.ts'
import { tempDir } from './temp-dir.ts'

/**
 * Holds a client to what docs/fidelity.md says of it, in this process and by `play`: each of its
 * cases is recorded, then replayed with an origin that counts and kills every connection, and all
 * that the client could see is compared. Cases that are known to differ are left to that page.
 *
 * @param times how often each is replayed in one run: twice where it goes by global `fetch`, which is
 * answered in a shorter way when it is asked for the same again
 */
export function describeClient(cases: readonly FidelityCase[], times = 1): void {
  const origin = new OriginProcess()
  afterAll(() => origin.end())
  const exact = cases.filter(({ id }) => knownKind(id, 'bar replay') === 'exact')

  test.each(exact)('$id replays all that it saw, with the origin gone', async (one) => {
    const { id } = one
    const endpoints = await origin.open(id)
    const path = join(tempDir(), 'cassette')
    const see = () => one.run(endpoints).catch((error: unknown) => ({ failed: seenError(error) }))

    const recorded = await play(path, columns.bar, see)
    await origin.begin(id, 'replay')
    const player = new Player(nextRun(path), { ...columns.bar, recordMode: 'none' })
    const replayed = await player.play(async () => {
      const seen = []
      for (let time = 0; time < times; time += 1) {
        seen.push(await see())
        player.rewind()
      }
      return seen
    })

    expect(replayed).toEqual(Array.from({ length: times }, () => recorded))
    expect((await origin.seen(id)).leaks).toEqual([])
  })
}
