import './supported-node.ts'

export { eject, insert, passthrough, play } from './player/play.ts'
export { Player } from './player/player.ts'
export type { PlayerOptions } from './player/player-options.ts'
export type { PlayerReport } from './player/player-report.ts'
export { CassettePathError } from './storage/cassette-path-error.ts'
export { CassetteWriteError } from './storage/cassette-write-error.ts'
export { openCassetteLibrary } from './storage/open-cassette-library.ts'
export { CassetteDecodeError } from './model/errors/cassette-decode-error.ts'
export { SecretFoundError } from './model/errors/secret-found-error.ts'
export { OptionError } from './model/errors/option-error.ts'
export { UnhandledRequestError } from './model/errors/unhandled-request-error.ts'
export type { JsonValue, RecordedBody, RecordedChunk } from './model/body.ts'
export type { CassetteLibrary } from './model/cassette-library.ts'
export type { CassetteName } from './model/cassette-name.ts'
export type { FileFormat } from './model/encoder.ts'
export type { HeaderList } from './model/header-list.ts'
export type { Interaction, RecordedRequest, RecordedResponse } from './model/interaction.ts'
export type { BuiltInMatcher, MatchOptions } from './model/matcher-set.ts'
export type { Matcher } from './model/matcher.ts'
export type {
  RedactableExchange,
  RedactFunction,
  RedactionOptions,
  RedactOption,
} from './model/redaction/redact-option.ts'
export type { SecretFinding } from './model/secret-scanner.ts'
export type { OnSecret } from './player/scan/new-recording-scanner.ts'
export type { RecordMode } from './model/record-mode.ts'
