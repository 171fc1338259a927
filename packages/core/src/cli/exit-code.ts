/** What the program tells the shell. */
export const exitCode = {
  /** Nothing is wrong. */
  fine: 0,
  /** Something was found. */
  found: 1,
  /** The command could not be carried out: a wrong argument, a wrong option. */
  failed: 2,
} as const
