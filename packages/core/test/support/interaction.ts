import { cassetteName } from '../../src/model/cassette-name.ts'
import type { RecordedBody } from '../../src/model/body.ts'
import type { Interaction } from '../../src/model/interaction.ts'
import { matcherSet } from '../../src/model/matcher-set.ts'

export interface SampleOptions {
  /** @default '/users/octocat' */
  readonly path?: string
  readonly test?: string
  readonly index?: number
  /** Of the response. @default { json: { login: 'octocat' } } */
  readonly body?: RecordedBody
  /** @default '2026-11-22T17:00:00.000Z' */
  readonly recordedAt?: string
}

/** An interaction as a player would record it, its name made by the default matchers. */
export function sampleInteraction(options: SampleOptions = {}): Interaction {
  const { path = '/users/octocat', test, index } = options
  const matchers = matcherSet()
  const request = {
    method: 'GET',
    url: `https://api.github.com${path}`,
    headers: [['Accept', 'application/json']] as const,
  }
  return {
    name: cassetteName(request, matchers),
    matchOn: matchers.fingerprint,
    recordedAt: options.recordedAt ?? '2026-11-22T17:00:00.000Z',
    ...(test === undefined ? {} : { test }),
    ...(index === undefined ? {} : { index }),
    request,
    response: {
      status: 200,
      statusText: 'OK',
      headers: [
        ['Content-Type', 'application/json'],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ],
      body: options.body ?? { json: { login: 'octocat' } },
    },
  }
}

/** Interactions of one name that a test recorded one after the other. */
export function sampleSequence(length: number, options: SampleOptions = {}): Interaction[] {
  return Array.from({ length }, (_, index) =>
    sampleInteraction({
      ...options,
      ...(index === 0 ? {} : { index }),
      body: { text: `answer ${index + 1}` },
    }),
  )
}
