/** All that an agent keeps under its names. */
export function pooled<Kept>(byName: NodeJS.ReadOnlyDict<Kept[]> = {}): Kept[] {
  return Object.values(byName).flatMap((kept) => kept ?? [])
}
