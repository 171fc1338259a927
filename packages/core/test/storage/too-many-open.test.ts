import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

const run = promisify(execFile)

test('where too many files are open nobody is told to delete a cassette', async () => {
  const path = join(tempDir(), 'api')
  const library = openCassetteLibrary(path)
  library.add(sampleInteraction())
  await library.save()
  const from = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)
  const script = `
    import { openSync } from 'node:fs'
    import { openCassetteLibrary } from ${from('../../src/storage/open-cassette-library.ts')}
    import { sampleInteraction } from ${from('../support/interaction.ts')}
    const library = openCassetteLibrary(${JSON.stringify(path)})
    library.add(sampleInteraction({ path: '/other' }))
    try { for (;;) openSync('/dev/null') } catch {}
    try { openCassetteLibrary(${JSON.stringify(path)}).interactions() } catch (error) { console.log(error.message) }
    await library.save().catch((error) => console.log(error.message))`
  const node = [process.execPath, '--no-warnings', '--input-type=module', '-e', script]
  const { stdout } = await run('sh', ['-c', 'ulimit -n 150; exec "$@"', 'sh', ...node])

  expect(stdout).toMatch(
    /^Cannot read the cassette .*EMFILE.*ulimit -n.*\nCannot write .*EMFILE.*ulimit -n/,
  )
  expect(stdout).not.toContain('delete')
  expect(readdirSync(path)).toHaveLength(1)
})
