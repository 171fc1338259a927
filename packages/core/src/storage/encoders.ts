import { extname } from 'node:path'
import type { Encoder, FileFormat } from '../model/encoder.ts'
import { OptionError } from '../model/errors/option-error.ts'
import { jsonEncoder } from './json-encoder.ts'
import { yamlEncoder } from './yaml-encoder.ts'

const encoders: readonly Encoder[] = [jsonEncoder, yamlEncoder]

/**
 * The encoder of a format.
 *
 * @throws OptionError that lists the formats
 */
export function encoderFor(format: FileFormat): Encoder {
  const encoder = encoders.find((candidate) => candidate.format === format)
  if (encoder !== undefined) return encoder
  const formats = encoders.map((candidate) => candidate.format).join(', ')
  throw new OptionError('fileFormat', format, `one of ${formats}`)
}

/** The encoder that the extension of a path asks for; `undefined` where no encoder has it. */
export function encoderOfPath(path: string): Encoder | undefined {
  const extension = extname(path).toLowerCase()
  return encoders.find(({ extensions }) => extensions.includes(extension))
}
