/**
 * The build of onnxruntime-web for WebGPU waits for the device by putting its WebAssembly stack aside, and has one place
 * for that: where a second call begins while a first one waits, both never end (1.30). So calls of one runtime wait for
 * each other.
 */
import type { InferenceSession } from 'onnxruntime-common';
import type { Runtime } from './runtime.ts';

const last = new WeakMap<Runtime, Promise<unknown>>();

/** Begins the work once all that was asked of the runtime before is over. */
export function inTurn<T>(runtime: Runtime, work: () => Promise<T>): Promise<T> {
  const turn = (last.get(runtime) ?? Promise.resolve()).then(work, work);
  last.set(runtime, turn);
  return turn;
}

/** The session itself, whose calls take turns from now on. */
export function takingTurns(runtime: Runtime, session: InferenceSession): InferenceSession {
  const { run, release } = session;
  session.run = (...call: unknown[]) =>
    inTurn(runtime, () => (run as (...given: unknown[]) => ReturnType<typeof run>).apply(session, call));
  session.release = () => inTurn(runtime, () => release.call(session));
  return session;
}
