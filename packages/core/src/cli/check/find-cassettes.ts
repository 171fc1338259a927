import { statSync } from 'node:fs'
import { basename, dirname, resolve, sep } from 'node:path'
import { hashInFileName } from '../../model/cassette-name.ts'
import { cassetteRoot, defaultCassetteDir, isNamedByTest } from '../../runner/cassette-path.ts'
import { cassetteFilesBelow, filesInDefaultPlaces } from '../../runner/default-places.ts'
import type { CassetteDocument } from '../../storage/cassette-document.ts'
import { readCassetteFile } from '../../storage/read-cassette-file.ts'
import { isInside, refuseLinkOut } from '../../storage/real-path.ts'
import { UsageError } from '../usage-error.ts'
import type { Finding } from './finding.ts'
import type { FoundCassette, Recording } from './recording.ts'

interface Found {
  readonly cassettes: readonly FoundCassette[]
  /** The files that cannot be read. */
  readonly findings: Finding[]
}

/**
 * Reads cassettes.
 *
 * @param paths of cassettes and of directories with cassettes below; none: the default places
 * @throws UsageError for a path where nothing is
 */
export function findCassettes(
  root: string,
  cassetteDir: string | undefined,
  paths: readonly string[],
): Found {
  const named = paths.map((path) => resolve(root, path))
  for (const path of named) refuseLinkOut(root, path)
  const files =
    named.length === 0
      ? filesInDefaultPlaces([{ root, cassetteDir }]).map(({ file }) => file)
      : named.flatMap((path) => filesOf(path))
  const findings: Finding[] = []
  const mustBeCassette = (file: string): boolean =>
    named.includes(file) ||
    hashInFileName(basename(file).toLowerCase()) !== undefined ||
    (isNamedByTest(file) && isInDefaultPlace(file, root, cassetteDir))
  const byPath = new Map<string, FoundCassette & { recordings: Recording[] }>()
  for (const file of new Set(files)) {
    const { digest, document } = read(file, findings, mustBeCassette) ?? {}
    if (digest === undefined || document === undefined) continue
    const isFile = document.kind === 'cassette'
    const path = isFile ? file : dirname(file)
    const cassette = byPath.get(path) ?? {
      path,
      kind: isFile ? 'file' : 'directory',
      recordings: [],
    }
    byPath.set(path, cassette)
    // One by one: as arguments, very many would overflow the stack.
    for (const interaction of document.interactions) {
      cassette.recordings.push({ file, digest, interaction })
    }
  }
  return { cassettes: [...byPath.values()], findings }
}

function filesOf(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) {
    throw new UsageError(`There is nothing at ${path}. Give the path of a cassette.`)
  }
  return found.isDirectory() ? cassetteFilesBelow(path) : [path]
}

function isInDefaultPlace(file: string, root: string, cassetteDir: string | undefined): boolean {
  if (file.split(sep).includes(defaultCassetteDir)) return true
  return cassetteDir !== undefined && isInside(cassetteRoot(root, cassetteDir), file)
}

/** @param mustBeCassette tells of what does not read as one; other strangers are left alone, as libraries do */
function read(
  file: string,
  findings: Finding[],
  mustBeCassette: (file: string) => boolean,
): { digest: string; document: CassetteDocument } | undefined {
  try {
    const found = readCassetteFile(file)
    if (found === undefined) return undefined
    const { digest, document } = found
    if (document.kind !== 'foreign') return { digest, document }
    if (mustBeCassette(file)) throw document.error
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    findings.push({ file, kind: 'unreadable', problem })
  }
  return undefined
}
