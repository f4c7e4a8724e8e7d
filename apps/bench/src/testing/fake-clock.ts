/** A clock that moves only when work says how long it took: verdicts are tested without a machine's noise. */
import type { Clock } from '../core/clock.ts';

export interface FakeClock extends Clock {
  advance(milliseconds: number): void;
}

export function fakeClock(): FakeClock {
  let time = 0;
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}
