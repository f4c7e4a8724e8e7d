/** What is done inside the process or page that holds the backend. */
import { catalogue, UnsupportedError } from '@isoact/core';
import { type AnyDefinition, runConformance, type SubjectReport } from '@isoact/core/conformance';
import type { LoadedGroup } from '../subjects/subject.ts';
import type { EvaluationRequest, RunRequest } from './session.ts';

export async function runActivation(
  { backend, expected, owed, finite, as = (name) => name }: LoadedGroup,
  { activation, subject, options, claims }: RunRequest,
  onCase: (id: string) => void,
): Promise<SubjectReport> {
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
    onCase,
  });
  return { ...report, name: subject };
}

export async function evaluateAt(
  { backend }: Pick<LoadedGroup, 'backend'>,
  { activation, settings, direction, x }: EvaluationRequest,
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
