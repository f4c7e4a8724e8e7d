/** A process or a page that holds one group of subjects, and what passes between it and the command. */
import type { GroupName as CaseGroup, Direction, OwedGrade, SubjectReport } from '@isoact/core/conformance';

/** What a run asks of every subject; it travels as JSON. */
export interface RunOptions {
  readonly groups: readonly CaseGroup[] | undefined;
  readonly owed: OwedGrade | undefined;
  readonly quick: boolean;
  readonly huge: boolean;
  readonly seed: number | undefined;
  readonly timeLimit: number | undefined;
}

/** What is asked of a backend, one of the groups that the process or page can hold. */
export interface RunRequest {
  readonly group: string;
  readonly activation: string;
  /** The subject's name where it is not the backend's own. */
  readonly subject: string;
  readonly options: RunOptions;
  /** Whether what the backend claims is probed, too. Default true. */
  readonly claims?: boolean;
}

/** A question without a judgement: what comes out where this goes in. */
export interface EvaluationRequest {
  readonly group: string;
  readonly activation: string;
  /** Settings of the activation, by the definition's own names. */
  readonly settings: Readonly<Record<string, number>>;
  readonly direction: Direction;
  readonly x: readonly number[];
}

/** Hears, now and then, of the case that has begun, and how many have since it last heard. */
export type OnCase = (id: string, begun: number) => void;

/** A process or page that holds backends, each from when it is first asked for. */
export interface Session {
  /**
   * One activation's part of a subject's report.
   * @throws Unavailable where the machine lacks the group's backend; the session goes on.
   * @throws SessionEnded when the process or the page ended, or said nothing for too long; the session is over then.
   */
  run(request: RunRequest, onCase: OnCase): Promise<SubjectReport>;
  /**
   * y, or the slope (for an upstream gradient of 1) at each x; null where the backend refuses.
   * @throws SessionEnded as `run` does.
   */
  evaluate(request: EvaluationRequest): Promise<readonly number[] | null>;
  close(): Promise<void>;
}

/** The machine has no such backend. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The process or page took the rest of the run with it. */
export class SessionEnded extends Error {
  override readonly name = 'SessionEnded';
}

const defaultTimeLimit = 20_000;

/** Silence, in milliseconds, that no case can need: a few calls at their limit, and tensors of 2^24 elements if asked for. */
export const longestSilence = ({ timeLimit = defaultTimeLimit, huge }: RunOptions): number =>
  4 * timeLimit + (huge ? 600_000 : 20_000);

/**
 * Options of V8 that leave WebAssembly to its baseline compiler. A runtime of some megabytes that makes a thousand small
 * sessions is better off so: optimising it takes longer than all that it then does.
 */
export const baselineOnly: readonly string[] = ['--liftoff-only'];

/** For runs of a minute, which end before most optimised JavaScript has paid for itself, too. */
export const briefly: readonly string[] = [...baselineOnly, '--interrupt-budget=600000'];

/** Calls back once it has not been fed for so long. */
export interface Watchdog {
  feed(): void;
  stop(): void;
}

export function createWatchdog(milliseconds: number, onSilence: () => void): Watchdog {
  let timer = setTimeout(onSilence, milliseconds);
  return {
    feed: () => {
      clearTimeout(timer);
      timer = setTimeout(onSilence, milliseconds);
    },
    stop: () => clearTimeout(timer),
  };
}
