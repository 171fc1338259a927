/**
 * A copy of plain JSON data whose strings stand for themselves. Those that a parser cuts out of a
 * text would keep the whole text in memory.
 */
export function flatCopy<Value>(value: Value): Value {
  const copy: Value = JSON.parse(JSON.stringify(value))
  return copy
}
