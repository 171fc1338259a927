/** What `pnpm test` has time for, or all with `pnpm test:soak`. */
export function sampleOrAll<Value>(sample: Value, all: Value): Value {
  return process.env['SOAK'] === undefined ? sample : all
}
