import { chmod, link, lstat, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CassetteWriteError } from './cassette-write-error.ts'
import { encoderOfPath } from './encoders.ts'
import { errorCode } from './error-code.ts'
import { withFileLock } from './file-lock.ts'
import { removeLeftovers, temporaryName } from './leftovers.ts'
import { jsonEncoder } from './json-encoder.ts'
import { maxFileSize } from './max-file-size.ts'
import { tooManyFrom } from './too-many-values.ts'

/**
 * Writes a file as a whole or not at all, and makes its directory where there is none. A file that
 * stood there keeps its permissions, and a symbolic link stays one.
 *
 * @throws CassetteWriteError
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await withTemporaryFile(path, text, async (temporary) => {
    const target = await realpath(path).catch(() => path)
    const old = await stat(target).catch(() => undefined)
    if (old !== undefined) await chmod(temporary, old.mode)
    await rename(temporary, target)
  })
}

/**
 * Writes a new file as a whole or not at all, never over another one.
 *
 * @param linkFile puts the written file in its place; fails where something is there
 * @returns whether it was written; `false` where a file stands there
 * @throws CassetteWriteError
 */
export async function createFile(
  path: string,
  text: string,
  linkFile: typeof link = link,
): Promise<boolean> {
  let isNew = true
  await withTemporaryFile(path, text, async (temporary) => {
    try {
      await linkFile(temporary, path)
    } catch (error) {
      const code = errorCode(error) ?? ''
      if (withoutLinks.has(code)) isNew = await renameToNew(temporary, path)
      else if (code === 'EEXIST') isNew = false
      else throw error
    }
  })
  return isNew
}

// What file systems say that have no hard links: exFAT, some of networks and containers. `EISDIR` is
// what Node makes of Windows' answer for exFAT: https://github.com/nodejs/node/issues/65817
const withoutLinks = new Set('EPERM ENOTSUP EOPNOTSUPP ENOSYS EINVAL EMLINK EISDIR'.split(' '))

/** A rename is atomic there too; that nothing goes over another file is seen to by a lock. */
async function renameToNew(temporary: string, path: string): Promise<boolean> {
  let isNew = false
  await withFileLock(join(dirname(path), 'new'), async () => {
    isNew = (await lstat(path).catch(() => undefined)) === undefined
    if (isNew) await rename(temporary, path)
  })
  return isNew
}

/**
 * Deletes a file, if it is there.
 *
 * @throws CassetteWriteError
 */
export async function deleteFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true })
  } catch (error) {
    throw new CassetteWriteError(path, error)
  }
}

async function withTemporaryFile(
  path: string,
  text: string,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  if (Buffer.byteLength(text) > maxFileSize) throw tooLarge(path, `than ${maxFileSize} bytes`)
  const isJson = encoderOfPath(path) === jsonEncoder
  if (isJson && tooManyFrom(text) !== undefined) {
    throw tooLarge(path, 'JSON values than Cassette reads of one file')
  }
  const directory = await directoryOf(path)
  await removeLeftovers(directory)
  // A rename is atomic only within a directory.
  const temporary = join(directory, temporaryName())
  try {
    await writeFile(temporary, text, { flag: 'wx' })
    await place(temporary)
  } catch (error) {
    throw new CassetteWriteError(path, error)
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

function tooLarge(path: string, what: string): CassetteWriteError {
  const problem = new Error(`it would have more ${what} and could not be read again`)
  const remedy = 'Keep the cassette as a directory, or let requests for such bodies pass.'
  return new CassetteWriteError(path, problem, remedy)
}

/** The directory that the file is really in, made where there is none. */
async function directoryOf(path: string): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true })
  } catch (error) {
    throw new CassetteWriteError(path, error)
  }
  return dirname(await realpath(path).catch(() => path))
}
