import { frameLength } from './websocket-frame.ts'

/** Cuts the bytes of one direction of a WebSocket into frames, as they come. */
export class FrameCutter {
  #parts: Buffer[] = []
  #length = 0
  #needed = 0

  /** @returns the frames that are whole now */
  cut(bytes: Buffer): Buffer[] {
    this.#parts.push(bytes)
    this.#length += bytes.length
    if (this.#length < this.#needed) return []
    let rest = this.rest
    const frames: Buffer[] = []
    for (;;) {
      this.#needed = frameLength(rest)
      if (rest.length < this.#needed) break
      frames.push(rest.subarray(0, this.#needed))
      rest = rest.subarray(this.#needed)
    }
    this.#parts = [rest]
    this.#length = rest.length
    return frames
  }

  /** What came of a frame that is not whole. */
  get rest(): Buffer {
    return Buffer.concat(this.#parts)
  }
}
