'use strict'

// A Jest sandbox has its own module registry: a second engine in it would patch the network again.
// @cassette/jest-env leaves the outer one here; everywhere else there is only one anyway.
const outer = globalThis[Symbol.for('@cassette/core')]

if (outer === undefined && !process.features.require_module) {
  // Here as well, because an older Node cannot even load what says it otherwise.
  throw new Error(
    `Cassette needs Node 22.20 or newer, and this is Node ${process.versions.node}. ` +
      'Run the tests with a newer Node.',
  )
}

module.exports = outer ?? require('./index.js')

// Never runs: `import` in a Jest sandbox learns from the text which names there are.
// oxlint-disable-next-line no-unused-expressions, no-constant-binary-expression
0 &&
  (module.exports = {
    CassetteDecodeError,
    CassettePathError,
    CassetteWriteError,
    HookError,
    MatcherError,
    OptionError,
    Player,
    UnhandledRequestError,
    body,
    eject,
    graphql,
    headers,
    insert,
    jsonBody,
    openCassetteLibrary,
    passthrough,
    path,
    play,
    query,
  })
