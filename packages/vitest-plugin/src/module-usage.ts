import { readFileSync } from 'node:fs'
import { cassettePath, headComment, optionsInForce } from '@cassette/core/runner'
import type { FileUsage, RunnerOptions } from '@cassette/core/runner'
import type { TestModule } from 'vitest/node'

/** Where a test project is, and what its Vitest configuration says. */
export interface ProjectPlace {
  /** Absolute path. */
  readonly root: string
  readonly options: RunnerOptions
}

/**
 * The options in force in a project, as its workers see them.
 *
 * @throws OptionError where cassette.config.* or the environment is wrong
 */
export function optionsIn({ root, options }: ProjectPlace): RunnerOptions {
  return optionsInForce(root, options)
}

/** Tells a test file of one project from the same file of another. */
export function moduleKey(
  of: Pick<TestModule, 'moduleId'> & { project: { name: string } },
): string {
  return `${of.project.name}\n${of.moduleId}`
}

/**
 * What a test file did to cassettes: what its worker said, and whether all its tests passed.
 *
 * @returns `undefined` where even the cassette it would have used cannot be told
 */
export function moduleUsage(module: TestModule, place: ProjectPlace): FileUsage | undefined {
  const said = module.meta().cassette
  if (said !== undefined) return { ...said, isComplete: said.isComplete && hasPassed(module) }
  const { moduleId: testFile } = module
  try {
    const { path } = headComment(readFileSync(testFile, 'utf8'), testFile)
    const cassette = cassettePath({ testFile, root: place.root }, optionsIn(place), path)
    return { testFile, cassette, used: [], isComplete: false }
  } catch {
    return undefined
  }
}

function hasPassed(module: TestModule): boolean {
  if (module.state() !== 'passed') return false
  const tests = [...module.children.allTests()]
  // With `passWithNoTests` a file passes whose condition for its tests does not hold.
  return tests.length > 0 && tests.every((test) => test.result().state === 'passed')
}
