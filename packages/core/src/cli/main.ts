#!/usr/bin/env node
import '../supported-node.ts'
import { runCommandLine } from './command-line.ts'

await runCommandLine(process.argv.slice(2))
