/**
 * Reads a JSON Pointer (RFC 6901).
 *
 * @returns its keys, none for the whole document; `undefined` for a text that is no pointer
 */
export function parsePointer(pointer: string): readonly string[] | undefined {
  if (pointer === '') return []
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The rest of those pointers that lead through a key; `*` leads through every one. */
export function pointersBelow(
  pointers: readonly (readonly string[])[],
  key: string,
): readonly (readonly string[])[] {
  return pointers.length === 0
    ? pointers
    : pointers.filter(([first]) => first === '*' || first === key).map(([, ...rest]) => rest)
}
