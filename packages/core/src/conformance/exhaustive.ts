/** Every one of the 2^32 float32 values, in chunks, so that a run can be taken up again. */
import type { ActivationBackend } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import { UnsupportedError } from '../errors.ts';
import { elementCount } from '../graph/geometry.ts';
import { outputShape } from '../graph/roots.ts';
import { extentsOf } from './cases/arrange.ts';
import { compareOutput, numbersOf } from './compare.ts';
import { formats, ulp32 } from './formats.ts';
import { evaluateOver } from './oracle/evaluation.ts';
import { type Direction, expectedOutputs, inputsOf } from './oracle/oracle.ts';
import { invoke } from './probe.ts';
import { owedBy } from './run.ts';
import { Tally } from './tally.ts';
import { withinLimit } from './time-limit.ts';
import type { OwedGrade } from './tolerance.ts';

export const chunkLength = 2 ** 20;
export const chunkCount = 2 ** 32 / chunkLength;

export interface ExhaustiveOptions {
  readonly owed?: OwedGrade | undefined;
  /** Chunks to check, [from, to). All unless given. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly timeLimit?: number | undefined;
}

export interface CheckedChunk {
  readonly chunk: number;
  readonly tally: Tally;
}

/**
 * Checks chunk after chunk of an elementwise activation, for an upstream gradient of 1.
 *
 * @throws UnsupportedError for an activation whose elements share statistics: there are no 2^32 cases of it.
 */
export async function* checkEveryFloat(
  backend: ActivationBackend,
  activation: Activation,
  direction: Direction,
  { owed = 'B', from = 0, to = chunkCount, timeLimit = 120_000 }: ExhaustiveOptions = {},
): AsyncGenerator<CheckedChunk> {
  if (extentsOf(activation).length > 0) {
    throw new UnsupportedError(
      `an activation that is checked for every float must be elementwise (was ${activation.name}).`,
    );
  }
  const format = formats.float32;
  const spec = { shape: [chunkLength], dtype: 'float32', channelAxis: 0, parameterGradients: [] } as const;
  const compiled = await backend.compile(activation, spec);
  const judged = owedBy(backend, owed);
  const ones = new Float32Array(elementCount(outputShape(activation, spec))).fill(1);
  try {
    for (let chunk = from; chunk < to; chunk++) {
      const bits = Uint32Array.from({ length: chunkLength }, (_, index) => chunk * chunkLength + index);
      const data = { x: new Float32Array(bits.buffer), ...(direction === 'vjp' && { upstream: { y: ones } }) };
      const result = await withinLimit(invoke(compiled, direction, data), timeLimit, `chunk ${chunk}`);
      const field = direction === 'forward' ? result.y : result.x;
      const numbers = numbersOf(activation, spec, format, data);
      const roots = direction === 'forward' ? activation.forward.y : [activation.vjp.x];
      const tensors = { inputs: inputsOf(numbers), parameters: numbers.parameters };
      const values = evaluateOver(roots, spec, tensors).at(roots);
      const tally = new Tally();
      // parts along the only axis lie one after another
      const parts = roots.map((_, part) =>
        Float64Array.from(field?.subarray(part * chunkLength, (part + 1) * chunkLength) ?? []),
      );
      for (const [part, got] of parts.entries()) {
        const doubtful = accurate(values[part] as Float64Array, got, judged.claims.signedZero === 'strict', tally);
        if (doubtful.length === 0) continue;
        const outputs = expectedOutputs(activation, direction, spec, numbers, {
          sumDepth: judged.sumDepth,
          unit: format.unit,
          flushes: judged.claims.subnormals === 'any',
          at: doubtful,
          over: doubtful,
          only: (kind) => kind === 'field',
        });
        for (const output of outputs.filter((each) => each.part === part)) {
          compareOutput(
            output,
            Float64Array.from(doubtful, (index) => got[index] as number),
            numbers,
            format,
            judged,
            tally,
          );
        }
      }
      yield { chunk, tally };
    }
  } finally {
    compiled.dispose();
  }
}

/**
 * Tallies what is right for sure: within 2 ulp of the value, which no tolerance is below. Gives back the rest.
 */
function accurate(values: Float64Array, got: Float64Array, strictZeros: boolean, tally: Tally): Uint32Array {
  const doubtful: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const [value, answer] = [values[index] as number, got[index] as number];
    const error = answer === Math.fround(value) ? 0 : Math.abs(answer - value);
    // NaN and infinities compare false, and are looked at closely; so is a missing answer
    const signCounts = strictZeros && answer === 0;
    if (error <= 2 * ulp32(value) && !signCounts) tally.addAccurate(error === 0 ? 0 : error / ulp32(value));
    else doubtful.push(index);
  }
  return Uint32Array.from(doubtful);
}
