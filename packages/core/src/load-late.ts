import fs from 'node:fs'
// What is imported by name is what stands there at the first import of a module: now, before any
// test, and not when a test has put fakes into `fs.promises`.
// oxlint-disable-next-line import/no-unassigned-import -- others import from it, later
import 'node:fs/promises'

const property = 'readFileSync'
const real = Object.getOwnPropertyDescriptor(fs, property)!

/**
 * Loads modules at the first need of them, which may be in the middle of a test: Node reads them by
 * `fs.readFileSync`, in whose place the test may have put a fake.
 *
 * @param load waits for nothing
 */
export function loadLate<Loaded>(load: () => Loaded): Loaded {
  const present = Object.getOwnPropertyDescriptor(fs, property) ?? real
  Object.defineProperty(fs, property, real)
  try {
    return load()
  } finally {
    Object.defineProperty(fs, property, present)
  }
}
