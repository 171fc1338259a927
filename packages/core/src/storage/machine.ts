import { createHash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * What tells this machine from others: some letters and digits. Machines, or containers, may share a
 * directory, and each has processes of its own with the same ids.
 */
export const machine: string = createHash('sha256')
  .update(hostname() + processSpace())
  .digest('hex')
  .slice(0, 8)

/** Containers may bear the same host name, as those in the network of their host do. */
function processSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    // Linux alone has it.
    return ''
  }
}
