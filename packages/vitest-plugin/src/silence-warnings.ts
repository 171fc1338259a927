import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ViteUserConfig } from 'vitest/config'

type Projects = NonNullable<NonNullable<ViteUserConfig['test']>['projects']>

/**
 * Why tests would go to the live network without a word: a Vitest that does not call the plugin, or
 * inline projects that do not inherit it.
 *
 * @param config the user's, before Vitest resolves it
 * @returns whole sentences
 */
export function silenceWarnings(config: ViteUserConfig): string[] {
  // Vite reads the same configuration for `dev` and `build`, where there is nothing to record.
  if (process.env['VITEST'] === undefined) return []
  const version = vitestVersion(config.root ?? process.cwd())
  if (version === undefined) return []
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 3 || (major === 3 && minor < 2)) {
    return [
      `NOTHING IS RECORDED OR REPLAYED, every request goes to the network: Vitest ${version} ` +
        'does not call Cassette. Update to Vitest 3.2 or newer.',
    ]
  }
  if (major >= 5) return []
  return uninherited(config.test?.projects ?? []).map(
    (name) =>
      `The project ${name} DOES NOT USE CASSETTE, its requests go to the network: in Vitest ` +
      `${version} an inline project gets the plugins of the root only with \`extends: true\`. ` +
      'Add that, or cassette() to its own plugins.',
  )
}

function uninherited(projects: Projects): string[] {
  return projects.flatMap((project, at) => {
    if (typeof project !== 'object' || project instanceof Promise) return []
    if ('extends' in project && project.extends !== undefined && project.extends !== false)
      return []
    if (hasCassette(project.plugins)) return []
    const name = project.test?.name
    return [`"${(typeof name === 'object' ? name.label : name) ?? at}"`]
  })
}

function hasCassette(plugins: unknown): boolean {
  if (Array.isArray(plugins)) return plugins.some((plugin) => hasCassette(plugin))
  if (typeof plugins !== 'object' || plugins === null || !('name' in plugins)) return false
  return plugins.name === '@cassette/vitest-plugin'
}

/** The version of the Vitest that a project has installed. */
function vitestVersion(root: string): string | undefined {
  try {
    const manifest: unknown = createRequire(join(root, 'package.json'))('vitest/package.json')
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : undefined
  } catch {
    return undefined
  }
}
