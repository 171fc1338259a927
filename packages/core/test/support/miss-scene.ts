import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Origin } from '@fixtures/origin'
import { Player, type PlayerOptions } from '../../src/index.ts'
import { nextRun } from './next-run.ts'
import { testOrigin } from './origin.ts'
import { tempDir } from './temp-dir.ts'

/** Makes requests; a failed one is the end of it. */
type Run = (url: string, player: Player) => Promise<unknown>

/** A request as JSON. */
export async function post(
  url: string,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const init = { method: 'POST', body: JSON.stringify(value) }
  const type = { 'content-type': 'application/json' }
  return (await fetch(url, { ...init, headers: { ...type, ...headers } })).text()
}

/** Records, closes the origin, and has another run make requests, of which the last is a miss. */
export class MissScene {
  readonly #origin: Origin
  /** Of the cassette; the other run has a copy of it. */
  readonly path: string

  private constructor(origin: Origin, path: string) {
    this.#origin = origin
    this.path = path
  }

  static async record(run: Run, options: PlayerOptions = {}): Promise<MissScene> {
    const origin = await testOrigin()
    const path = join(tempDir(), 'orders')
    const player = new Player(path, options)
    await player.play(() => run(origin.url, player))
    await origin.close()
    return new MissScene(origin, path)
  }

  /** The error of the miss. */
  async error(run: Run, options: PlayerOptions = { recordMode: 'none' }): Promise<Error> {
    const path = existsSync(this.path) ? nextRun(this.path) : this.path
    const player = new Player(path, options)
    return player.play(async () => {
      try {
        await run(this.#origin.url, player)
      } catch (error) {
        return causeOf(error)
      }
      throw new Error('There was no miss.')
    })
  }

  /** Its message, with the port, the directory and the hashes of every run alike. */
  async message(run: Run, options?: PlayerOptions): Promise<string> {
    const { message } = await this.error(run, options)
    const { port } = new URL(this.#origin.url)
    return message
      .replaceAll(new RegExp(`${this.path}(-\\d+)?`, 'g'), '/app/__cassettes__/orders.test.ts')
      .replaceAll(/(?<=_)[0-9a-f]{16}(?=[_.])/g, '0123456789abcdef')
      .replaceAll(new RegExp(`(?<=[:_]|[-+] )${port}(?!\\d)`, 'g'), '4000')
  }
}

function causeOf(error: unknown): Error {
  if (!(error instanceof Error)) throw new Error(`It threw ${String(error)}.`)
  return error.cause instanceof Error ? error.cause : error
}
