import { expect, test } from 'vitest'
import { remembered } from '../../src/model/remembered.ts'

function counted() {
  const asked: string[] = []
  const isX = remembered((text) => {
    asked.push(text)
    return text.startsWith('x')
  })
  return { asked, isX }
}

test('a text is tested once', () => {
  const { asked, isX } = counted()
  expect(['x', 'y', 'x', 'y', '\ud800'].map(isX)).toEqual([true, false, true, false, false])
  expect(['\ud800', '\ufffd'].map(isX)).toEqual([false, false])
  expect(asked).toEqual(['x', 'y', '\ud800', '\ufffd'])
})

test('a long text is tested each time', () => {
  const { asked, isX } = counted()
  const long = 'x'.repeat(201)
  expect([isX(long), isX(long)]).toEqual([true, true])
  expect(asked).toHaveLength(2)
})

test('after a thousand texts the first is forgotten', () => {
  const { asked, isX } = counted()
  for (let at = 0; at <= 1000; at += 1) isX(`x${at}`)
  expect(isX('x0')).toBe(true)
  expect(asked).toHaveLength(1002)
})
