export { cassette, cassette as default } from './plugin.ts'
export type { RunnerOptions as CassetteOptions } from '@cassette/core/runner'
