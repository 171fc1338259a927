import type { Matcher } from '../../model/matcher.ts'

const order = ['method', 'scheme', 'host', 'port', 'path', 'query', 'headers']

/** Matchers as a request is read: what it is, where it goes, its head, then the rest. */
export function inReadingOrder(matchers: readonly Matcher[]): readonly Matcher[] {
  return matchers.toSorted((one, other) => place(one) - place(other))
}

function place({ name }: Matcher): number {
  const at = order.indexOf(name)
  return at < 0 ? order.length : at
}
