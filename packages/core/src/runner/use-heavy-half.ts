import type * as heavy from './heavy-half.ts'

type HeavyHalf = typeof heavy

let load: (() => HeavyHalf) | undefined
let loaded: HeavyHalf | undefined

/** Says how the heavy half is loaded; each entry of the package knows. */
export function provideHeavyHalf(loader: () => HeavyHalf): void {
  load = loader
}

/** All that only a test file with requests needs, loaded at the first call. */
export function heavyHalf(): HeavyHalf {
  loaded ??= load?.()
  if (loaded === undefined) throw new Error('[cassette] Nobody says how to load the player.')
  return loaded
}
