/** The one source of time. Tests put a clock of their own here, so that verdicts are tested without noise. */
export interface Clock {
  /** Milliseconds from any fixed moment, never going back. */
  now(): number;
}

export const systemClock: Clock = { now: () => performance.now() };

/** Milliseconds that a piece of work takes. */
export async function timed(clock: Clock, work: () => Promise<void>): Promise<number> {
  const start = clock.now();
  await work();
  return clock.now() - start;
}
