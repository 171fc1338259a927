import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ViteUserConfig } from 'vitest/config'

/**
 * Why tests would go to the live network without a word: a Vitest that does not call the plugin.
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
  return []
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
