/** What is done inside the process or page that holds the backend. */
import { catalogue, UnsupportedError } from '@isoact/core';
import {
  type AnyDefinition,
  createSharedAnswers,
  runConformance,
  type SharedAnswers,
  type SubjectReport,
} from '@isoact/core/conformance';
import type { LoadedGroup } from '../subjects/subject.ts';
import type { EvaluationRequest, RunRequest } from './session.ts';

/** Of the activation that was asked about last: the backends of a process are asked about one after the other. */
let answers: { readonly about: string; readonly shared: SharedAnswers } | null = null;

function answersAbout(activation: string): SharedAnswers {
  if (answers?.about !== activation) answers = { about: activation, shared: createSharedAnswers() };
  return answers.shared;
}

export async function runActivation(
  { backend, expected, owed, finite, enter, as = (name) => name }: LoadedGroup,
  { activation, subject, options, claims }: Omit<RunRequest, 'group'>,
  onCase: (id: string) => void,
): Promise<SubjectReport> {
  if ((await enter?.()) === false) throw new Error(`the runtime of ${subject} must take up its backend (did not)`);
  const report = await runConformance(backend, {
    ...options,
    // of frameworks' functions it is known what they miss among these questions; with others it would differ
    quick: options.quick || finite === true,
    owed: owed ?? options.owed,
    finite,
    activations: [as(activation)],
    // entries are written for whole backends, and those of other activations are not stale here
    expected,
    claims,
    answers: answersAbout(activation),
    onCase,
  });
  return { ...report, name: subject };
}

export async function evaluateAt(
  { backend }: Pick<LoadedGroup, 'backend'>,
  { activation, settings, direction, x }: Omit<EvaluationRequest, 'group'>,
): Promise<readonly number[] | null> {
  const definition: AnyDefinition = catalogue[activation as keyof typeof catalogue];
  const spec = { shape: [x.length], dtype: 'float32', parameterGradients: [] } as const;
  try {
    const compiled = await backend.compile(definition(settings as never), spec); // named as the definition names them
    const inputs = { x: Float32Array.from(x) };
    const ones = new Float32Array(x.length).fill(1);
    const values =
      direction === 'forward'
        ? (await compiled.forward(inputs)).y
        : (await compiled.vjp({ ...inputs, upstream: { y: ones } })).x;
    compiled.dispose();
    return [...values];
  } catch (error) {
    if (error instanceof UnsupportedError) return null;
    throw error;
  }
}
