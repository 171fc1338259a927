import { recordModes } from '../model/record-mode.ts'
import type { RunnerOptions } from './runner-options.ts'

const plain = new Set<string>([
  'cassetteDir',
  'storage',
  'cassettePer',
  'recordOnUpdate',
  'reporter',
  'failOnMiss',
  'ignoreOwnServers',
  'allowPlaybackRepeats',
  'recordErrors',
  'recordOnFailure',
  'blockNetwork',
  'ignoreLocalhost',
  'ignore',
  'beforeRecord',
  'beforePlayback',
  'onSecret',
] satisfies (keyof RunnerOptions)[])

/** Whether all that could be wrong with options is checked by now; the player judges the others. */
export function arePlain(options: RunnerOptions): boolean {
  return Object.entries(options).every(
    ([name, value]) =>
      value === undefined ||
      plain.has(name) ||
      (name === 'recordMode' && recordModes.some((mode) => mode === value)) ||
      (name === 'redact' && typeof value !== 'object'),
  )
}
