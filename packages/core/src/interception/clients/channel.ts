import { subscribe, unsubscribe } from 'node:diagnostics_channel'

type Listener = (message: unknown) => void

const listening = new Map<string, Set<Listener>>()

/**
 * Listens to a diagnostics channel.
 *
 * @returns ends it
 */
export function listen(channel: string, listener: Listener): () => void {
  const listeners = listening.get(channel) ?? new Set()
  listening.set(channel, listeners.add(listener))
  subscribe(channel, listener)
  return () => {
    listeners.delete(listener)
    unsubscribe(channel, listener)
  }
}

/**
 * Gives a message to those who listen here. A channel gives one that it is about to give to others
 * only to those who listened when it began.
 */
export function deliver(channel: string, message: unknown): void {
  for (const listener of listening.get(channel) ?? []) listener(message)
}
