// The network is taken over and given back.
import { mock, http, report } from './engine.mjs'

const names = ['Headers', 'Request', 'Response']
const enumerable = () => {
  const found = names.filter((name) => Object.keys(globalThis).includes(name))
  return `enumerable: ${found.join(' ') || 'none'}`
}
for (const name of names) Reflect.get(globalThis, name)
const before = enumerable()
mock()
http.dispose()
report(before, enumerable())
