/** The oldest Node that Cassette runs on. */
export const minimumNode = '22.20.0'

if (isOlder(process.versions.node, minimumNode)) {
  throw new Error(
    `Cassette needs Node ${minimumNode} or newer, and this is Node ${process.versions.node}.`,
  )
}

function isOlder(version: string, minimum: string): boolean {
  return version.localeCompare(minimum, 'en', { numeric: true }) < 0
}
