import type { RecordedBody } from '../model/body.ts'
import type { Interaction } from '../model/interaction.ts'

/**
 * A copy of an interaction whose strings stand for themselves. Those that a parser cuts out of a text
 * would keep the whole text in memory.
 */
export function flatCopy(interaction: Interaction): Interaction {
  const { request, response, ...rest } = interaction
  return {
    ...copyOf(rest),
    request: flatMessage(request),
    ...(response === undefined ? {} : { response: flatMessage(response) }),
  }
}

function flatMessage<Message extends { readonly body?: RecordedBody }>(message: Message): Message {
  const { body } = message
  const copy = copyOf({ ...message, body: undefined })
  // JSON is kept as bytes of its own.
  return body === undefined ? copy : { ...copy, body: 'json' in body ? body : copyOf(body) }
}

function copyOf<Value>(value: Value): Value {
  const copy: Value = JSON.parse(JSON.stringify(value))
  return copy
}
