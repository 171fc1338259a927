import { existsSync } from 'node:fs'
import {
  removeStaleLists,
  removeUnusedLog,
  summaryRows,
  unusedFiles,
  unusedLogName,
  writeUnusedLog,
} from '@cassette/core/runner'
import type { CassettePlace, FileUsage } from '@cassette/core/runner'
import type { Reporter, TestModule, TestRunEndReason, Vitest } from 'vitest/node'
import { whyIncomplete } from './completeness.ts'
import { printSummary } from './print-summary.ts'
import { moduleKey, moduleUsage, optionsIn, type ProjectPlace } from './module-usage.ts'

/** Writes the log of unused cassettes at the end of every complete run, and prints the summary. */
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
    const { root, watch } = this.#vitest.config
    removeStaleLists(root, 'vitest')
    removeUnusedLog(root, 'vitest')
    if (watch) this.#forgetDeleted()
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly unknown[],
    reason: TestRunEndReason,
  ): Promise<void> {
    const usages: FileUsage[] = []
    for (const module of modules) {
      const place = this.#places.get(module.project.name)
      if (place === undefined) continue
      const usage = moduleUsage(module, place)
      this.#usages.set(moduleKey(module), usage)
      if (usage !== undefined) usages.push(usage)
    }
    const why =
      whyBroken(errors, reason) ?? (await whyIncomplete(this.#vitest, this.#places, this.#usages))
    const unused = why === undefined ? this.#write() : undefined
    if (why !== undefined) this.#explain(why)
    const rows = summaryRows(usages, unused)
    if (rows.length > 0 && this.#isWanted()) printSummary(this.#vitest, rows)
  }

  #forgetDeleted(): void {
    for (const [key, usage] of this.#usages) {
      if (usage !== undefined && !existsSync(usage.testFile)) this.#usages.delete(key)
    }
  }

  /** @returns how many files it lists; `undefined` where it cannot be written */
  #write(): number | undefined {
    const { root } = this.#vitest.config
    const usages = [...this.#usages.values()].filter((usage) => usage !== undefined)
    try {
      const unused = unusedFiles(this.#searchPlaces(root), usages)
      writeUnusedLog(root, 'vitest', { unused, used: usages.flatMap((usage) => usage.used) })
      return unused.length
    } catch (error) {
      // A suite on a read-only file system still replays.
      this.#explain(String(error))
      return undefined
    }
  }

  /** The root, and every project with its own `cassetteDir`. */
  #searchPlaces(root: string): CassettePlace[] {
    const own = [...this.#places.values()].map((place) => {
      const { cassetteDir } = optionsIn(place)
      return { root: place.root, cassetteDir }
    })
    return own.some((place) => place.root === root) ? own : [{ root }, ...own]
  }

  #isWanted(): boolean {
    return [...this.#places.values()].some((place) => optionsIn(place).reporter !== false)
  }

  #explain(why: string): void {
    if (this.#hasExplained) return
    this.#hasExplained = true
    this.#vitest.logger.warn(`[cassette] No ${unusedLogName} is written: ${why}.`)
  }
}

function whyBroken(errors: readonly unknown[], reason: TestRunEndReason): string | undefined {
  if (reason === 'interrupted') return 'the run was interrupted'
  // Nobody knows which tests it kept from asking, even if they passed.
  return reason === 'failed' && errors.length > 0
    ? 'there was an error outside of tests'
    : undefined
}
