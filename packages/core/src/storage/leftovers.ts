import { randomUUID } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { realNow } from '../model/real-timers.ts'
import { isAlive } from './is-alive.ts'
import { machine } from './machine.ts'

const pattern = /^\.cassette-(?<host>[0-9a-f]{8})-(?<pid>\d{1,10})-[0-9a-f-]{36}\.tmp$/
/** Nobody writes one file for so long, on whatever machine. */
const oldMs = 60 * 60 * 1000
const sweeps = new Map<string, Promise<void>>()

/** A name for a temporary file of this process. Hidden: no listing takes it for a cassette. */
export function temporaryName(): string {
  return `.cassette-${machine}-${process.pid}-${randomUUID()}.tmp`
}

/** Whether a file name is that of a temporary file, of this process or of another. */
export function isLeftover(name: string): boolean {
  return pattern.test(name)
}

/**
 * Deletes the temporary files of processes that died while they wrote, once a process and
 * directory. Whatever else is there stays, and so does what cannot be deleted.
 *
 * @param directory need not be there
 * @param found names of temporary files in it, by one who has just listed it
 */
export async function removeLeftovers(directory: string, found?: readonly string[]): Promise<void> {
  const known = sweeps.get(directory)
  if (known !== undefined) return known
  const sweep = sweepOnce(directory, found)
  sweeps.set(directory, sweep)
  return sweep
}

async function sweepOnce(directory: string, found?: readonly string[]): Promise<void> {
  const names = found ?? (await readdir(directory).catch(() => [])).filter(isLeftover)
  await Promise.all(
    names.map(async (name) => {
      const groups = pattern.exec(name)?.groups
      if (groups === undefined) return
      const path = join(directory, name)
      const isLeft = groups['host'] === machine && !isAlive(Number(groups['pid']))
      // It does no harm to a cassette where it stays.
      if (isLeft || (await isOld(path))) await rm(path, { force: true }).catch(() => undefined)
    }),
  )
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && found.mtimeMs < realNow() - oldMs
}
