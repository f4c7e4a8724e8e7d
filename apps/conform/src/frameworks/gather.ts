/** Asks every framework, and the reference, and finds where the answers differ. */
import { createReferenceBackend, type DeviceInfo } from '@isoact/core';
import type { Outcome } from '../run-all.ts';
import { evaluateAt } from '../sessions/run-group.ts';
import type { Session } from '../sessions/session.ts';
import { inputs, type Question, questions } from './questions.ts';

export interface Framework {
  /** 'tfjs-webgl', 'onnxruntime-cpu', … */
  readonly name: string;
  readonly device: DeviceInfo;
}

/** One question's answers; those of a framework that lacks the function are null. */
export interface Answers extends Question {
  readonly right: readonly number[];
  readonly given: ReadonlyMap<string, readonly number[] | null>;
}

/** Off by more than a millionth of itself, beyond the last place of the subnormals. */
export function differs(given: number, right: number): boolean {
  if (Number.isNaN(right)) return !Number.isNaN(given);
  if (given === right) return false;
  if (!Number.isFinite(given) || !Number.isFinite(right)) return true;
  return Math.abs(given - right) > 1e-6 * Math.abs(right) + 2 ** -149;
}

/** Asks the groups, each in its session. */
export async function askAll(
  groups: readonly { readonly name: string; readonly session: Session }[],
  onQuestion: (question: Question) => void,
): Promise<readonly Answers[]> {
  const reference = { backend: createReferenceBackend() };
  const x = inputs.map((input) => input.x);
  const answers: Answers[] = [];
  for (const question of questions) {
    onQuestion(question);
    const right = await evaluateAt(reference, { ...question, x });
    const given = new Map<string, readonly number[] | null>();
    for (const { name, session } of groups)
      given.set(name.replace('builtin:', ''), await session.evaluate({ ...question, group: name, x }));
    answers.push({ ...question, right: right ?? [], given });
  }
  return answers;
}

/** What the suite said of each function: from the subjects `builtin:framework:activation`. */
export function frameworksOf({ subjects }: Outcome): readonly Framework[] {
  const devices = new Map<string, DeviceInfo>();
  for (const { name, device } of subjects) {
    const [kind, framework] = name.split(':');
    if (kind === 'builtin' && framework) devices.set(framework, device);
  }
  return [...devices].map(([name, device]) => ({ name, device }));
}
