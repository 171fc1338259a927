const { Response: NodesResponse } = globalThis
// A DOM that is emulated may have put its own class in the place of the global one.
const nodesHeaders: object = Object.getPrototypeOf(new NodesResponse().headers)
const urls = new WeakMap<Response, string>()

/**
 * Makes a response that any code could make one of `fetch`: it tells a URL and a type, which only
 * Node can give it, and its headers cannot be changed.
 */
export function asFetched(response: Response, url: string): Response {
  urls.set(response, url)
  return Object.setPrototypeOf(response, fetched)
}

const visible = { enumerable: true, configurable: true }

const fetched: object = Object.create(NodesResponse.prototype, {
  url: {
    ...visible,
    get(this: Response) {
      return urls.get(this) ?? ''
    },
  },
  type: { ...visible, get: () => 'basic' },
  headers: {
    ...visible,
    get(this: Response): unknown {
      const headers: object = Reflect.get(NodesResponse.prototype, 'headers', this)
      return Object.setPrototypeOf(headers, unchangeable)
    },
  },
  clone: {
    ...visible,
    writable: true,
    value: function clone(this: Response) {
      return asFetched(NodesResponse.prototype.clone.call(this), this.url)
    },
  },
})

const refusal = {
  ...visible,
  writable: true,
  value: () => {
    throw new TypeError('immutable')
  },
}
const unchangeable: object = Object.create(nodesHeaders, {
  append: refusal,
  delete: refusal,
  set: refusal,
})
