import { createHash } from 'node:crypto'
import { hostname } from 'node:os'

/**
 * What tells this machine from others: some letters and digits. Machines, or containers, may share a
 * directory, and each has processes of its own with the same ids.
 */
export const machine: string = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
