/** What the command hears of cases: one message for each would cost it and the backend's process more than most cases do. */

/** Milliseconds between messages. */
const pause = 200;

export interface Teller {
  /** A case begins. */
  begin(id: string): void;
  /** The last one is over. */
  end(): void;
}

/** @param tell hears of the case that has just begun, and how many have since it last heard. */
export function createTeller(tell: (id: string, begun: number) => void): Teller {
  let last = Number.NEGATIVE_INFINITY;
  let begun = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tellNow = (id: string): void => {
    clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    tell(id, begun);
    begun = 0;
  };
  return {
    begin: (id) => {
      begun++;
      // by the clock as well: a backend that never waits lets no timer go off
      if (performance.now() - last >= pause) tellNow(id);
      else {
        clearTimeout(timer);
        timer = setTimeout(() => tellNow(id), pause);
      }
    },
    end: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
