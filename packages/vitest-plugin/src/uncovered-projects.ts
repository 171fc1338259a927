import type { TestProject } from 'vitest/node'

/**
 * A global set-up of the root: tells of the projects that do not have the plugin though the root has
 * it, since their tests would go to the live network without a word.
 */
export function setup(root: TestProject): void {
  const { vitest } = root
  // A project that inherits the root's configuration has its global set-up too.
  if (root !== vitest.getRootProject()) return
  const names = vitest.projects.filter((project) => isUncovered(project)).map(({ name }) => name)
  if (names.length === 0) return
  const [project, its] = names.length === 1 ? ['project', 'its'] : ['projects', 'their']
  vitest.logger.warn(
    `[cassette] Without Cassette: the ${project} ${names.map((name) => `"${name}"`).join(', ')}. All ` +
      `${its} requests go to the network. Vitest hands the plugins of the root neither to a project ` +
      'with a configuration file of its own nor, before Vitest 5, to an inline one without ' +
      `\`extends: true\`. Add cassette() to ${its} plugins.`,
  )
}

function isUncovered({ config, vite }: TestProject): boolean {
  return (
    !config.browser.enabled &&
    !vite.config.plugins.some(({ name }) => name === '@cassette/vitest-plugin')
  )
}
