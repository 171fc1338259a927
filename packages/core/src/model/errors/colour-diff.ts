import util from 'node:util'

/** A text with the lines of its diffs in the colours that `git diff` gives them. */
export function colourDiff(text: string): string {
  return text.replaceAll(/^( +)([-+@].*)$/gm, (_line, indent: string, line: string) => {
    const colour = line.startsWith('-') ? 'red' : line.startsWith('+') ? 'green' : 'cyan'
    // Whoever asks has looked at the stream already.
    return indent + util.styleText(colour, line, { validateStream: false })
  })
}
