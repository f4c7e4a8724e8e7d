/** What the command tells the program that called it. */
export const exitCodes = {
  fine: 0,
  /** A result of ours is wrong. */
  wrong: 1,
  /** A row is slower than the baseline. */
  slower: 2,
  /** Bad options, as sysexits.h numbers them. */
  usage: 64,
  /** Ctrl-C, as shells number it. */
  interrupted: 130,
} as const;
