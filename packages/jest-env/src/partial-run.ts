import type { Config } from '@jest/types'

/**
 * Why a run leaves test files or tests out, in the words of the command line; `undefined` where it
 * runs all.
 */
export function partialBecause(config: Config.GlobalConfig): string | undefined {
  const { testNamePattern, nonFlagArgs, shard } = config
  const reasons = {
    '--testNamePattern': isSet(testNamePattern),
    'a file pattern': nonFlagArgs.length > 0 || hasPathPattern(config),
    '--onlyChanged': config.onlyChanged,
    '--findRelatedTests': config.findRelatedTests,
    '--onlyFailures': config.onlyFailures,
    '--filter': isSet(config.filter) && !config.skipFilter,
    // Last: a shard that is nothing but a shard still counts as a part of a whole.
    '--shard': shard !== undefined && shard.shardCount > 1,
  }
  return Object.entries(reasons).find(([, applies]) => applies)?.[0]
}

// A string until Jest 29, since Jest 30 an object that lost its methods on the way to a worker.
function hasPathPattern(config: object): boolean {
  if ('testPathPattern' in config) return isSet(config.testPathPattern)
  if (!('testPathPatterns' in config)) return false
  const { testPathPatterns: given } = config
  if (typeof given !== 'object' || given === null || !('patterns' in given)) return true
  return !Array.isArray(given.patterns) || given.patterns.length > 0
}

function isSet(text: unknown): boolean {
  return text !== undefined && text !== null && text !== ''
}
