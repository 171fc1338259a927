// Writes the table of redaction rules into docs/security.md: `pnpm docs:rules`, when the rules change.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withRedactionTable } from '../packages/core/test/support/redaction-table.ts'

const page = join(import.meta.dirname, 'security.md')
writeFileSync(page, withRedactionTable(readFileSync(page, 'utf8')))
