import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { filesBelow } from '../support/files.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'
import { recordingProcess, type Surroundings } from './support/recording-process.ts'
import { sampleOrAll } from './support/sample-or-all.ts'
import { wordyOrigin } from './support/wordy-origin.ts'

const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp']).status === 0
const isRoot = process.getuid?.() === 0

interface Hindrance {
  readonly name: string
  readonly isPossible: boolean
  /** What the file system says. */
  readonly reason: RegExp
  /** @returns how the process that records is started, and where its files are afterwards */
  readonly arrange: (directory: string) => Surroundings & { readonly after?: string }
}

const hindrances: readonly Hindrance[] = [
  {
    name: 'a full disk',
    isPossible: canMount,
    reason: /ENOSPC: no space left on device/,
    // A disk with what there was before, and 64 KB.
    arrange: (directory) => ({
      within: [
        'unshare',
        '-rm',
        'sh',
        '-c',
        `cp -r "$0" "$0.before" && mount -t tmpfs -o size=64k tmpfs "$0" && cp -r "$0.before/." "$0" &&
         "$@"; code=$?; cp -r "$0/." "$0.after"; exit $code`,
        directory,
      ],
      after: `${directory}.after`,
    }),
  },
  {
    name: 'a read-only file system',
    isPossible: canMount,
    reason: /EROFS: read-only file system/,
    arrange: (directory) => ({
      within: [
        'unshare',
        '-rm',
        'sh',
        '-c',
        'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"',
        directory,
      ],
    }),
  },
  {
    name: 'a directory of somebody else',
    isPossible: process.platform !== 'win32',
    reason: /EACCES: permission denied/,
    arrange: (directory) => {
      for (const name of ['.', ...directoriesIn(directory)]) chmodSync(join(directory, name), 0o555)
      chmodSync(dirname(directory), 0o755)
      onTestFinished(() => {
        for (const name of ['.', ...directoriesIn(directory)])
          chmodSync(join(directory, name), 0o755)
      })
      // Permissions do not bind root.
      return isRoot ? { options: { uid: 65_534, gid: 65_534 } } : {}
    },
  },
]

function directoriesIn(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

const kinds = sampleOrAll(['api.json'], ['api.json', 'api.yaml', 'api'])

test.for(hindrances.flatMap((hindrance) => kinds.map((kind) => ({ ...hindrance, kind }))))(
  '$name fails the recording into $kind, says why and leaves what was there',
  { timeout: 60_000 },
  async ({ isPossible, reason, arrange, kind }, context) => {
    context.skip(!isPossible, 'this machine lets no test arrange it')
    const directory = join(tempDir(), 'project')
    mkdirSync(directory)
    const path = join(directory, kind)
    const library = openCassetteLibrary(path)
    library.add(sampleInteraction())
    await library.save()
    const origin = await wordyOrigin()

    const surroundings = arrange(directory)

    const recording = recordingProcess({ path, origin, label: 'large', count: 40 }, surroundings)

    expect(await recording.ended).toBe(1)
    expect(recording.complaint).toMatch(reason)
    expect(recording.complaint).toContain(`CassetteWriteError: Cannot write ${path}`)
    const after = filesBelow(surroundings.after ?? directory)
    const all = openCassetteLibrary(join(surroundings.after ?? directory, kind)).interactions()
    expect(all.map(({ request }) => request.url)).toEqual(
      expect.arrayContaining([sampleInteraction().request.url, ...recording.saved]),
    )
    expect(all).toHaveLength(recording.saved.length + 1)
    expect([...after.keys()].filter((name) => /\.(?:tmp|lock)$/.test(name))).toEqual([])
  },
)
