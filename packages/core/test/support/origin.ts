import { startOrigin, type Origin } from '@fixtures/origin'
import { onTestFinished } from 'vitest'

/** An origin of the running test alone, closed after it. */
export async function testOrigin(options?: Parameters<typeof startOrigin>[0]): Promise<Origin> {
  const origin = await startOrigin(options)
  onTestFinished(() => origin.close())
  return origin
}
