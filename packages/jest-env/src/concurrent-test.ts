interface ExpectState {
  readonly currentConcurrentTestName?: () => string | undefined
}

/**
 * Full name of the concurrent test whose code this is. Jest tells it to its own `expect` alone,
 * for the names of snapshots; where that should ever be gone, such tests count as one.
 *
 * @param sandbox the global of the test file
 */
export function concurrentTest(sandbox: object | null | undefined): string | undefined {
  if (sandbox === undefined || sandbox === null) return undefined
  const matchers: { readonly state?: ExpectState } | undefined = Reflect.get(
    sandbox,
    Symbol.for('$$jest-matchers-object'),
  )
  return matchers?.state?.currentConcurrentTestName?.()
}
