import { cassetteExists } from '../storage/cassette-path.ts'

const existed = new Map<string, boolean>()

/**
 * Whether a cassette was there when this process first inserted it, which is now if it never was.
 *
 * @param path absolute
 * @throws CassettePathError where a file is and a directory must be, or the reverse
 * @throws CassetteDecodeError where it cannot be told
 */
export function existedAtFirst(path: string): boolean {
  const exists = cassetteExists(path)
  const first = existed.get(path) ?? exists
  existed.set(path, first)
  return first
}
