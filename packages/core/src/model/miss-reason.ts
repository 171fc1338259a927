/** Why a request has no answer; docs/misses.md tells what to do about each. */
export type MissReason =
  | 'no cassette'
  | 'empty cassette'
  | 'never recorded'
  /** Recorded at another scheme, host or port. */
  | 'recorded elsewhere'
  /** Only fields differ that look made anew in each run: ids, times, nonces. */
  | 'generated fields'
  /** With `allowPlaybackRepeats: false`. */
  | 'already played'
  | 'recorded by another test'
  /** It carries what redaction left in a recorded response. */
  | 'placeholder'
  /** `beforePlayback` returned `null` for its recording. */
  | 'left out'
  /** HTTP/2, which is not recorded. */
  | 'protocol'
  /** `maxAge`, with `onExpired: 'fail'`. */
  | 'expired'
  /** It would pass the cassette, and `blockNetwork` is true. */
  | 'network blocked'
  /** Made outside of every `play` that runs. */
  | 'no player'
