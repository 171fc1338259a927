import { expect, test } from 'vitest'
import { originOf, urlOfTarget } from '../../src/interception/wire/origin-of.ts'

test('the zone of an address, for which a URL has no place, is none of the origin', () => {
  const origin = originOf({ host: 'fe80::1%eth0', port: 8080, protocol: 'http:' }, false)

  expect(origin).toBe('http://[fe80::1]:8080')
  expect(urlOfTarget('/a', origin)).toBe('http://[fe80::1]:8080/a')
})
