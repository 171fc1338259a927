'use strict'

// A Jest sandbox has its own module registry: a second engine in it would patch the network again.
// @cassette/jest-env leaves the outer one here; everywhere else there is only one anyway.
const outer = globalThis[Symbol.for('@cassette/core')]

if (outer === undefined && !process.features.require_module) {
  throw new Error(
    `Cassette needs Node 22.20 or newer, and this is Node ${process.versions.node}. ` +
      'Run the tests with a newer Node.',
  )
}

module.exports = outer ?? require('./index.js')
