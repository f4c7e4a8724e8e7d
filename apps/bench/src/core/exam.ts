/** Questions with their answers: inputs and what core's float64 reference makes of them. */
import { createReferenceBackend } from '@isoact/core';
import type { BenchCase, CaseInputs, CaseOutputs } from './candidate.ts';
import type { Exam } from './gate.ts';

const nudge = 2 ** -22;

export async function makeExam(question: BenchCase, inputs: CaseInputs): Promise<Exam> {
  const expected = await expectedOutputs(question, inputs);
  const [above, below] = [
    await expectedOutputs(question, inputs, 1 + nudge),
    await expectedOutputs(question, inputs, 1 - nudge),
  ];
  const distance = (other: CaseOutputs, index: number) =>
    Math.abs((other.primary[index] ?? 0) - (expected.primary[index] ?? 0));
  const slack = Float64Array.from(inputs.x, (_, index) => Math.max(distance(above, index), distance(below, index)));
  return { inputs, expected, slack };
}

/** The right answers, for inputs that are exactly what the candidates get, x times `scale`. */
export async function expectedOutputs(
  { activation, direction, shape }: BenchCase,
  { x, upstream }: CaseInputs,
  scale = 1,
): Promise<CaseOutputs> {
  const compiled = await createReferenceBackend().compile(activation, { shape, dtype: 'float64' });
  // Parameters as a float32 backend reads them.
  const parameters = Object.fromEntries(
    Object.entries(activation.parameters).map(([name, value]) => [name, Float64Array.of(Math.fround(value))]),
  );
  const inputs = { x: Float64Array.from(x, (value) => value * scale), parameters };
  if (direction === 'forward') return { primary: (await compiled.forward(inputs)).y, parameters: {} };
  const gradients = await compiled.vjp({ ...inputs, upstream: { y: Float64Array.from(upstream) } });
  return { primary: gradients.x, parameters: gradients.parameters };
}
