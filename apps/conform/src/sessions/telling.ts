/** What the command hears of cases: one message for each would cost it and the backend's process more than most cases do. */

/** Milliseconds between messages. */
const pause = 200;

export interface Teller {
  /** A case begins. */
  begin(id: string): void;
  /** The last one is over: what has not been told is told now. */
  end(): void;
}

/** @param tell hears of the case that has just begun, and how many have since it last heard. */
export function createTeller(tell: (id: string, begun: number) => void): Teller {
  let last = Number.NEGATIVE_INFINITY;
  let untold: { readonly id: string; readonly begun: number } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tellNow = (): void => {
    clearTimeout(timer);
    if (!untold) return;
    const { id, begun } = untold;
    untold = null;
    last = performance.now();
    tell(id, begun);
  };
  return {
    begin: (id) => {
      untold = { id, begun: (untold?.begun ?? 0) + 1 };
      clearTimeout(timer);
      // by the clock as well: a backend that never waits lets no timer go off
      if (performance.now() - last >= pause) tellNow();
      else timer = setTimeout(tellNow, pause);
    },
    end: tellNow,
  };
}
