import type { HeaderList } from '../../model/header-list.ts'
import type { AskedFetch } from './asked-fetch.ts'

/** The headers of a request; a number is the place of one that was given. */
type Template = readonly (readonly [name: string, value: string | number])[]

// A suite has a few kinds for each server; one that makes servers without end starts anew.
const maxKinds = 1000

/**
 * What headers Node writes for which kind of request: their order, and those that it adds. They are
 * taken from the first request of a kind, which Node makes.
 */
export class WrittenHeaders {
  readonly #templates = new Map<string, Template | 'unclear'>()

  /** `undefined` where Node has to make one first, `'unclear'` where it makes them all. */
  of({ kind, headers }: AskedFetch): HeaderList | 'unclear' | undefined {
    const template = this.#templates.get(kind)
    if (template === undefined || template === 'unclear') return template
    return template.map(([name, value]) => [
      name,
      typeof value === 'number' ? headers[value]![1] : value,
    ])
  }

  /** @param written for the request by Node; `undefined` where they are not plain */
  learn({ kind, headers }: AskedFetch, written: HeaderList | undefined): void {
    if (this.#templates.size >= maxKinds) this.#templates.clear()
    this.#templates.set(kind, (written && templateOf(headers, written)) ?? 'unclear')
  }
}

function templateOf(given: HeaderList, written: HeaderList): Template | undefined {
  const places = new Map(given.map(([name], place) => [name.toLowerCase(), place]))
  const template: (readonly [string, string | number])[] = []
  for (const [name, value] of written) {
    const key = name.toLowerCase()
    const place = places.get(key)
    places.delete(key)
    if (place !== undefined && given[place]?.[1] !== value) return undefined
    if (key !== 'content-length') template.push([name, place ?? value])
  }
  // One that is missing, or changed, has a meaning of its own.
  return places.size === 0 ? template : undefined
}
