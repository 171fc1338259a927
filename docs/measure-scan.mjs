// Measures what docs/security.md says that the scan before every write costs: `pnpm docs:scan`.
// In CPU time, which a busy machine does not change much.
import { findSecrets } from '../packages/core/src/player/scan/find-secrets.ts'

const interaction = (body) => ({
  cassette: 1,
  request: {
    method: 'GET',
    url: 'https://api.example.com/users?page=2',
    headers: [['Accept', '*/*']],
  },
  response: {
    status: 200,
    statusText: 'OK',
    headers: [['Content-Type', 'application/json']],
    body,
  },
})
const users = (count) =>
  Array.from({ length: count }, (_, id) => ({
    id,
    login: `user-${id}`,
    url: `https://a.test/${id}`,
  }))

/** @returns CPU time of one call, in milliseconds */
async function cost(document, times) {
  const before = process.cpuUsage()
  // oxlint-disable-next-line no-await-in-loop -- side by side they would wait for each other
  for (let done = 0; done < times; done += 1) await findSecrets(document)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / times
}

const small = interaction({ json: users(30) })
const large = interaction({ text: JSON.stringify(users(20_000)) })
console.log(`the first scan of a process  ${(await cost(small, 1)).toFixed(0)} ms`)
await cost(small, 200)
const size = (document) => JSON.stringify(document).length
console.log(`${size(small)} bytes  ${(await cost(small, 500)).toFixed(2)} ms`)
const perMegabyte = (await cost(large, 5)) / (size(large) / 1e6)
console.log(`each megabyte  ${perMegabyte.toFixed(1)} ms`)
