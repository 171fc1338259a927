import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Every file below a directory: its path in it, its bytes and the time of its last change. */
export function filesBelow(directory: string): Map<string, { text: string; time: bigint }> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted()
  const files = names.filter((name) => statSync(join(directory, name)).isFile())
  return new Map(
    files.map((name) => {
      const path = join(directory, name)
      const { mtimeNs } = statSync(path, { bigint: true })
      return [name, { text: readFileSync(path, 'utf8'), time: mtimeNs }]
    }),
  )
}
