/** Compares the arrays that a call gave with the oracle's, value by value. */
import type { Data, TensorSpec } from '../adapter.ts';
import { parameterValues } from '../adapter-checks.ts';
import type { Activation } from '../definition.ts';
import type { CallData, CallResult } from './case.ts';
import type { Format } from './formats.ts';
import {
  type CallNumbers,
  type Direction,
  type ExpectedOutput,
  expectedOutputs,
  outputLength,
} from './oracle/oracle.ts';
import type { Tally } from './tally.ts';
import { type Claims, judge, type OwedGrade } from './tolerance.ts';

export interface Owed {
  readonly grade: OwedGrade;
  readonly claims: Claims;
  readonly sumDepth: (n: number) => number;
}

/** The numbers that a call's arrays stand for. */
export function numbersOf(activation: Activation, spec: TensorSpec, format: Format, data: CallData): CallNumbers {
  const decode = (arrays: Readonly<Record<string, Data>> | undefined) =>
    Object.fromEntries(Object.entries(arrays ?? {}).map(([name, values]) => [name, format.toNumbers(values)]));
  return {
    x: format.toNumbers(data.x),
    parameters: { ...parameterValues(activation, spec), ...decode(data.parameters) },
    ...(data.state && { state: decode(data.state) }),
    ...(data.upstream && { upstream: { y: format.toNumbers(data.upstream.y), penalty: data.upstream.penalty ?? 0 } }),
  };
}

/** Judges a result into the tally; gives back what is wrong with its form. */
export function compare(
  activation: Activation,
  direction: Direction,
  spec: TensorSpec,
  format: Format,
  data: CallData,
  result: CallResult,
  owed: Owed,
  tally: Tally,
): string[] {
  const numbers = numbersOf(activation, spec, format, data);
  const outputs = expectedOutputs(activation, direction, spec, numbers, {
    sumDepth: owed.sumDepth,
    unit: format.unit,
    flushes: owed.claims.subnormals === 'any',
  });
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
    compareOutput(
      output,
      output.kind === 'penalty' ? Float64Array.from(values) : format.toNumbers(values),
      numbers,
      format,
      owed,
      tally,
    );
  }
  const known = new Set(outputs.map(({ name }) => name));
  for (const name of Object.keys(result))
    if (!known.has(name)) faults.push(`output ${name} must not be there (nobody asked for it)`);
  return faults;
}

/** Judges the values of one output; those of a field stand at the output's elements. */
export function compareOutput(
  output: ExpectedOutput,
  values: Float64Array,
  numbers: CallNumbers,
  format: Format,
  { grade, claims }: Owed,
  tally: Tally,
): void {
  values.forEach((got, place) => {
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
