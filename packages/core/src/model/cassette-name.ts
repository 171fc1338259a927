import crypto from 'node:crypto'
import type { RecordedRequest } from './interaction.ts'
import type { MatcherSet } from './matcher-set.ts'

/**
 * The key of one request in a library: `<scheme>:<METHOD> <host>:<port><path> <hash>`.
 * Only the hash decides, over the keys of all matchers in force; the rest is there to be read and
 * is made of keys in force alone.
 */
export type CassetteName = string

/** The longest file name, in bytes, that an interaction gets. */
const maxFileName = 180

/** Names a request by the matchers in force. */
export function cassetteName(request: RecordedRequest, { matchers }: MatcherSet): CassetteName {
  const keys = matchers.map((matcher) => [matcher.name, matcher.key(request)] as const)
  const hash = crypto.hash('sha256', JSON.stringify(keys)).slice(0, 16)
  const keyOf = (name: string) => keys.find((key) => key[0] === name)?.[1]
  const part = (name: string) => keyOf(name) ?? ''
  const call = [part('scheme'), part('method')].filter(Boolean).join(':')
  const port = keyOf('port') === undefined ? '' : `:${part('port')}`
  const target = `${part('host')}${port}${part('path')}`
  return [call, target, hash].filter(Boolean).join(' ')
}

// Windows takes these for devices when a dot follows, whatever comes after it.
const device = /^(?=(?:con|prn|aux|nul|com\d|lpt\d)\.)/i

/**
 * The file name of an interaction, safe on every system: the name with every character outside
 * `A-Za-z0-9._-` as `_`, shortened before its hash, never hidden, never a device.
 *
 * @param place 1 for the first interaction of a name; later ones end in `_2`, `_3`
 * @param extension with its dot
 */
export function cassetteFileName(name: CassetteName, place: number, extension: string): string {
  const hash = hashInName(name)
  const end = `${hash}${place === 1 ? '' : `_${place}`}${extension}`
  if (hash === name) return end
  const readable = name
    .slice(0, -hash.length - 1)
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^\./, '_')
    .replace(device, '_')
    .slice(0, maxFileName - end.length - 1)
  return `${readable}_${end}`
}

/** An underscore, the hash, a place, and more letters than an extension has. */
const longestEnd = 1 + 16 + 10 + 10

/** The part of an interaction's file name that decides: its hash, or `undefined` for other files. */
export function hashInFileName(fileName: string): string | undefined {
  // No search through the readable part: a directory may have very many files.
  const end = fileName.slice(-longestEnd)
  // A place has fewer digits than a hash, which may be all digits itself.
  return /(?:^|_)([0-9a-f]{16})(?:_\d{1,9})?\.[a-z]+$/.exec(end)?.[1]
}

/** The hash at the end of a name. */
export function hashInName(name: CassetteName): string {
  return name.slice(name.lastIndexOf(' ') + 1)
}
