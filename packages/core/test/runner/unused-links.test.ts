import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { play } from '../../src/index.ts'
import { unusedFiles } from '../../src/runner/unused-files.ts'
import { unusedLogName, writeUnusedLog } from '../../src/runner/unused-log.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

function write(root: string, file: string, text = ''): string {
  const path = join(root, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

function link(root: string, path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  symlinkSync(join(root, target), join(root, path))
}

/** A project with one recording, in a cassette of the folder that `a/__cassettes__` leads to. */
async function project(folder: string, cassette = 'users.test.ts') {
  const root = tempDir()
  const origin = await testOrigin()
  await play(join(root, folder, cassette), async () => {
    await fetch(`${origin.url}/json`)
  })
  link(root, 'a/__cassettes__', folder)
  const testFile = write(root, 'ran.test.ts')
  const ran = { testFile, cassette: join(root, '__cassettes__', 'ran.test.ts'), used: [] }
  const run = { root, usages: [{ ...ran, isComplete: true }] }
  return {
    root,
    run,
    listed: () => unusedFiles([run], run.usages).map((file) => file.slice(root.length + 1)),
  }
}

const recording = /users\.test\.ts\/http_GET_.*_json_[0-9a-f]{16}\.json$/

describe('a cassette behind a linked __cassettes__', () => {
  test('is listed once its test file is gone, and can be removed', async () => {
    const { root, run, listed } = await project('recordings')
    link(root, 'b/__cassettes__', 'recordings')

    expect(listed()).toEqual([expect.stringMatching(recording)])
    writeUnusedLog(root, 'jest', { unused: unusedFiles([run], run.usages), used: [] })
    execFileSync('sh', ['-c', `xargs rm < ${unusedLogName}`], { cwd: root })
    expect(listed()).toEqual([])
  })

  test.each(['b', 'c'])(
    'stays while a test file that did not run has it by another way: %s',
    async (directory) => {
      const { root, listed } = await project('b/__cassettes__')
      link(root, 'c/__cassettes__', 'a/__cassettes__')
      expect(listed()).toEqual([expect.stringMatching(recording)])

      write(root, `${directory}/users.test.ts`)
      expect(listed()).toEqual([])
    },
  )

  test('stays while the test file beside the link did not run', async () => {
    const { root, listed } = await project('b/__cassettes__')
    write(root, 'a/users.test.ts')

    expect(listed()).toEqual([])
  })

  test.each([
    '// @cassette recordings/users.test.ts',
    '// @cassette a/__cassettes__/users.test.ts',
  ])('stays while a file that did not run says %s', async (comment) => {
    const { root, listed } = await project('recordings')
    write(root, 'other.check.ts', comment)

    expect(listed()).toEqual([])
  })

  test('stays while any test file is incomplete', async () => {
    const { run } = await project('recordings')

    expect(unusedFiles([run], run.usages)).toHaveLength(1)
    const usages = run.usages.map((usage) => ({ ...usage, isComplete: false }))
    expect(unusedFiles([run], usages)).toEqual([])
  })

  test('stays where the link leads out of the project', async () => {
    const { root, listed } = await project('recordings')
    rmSync(join(root, 'a', '__cassettes__'))
    const outside = await project('__cassettes__')
    symlinkSync(join(outside.root, '__cassettes__'), join(root, 'a', '__cassettes__'))

    expect(listed()).toEqual([])
  })

  test('is found though links lead in a circle', async () => {
    const { root, listed } = await project('recordings')
    link(root, 'recordings/back', 'a')
    link(root, 'a/again', 'recordings')

    expect(listed()).toEqual([expect.stringMatching(recording)])
  })
})

test('what one test file of a linked folder left is not listed while the other did not run', async () => {
  const { root } = await project('b/__cassettes__')
  const [testFile, other] = ['a', 'b'].map((directory) => write(root, `${directory}/users.test.ts`))
  const usageOf = (of: string) => {
    const cassette = join(dirname(of), '__cassettes__', 'users.test.ts')
    return { testFile: of, cassette, used: [], isComplete: true }
  }

  expect(unusedFiles([{ root }], [usageOf(testFile!)])).toEqual([])
  expect(unusedFiles([{ root }], [testFile!, other!].map(usageOf))).toHaveLength(1)
})
