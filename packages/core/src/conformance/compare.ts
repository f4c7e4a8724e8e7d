/** Compares the arrays that a call gave with the oracle's, value by value. */
import type { Data, TensorSpec } from '../adapter.ts';
import { numericState, parameterValues } from '../adapter-checks.ts';
import type { Activation } from '../definition.ts';
import { elementCount } from '../graph/geometry.ts';
import { noiseOf } from '../noise.ts';
import type { CallData, CallResult } from './case.ts';
import type { Format } from './formats.ts';
import type { ExpectedOutput } from './oracle/expected.ts';
import { type CallNumbers, type Direction, prepareOutputs, type Selection } from './oracle/oracle.ts';
import { outputLength } from './oracle/places.ts';
import { prepareSampled } from './oracle/sample.ts';
import { takePart } from './parts.ts';
import type { Tally } from './tally.ts';
import { type Claims, judge, type OwedGrade } from './tolerance.ts';

export interface Owed {
  readonly grade: OwedGrade;
  readonly claims: Claims;
  readonly sumDepth: (n: number) => number;
  /** Whether values whose element is infinite or NaN owe nothing. */
  readonly finite?: boolean | undefined;
}

/** The numbers that a call's arrays stand for. */
export function numbersOf(activation: Activation, spec: TensorSpec, format: Format, data: CallData): CallNumbers {
  const decode = (arrays: Readonly<Record<string, Data>> | undefined) =>
    Object.fromEntries(Object.entries(arrays ?? {}).map(([name, values]) => [name, format.toNumbers(values)]));
  return {
    x: format.toNumbers(data.x),
    parameters: { ...parameterValues(activation, spec), ...decode(data.parameters) },
    ...(data.state && { state: decode(numericState(data.state)) }),
    ...(data.state?.seed && { noise: noiseOf(elementCount(spec.shape), data.state.seed) }),
    ...(data.upstream && { upstream: { y: format.toNumbers(data.upstream.y), penalty: data.upstream.penalty ?? 0 } }),
  };
}

/** The question that a call asks. */
export interface Question {
  readonly activation: Activation;
  readonly direction: Direction;
  readonly spec: TensorSpec;
  readonly format: Format;
  readonly data: CallData;
}

export interface Answers {
  readonly numbers: CallNumbers;
  readonly outputs: readonly ExpectedOutput[];
}
/** The answers as far as they are the same for all subjects. */
export type PreparedAnswers = (owed: Pick<Owed, 'sumDepth' | 'claims'>) => Answers;

/** The answers to a question, at all elements or, of a large tensor, at some; or at given ones, which are whole groups. */
export function prepareAnswers(
  { activation, direction, spec, format, data }: Question,
  sample?: { readonly count: number; readonly pick: (bound: number) => number } | undefined,
  {
    only,
    elements,
  }: { readonly only?: Selection['only'] | undefined; readonly elements?: Uint32Array | undefined } = {},
): PreparedAnswers {
  const numbers = numbersOf(activation, spec, format, data);
  const selection: Selection = { ...(only && { only }), ...(elements && { at: elements, over: elements }) };
  const outputsFor = sample
    ? prepareSampled(activation, direction, spec, numbers, selection, sample)
    : prepareOutputs(activation, direction, spec, numbers, selection);
  return ({ sumDepth, claims }) => ({
    numbers,
    outputs: outputsFor({ sumDepth, unit: format.unit, flushes: claims.subnormals === 'any' }),
  });
}

/** Judges a result into the tally; gives back what is wrong with its form. */
export function compare(
  question: Question,
  { numbers, outputs }: Answers,
  result: CallResult,
  owed: Owed,
  tally: Tally,
): string[] {
  const { activation, spec, format, data } = question;
  const faults: string[] = [];
  for (const output of outputs) {
    const values = result[output.name];
    const length = outputLength(output, activation, spec);
    if (values?.length !== length) {
      faults.push(`output ${output.name} must have ${length} values (had ${values ? values.length : 'none'})`);
      continue;
    }
    if (output.kind !== 'penalty' && values.constructor !== data.x.constructor) {
      faults.push(`output ${output.name} must be a ${data.x.constructor.name} (was a ${values.constructor.name})`);
      continue;
    }
    // a penalty of no elements has no value
    if (numbers.x.length === 0 && output.kind === 'penalty') continue;
    const judged = output.kind === 'field' ? partOf(values, output, question) : values;
    const got = output.kind === 'penalty' ? Float64Array.from(judged) : format.toNumbers(judged);
    compareOutput(output, got, numbers, format, owed, tally);
  }
  return faults;
}

/** The values of a field that are judged: those of one part of y, at the output's elements. */
function partOf(values: Data, { name, part, elements }: ExpectedOutput, { activation, spec, format }: Question): Data {
  const parts = name === 'y' ? activation.forward.y.length : 1;
  const field = parts === 1 ? values : takePart(format.allocate(values.length / parts), values, part, parts, spec);
  if (!elements) return field;
  const chosen = format.allocate(elements.length);
  for (let k = 0; k < chosen.length; k++) chosen[k] = field[elements[k] as number] as number;
  return chosen;
}

/** Outputs that nobody asked for. */
export function surplus(result: CallResult, outputs: readonly ExpectedOutput[]): string[] {
  const known = new Set(outputs.map(({ name }) => name));
  return Object.keys(result)
    .filter((name) => !known.has(name))
    .map((name) => `output ${name} must not be there (nobody asked for it)`);
}

/** Judges the values of one output; those of a field stand at the output's elements. */
export function compareOutput(
  output: ExpectedOutput,
  values: Float64Array,
  numbers: CallNumbers,
  format: Format,
  { grade, claims, finite = false }: Owed,
  tally: Tally,
): void {
  const { upstream } = numbers;
  const isFinite = (index: number): boolean =>
    Number.isFinite(numbers.x[index]) && (upstream === undefined || Number.isFinite(upstream.y[index]));
  // what is made of all elements owes nothing where one of them does not
  if (finite && output.kind !== 'field' && !Array.from(numbers.x).every((_, index) => isFinite(index))) return;
  values.forEach((got, place) => {
    if (finite && output.kind === 'field' && !isFinite(output.elements?.[place] ?? place)) return;
    const judgement = judge(output, place, got, grade, format, claims);
    tally.add(judgement, () => {
      const index = output.elements?.[place] ?? place;
      const x = output.kind === 'field' ? (numbers.x[index] as number) : null;
      return {
        output: output.name,
        index,
        x: x === null ? null : String(x),
        xBits: x === null ? null : format.hex(x),
        got: String(got),
        gotBits: format.hex(got),
        expected: String(output.expected.value[place]),
        ulps: judgement.ulps,
        share: judgement.share,
      };
    });
  });
}
