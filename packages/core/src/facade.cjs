'use strict'

// A sandbox has its own module registry: a second engine in it would patch the network again.
// @cassette/jest-env leaves the one outside of Jest's here.
const outer = globalThis[Symbol.for('@cassette/core')]

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

// Here as well, because an older Node cannot even load what says it otherwise.
if (major < 22 || (major === 22 && minor < 20)) {
  throw new Error(
    `Cassette needs Node 22.20 or newer, and this is Node ${process.versions.node}. ` +
      'Run the tests with a newer Node.',
  )
}

// Jest 30 gives a sandbox no way to load an ES module.
if (outer === undefined && !process.features.require_module) {
  throw new Error(
    '@cassette/core cannot be loaded in a sandbox of Jest. ' +
      "Set `testEnvironment: '@cassette/jest-env'`.",
  )
}

// Not the `require` of a vm pool, which would evaluate a core of its own.
const requireOutside = () => process.getBuiltinModule('node:module').createRequire(__filename)

module.exports = outer ?? requireOutside()('./index.js')

// Never runs: `import` learns from the text which names there are.
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
    SecretFoundError,
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
