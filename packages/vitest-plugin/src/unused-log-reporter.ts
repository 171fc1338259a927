import { removeUnusedLog, unusedFiles, unusedLogName, writeUnusedLog } from '@cassette/core/runner'
import type { FileUsage } from '@cassette/core/runner'
import type { Reporter, TestModule, TestRunEndReason, Vitest } from 'vitest/node'
import { whyIncomplete } from './completeness.ts'
import { moduleKey, moduleUsage, optionsIn, type ProjectPlace } from './module-usage.ts'

/** Writes the log of unused cassettes at the end of every complete run; prints no results. */
export class UnusedLogReporter implements Reporter {
  readonly #vitest: Vitest
  readonly #places = new Map<string, ProjectPlace>()
  // In watch mode a run has only the files that changed: what the others did is still true.
  readonly #usages = new Map<string, FileUsage | undefined>()
  #hasExplained = false

  constructor(vitest: Vitest) {
    this.#vitest = vitest
  }

  /** Takes a project in whose test files use Cassette. */
  watch(project: string, place: ProjectPlace): void {
    this.#places.set(project, place)
  }

  // Not at the end: a crash or Ctrl-C may leave no end.
  onTestRunStart(): void {
    removeUnusedLog(this.#vitest.config.root, 'vitest')
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    _errors: unknown,
    reason: TestRunEndReason,
  ): Promise<void> {
    for (const module of modules) {
      const place = this.#places.get(module.project.name)
      if (place !== undefined) this.#usages.set(moduleKey(module), moduleUsage(module, place))
    }
    const why =
      reason === 'interrupted'
        ? 'the run was interrupted'
        : await whyIncomplete(this.#vitest, this.#places, this.#usages)
    if (why === undefined) this.#write()
    else this.#explain(why)
  }

  #write(): void {
    const { root } = this.#vitest.config
    const usages = [...this.#usages.values()].filter((usage) => usage !== undefined)
    const unused = this.#searchPlaces(root).flatMap((place) => unusedFiles({ ...place, usages }))
    writeUnusedLog(root, 'vitest', { unused, used: usages.flatMap((usage) => usage.used) })
  }

  /** The root, and every project's own `cassetteDir`. */
  #searchPlaces(root: string): { root: string; cassetteDir?: string }[] {
    const own = [...this.#places.values()].flatMap((place) => {
      const { cassetteDir } = optionsIn(place)
      return cassetteDir === undefined ? [] : [{ root: place.root, cassetteDir }]
    })
    return own.some((place) => place.root === root) ? own : [{ root }, ...own]
  }

  #explain(why: string): void {
    if (this.#hasExplained) return
    this.#hasExplained = true
    this.#vitest.logger.warn(`[cassette] No ${unusedLogName} is written: ${why}.`)
  }
}
