/**
 * Dawn's bindings for Node look for finished work in every turn of the event loop and never wait, which takes a whole
 * processor from the compiler and the executor of a software GPU. A short sleep in each turn gives it back.
 */
const sleep = 0.3; // milliseconds: less than a call of the software GPU takes

/** From now on until the function that it gives back is called. */
export function paceEventLoop(): () => void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  const turn = (): void => {
    Atomics.wait(never, 0, 0, sleep);
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  return () => clearImmediate(next);
}
