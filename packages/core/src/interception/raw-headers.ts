import type { HeaderList } from '../model/header-list.ts'

/**
 * The headers as they stood on the wire. The engine keeps them under a private symbol, because
 * `Headers` itself lower-cases and sorts; where that should ever be gone, order and case are lost
 * and nothing else.
 */
export function rawHeaders(headers: Headers): HeaderList {
  const symbol = Object.getOwnPropertySymbols(headers).find(
    ({ description }) => description === 'kRawHeaders',
  )
  const raw: unknown = symbol === undefined ? undefined : Reflect.get(headers, symbol)
  return isHeaderList(raw) ? raw.map(([name, value]) => [name, value]) : [...headers]
}

function isHeaderList(raw: unknown): raw is HeaderList {
  return Array.isArray(raw) && raw.length > 0
}
