interface Entry<Value> {
  readonly digest: string
  readonly size: number
  readonly value: Value
}

/**
 * Remembers what files decoded to, by path and content. Bounded: when the files together get
 * larger than the limit, those that were not asked for longest are forgotten.
 */
export class DecodedCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #maxSize: number
  #size = 0

  /** @param maxSize of all files together, in bytes */
  constructor(maxSize: number) {
    this.#maxSize = maxSize
  }

  get(path: string, digest: string): Value | undefined {
    const entry = this.#entries.get(path)
    if (entry?.digest !== digest) return undefined
    this.#entries.delete(path)
    this.#entries.set(path, entry)
    return entry.value
  }

  /** @param size of the file, in bytes */
  set(path: string, digest: string, size: number, value: Value): void {
    this.#forget(path)
    if (size > this.#maxSize) return
    this.#entries.set(path, { digest, size, value })
    this.#size += size
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#maxSize) return
      this.#forget(oldest)
    }
  }

  #forget(path: string): void {
    this.#size -= this.#entries.get(path)?.size ?? 0
    this.#entries.delete(path)
  }
}
