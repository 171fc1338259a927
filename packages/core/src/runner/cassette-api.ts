import type { Interaction } from '../model/interaction.ts'
import type { eject, insert, passthrough, play } from '../player/play.ts'
import type { PlayerEvents } from '../player/play-log.ts'
import type { Player } from '../player/player.ts'
import { openSession } from './runner-network.ts'
import { heavyHalf } from './use-heavy-half.ts'

type Inspection = Pick<
  Player,
  'path' | 'recordMode' | 'interactions' | 'used' | 'unused' | 'recordedAt' | 'playCount' | 'on'
>

/** What tests find of their own cassette, for assertions; with `cassettePer: 'test'` their test's. */
export interface CassetteApi extends Inspection {
  /** Where each recording of this run is kept: file names of a directory, names in a file. */
  readonly recorded: readonly string[]
  readonly replayed: readonly string[]
  /** One line for each request that had no answer: its method and its redacted URL. */
  readonly unhandled: readonly string[]
  readonly play: typeof play
  readonly insert: typeof insert
  readonly eject: typeof eject
  readonly passthrough: typeof passthrough
}

/** A new, frozen API; what it tells is that of the moment in which it is asked. */
export function cassetteApi(): CassetteApi {
  return Object.freeze({
    get path() {
      return player().path
    },
    get recordMode() {
      return player().recordMode
    },
    get interactions() {
      return player().interactions
    },
    get used() {
      return player().used
    },
    get unused() {
      return player().unused
    },
    get recordedAt() {
      return player().recordedAt
    },
    playCount: (interaction?: Interaction) => player().playCount(interaction),
    on: <Event extends keyof PlayerEvents>(
      event: Event,
      listener: (value: PlayerEvents[Event]) => unknown,
    ) => player().on(event, listener),
    get recorded() {
      return player().report().recorded
    },
    get replayed() {
      return player().report().replayed
    },
    get unhandled() {
      return player().report().unhandled
    },
    get play() {
      return heavyHalf().play
    },
    get insert() {
      return heavyHalf().insert
    },
    get eject() {
      return heavyHalf().eject
    },
    get passthrough() {
      return heavyHalf().passthrough
    },
  })
}

function player(): Player {
  const session = openSession()
  if (session === undefined) {
    throw new Error(
      'No cassette here: use `cassette` in a test file that a runner with Cassette runs.',
    )
  }
  if (session.player !== undefined) return session.player
  throw new Error(`No cassette here: ${session.testFile} says @cassette off.`)
}
