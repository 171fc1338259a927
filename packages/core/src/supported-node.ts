// Imported before everything else: on an older Node the first request would fail with a riddle.
// Nothing of this runs where a name cannot be imported, so what Node 20 lacks is not imported by name.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 20)) {
  throw new Error(
    `Cassette needs Node 22.20 or newer, and this is Node ${process.versions.node}. ` +
      'Run the tests with a newer Node.',
  )
}
