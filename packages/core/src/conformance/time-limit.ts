/** A limit on waiting, and a clock, for any JavaScript host. */
declare const setTimeout: (callback: () => void, milliseconds: number) => unknown;
declare const clearTimeout: (timer: unknown) => void;
declare const performance: { now(): number };

/** Milliseconds since some moment. */
export const now = (): number => performance.now();

export class TimeLimitError extends Error {
  override readonly name: string = 'TimeLimitError';
}

/** What the promise gives, or a {@link TimeLimitError} once the time is over; the work itself cannot be stopped. */
export async function withinLimit<T>(work: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: unknown;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TimeLimitError(`${what} must end within ${milliseconds} ms (did not).`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
