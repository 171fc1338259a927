import { basename, dirname, join } from 'node:path'
import { cassetteFileName, hashInFileName, hashInName } from '../../model/cassette-name.ts'
import type { Encoder } from '../../model/encoder.ts'
import { createFile, deleteFile, replaceFile } from '../../storage/atomic-write.ts'
import { cassetteDocument, interactionDocument } from '../../storage/cassette-document.ts'
import { encoderOfPath } from '../../storage/encoders.ts'
import { withFileLock } from '../../storage/file-lock.ts'
import { compareInteractions } from '../../storage/interaction-order.ts'
import { jsonEncoder } from '../../storage/json-encoder.ts'
import { digestOfFile } from '../../storage/read-cassette-file.ts'
import type { Finding, FixableFinding } from './finding.ts'
import type { FoundCassette, Recording } from './recording.ts'

/**
 * Renames on disk what was found under a name that does not fit. A file that changed since it was
 * read is left as it is.
 *
 * @returns the findings, with what was done
 * @throws CassetteWriteError
 */
export async function fixCassette(
  cassette: FoundCassette,
  findings: readonly (Finding | FixableFinding)[],
): Promise<Finding[]> {
  const fixed = new Map<Finding, string>()
  const fixable = findings.filter((finding) => 'present' in finding)
  if (cassette.kind === 'file') {
    const isDone = fixable.length > 0 && (await fixFile(cassette, fixable))
    if (isDone) for (const finding of fixable) fixed.set(finding, cassette.path)
  } else {
    for (const finding of fixable) {
      // oxlint-disable-next-line no-await-in-loop -- places are taken one after the other
      const path = await renameRecording(finding)
      if (path !== undefined) fixed.set(finding, path)
    }
  }
  return findings.map((finding) => {
    const path = fixed.get(finding)
    return path === undefined ? finding : { ...finding, fixed: path }
  })
}

/** @returns whether it could be done */
async function fixFile(
  { path, recordings }: FoundCassette,
  fixable: readonly FixableFinding[],
): Promise<boolean> {
  const present = new Map(
    fixable.map((finding) => [finding.recording.interaction, finding.present]),
  )
  const interactions = recordings.map(({ interaction }) => present.get(interaction) ?? interaction)
  const document = cassetteDocument(interactions.toSorted(compareInteractions))
  const text = encoderOf(path).encode(document)
  return withFileLock(path, async () => {
    // All were read at once.
    const isDone = recordings[0] !== undefined && isUnchanged(recordings[0])
    if (isDone) await replaceFile(path, text)
    return isDone
  })
}

/** @returns the path of the file that holds it now, where it could be done */
async function renameRecording({
  recording,
  present,
}: FixableFinding): Promise<string | undefined> {
  const { file } = recording
  if (!isUnchanged(recording)) return undefined
  const text = encoderOf(file).encode(interactionDocument(present))
  const hash = hashInFileName(basename(file).toLowerCase())
  if (hash === undefined || hash === hashInName(present.name)) {
    await replaceFile(file, text)
    return file
  }
  for (let place = 1; ; place += 1) {
    const extension = encoderOf(file).extensions[0]
    const path = join(dirname(file), cassetteFileName(present.name, place, extension))
    // oxlint-disable-next-line no-await-in-loop -- until a place is free
    if (await createFile(path, text)) {
      // oxlint-disable-next-line no-await-in-loop -- the last turn
      await deleteFile(file)
      return path
    }
  }
}

function isUnchanged({ file, digest }: Recording): boolean {
  return digestOfFile(file) === digest
}

function encoderOf(file: string): Encoder {
  return encoderOfPath(file) ?? jsonEncoder
}
