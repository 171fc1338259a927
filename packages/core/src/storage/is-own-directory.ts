import { lstatSync } from 'node:fs'

const user = process.getuid?.()

/** Whether nobody else can have made a directory, or what is there in its place. */
export function isOwnDirectory(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found === undefined || (found.isDirectory() && (user === undefined || found.uid === user))
}
