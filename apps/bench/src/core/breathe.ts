/**
 * Turns of the event loop. Calls of a CPU backend resolve without one, and then no Ctrl-C, no message of a page and no
 * time limit would ever be seen.
 */

const longestWithoutMs = 50;
let last = 0;

/** Lets the event loop turn if it has not for a while. Never inside of what is timed. */
export async function breathe(): Promise<void> {
  if (performance.now() - last < longestWithoutMs) return;
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  last = performance.now();
}
