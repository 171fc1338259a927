import { expect, test } from 'vitest'
import { isLocalhost } from '../../src/model/localhost.ts'

const hostname = (host: string) => new URL(`http://${host}`).hostname

test.each([
  'localhost',
  'app.localhost',
  'localhost.',
  '127.0.0.1',
  '127.255.1.2',
  '127.1',
  '0.0.0.0',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
])('%s is this machine', (host) => {
  expect(isLocalhost(hostname(host))).toBe(true)
})

test.each([
  'example.com',
  'localhost.example.com',
  'notlocalhost',
  '128.0.0.1',
  '10.0.0.1',
  '127.0.0.1.example.com',
  '[::2]',
  '[fe80::1]',
])('%s is another', (host) => {
  expect(isLocalhost(hostname(host))).toBe(false)
})
