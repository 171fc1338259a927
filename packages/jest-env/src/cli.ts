#!/usr/bin/env node
// pnpm links the programs of direct dependencies alone, and that may be this package.
import '@cassette/core/cli'
