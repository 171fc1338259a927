import { FrameCutter } from '../../model/frame-cutter.ts'
import { decodeFrame, opcodes } from '../../model/websocket-frame.ts'

/** What a client says after an upgrade, as far as a replay must know it. */
export class UpgradedClient {
  readonly isWebSocket: boolean
  readonly #cutter = new FrameCutter()
  #sent = 0
  #hasEnded = false
  #close: Buffer | undefined

  constructor(isWebSocket: boolean) {
    this.isWebSocket = isWebSocket
  }

  /**
   * How much it has sent. With WebSocket in messages: masks and changing texts do not count there. A
   * pong does not either, since nobody waits for it, and a ping and a close count as one.
   */
  get sent(): number {
    return this.#sent
  }

  /** Whether it will say no more. */
  get hasEnded(): boolean {
    return this.#hasEnded || this.#close !== undefined
  }

  /** What its close says, once it has sent one. */
  get close(): Buffer | undefined {
    return this.#close
  }

  /** Says that it has ended its side of the connection. */
  end(): void {
    this.#hasEnded = true
  }

  hear(bytes: Buffer): void {
    if (!this.isWebSocket) {
      this.#sent += bytes.length
      return
    }
    for (const bytesOfFrame of this.#cutter.cut(bytes)) {
      const frame = decodeFrame(bytesOfFrame)
      if (frame.isFinal && frame.opcode !== opcodes.pong) this.#sent += 1
      if (frame.opcode === opcodes.close) this.#close = frame.payload
    }
  }
}
