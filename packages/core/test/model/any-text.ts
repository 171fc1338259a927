import * as fc from 'fast-check'

/** Text of any characters; control characters and quotes come often. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc
    .oneof(
      fc.constantFrom('"', '\\', '\n', '\r', '\0', '\u007f', '\u2028', '\ufeff', 'é', '🎞'),
      fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCodePoint(code)),
      fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
    )
    .filter((character) => character.isWellFormed()),
})
