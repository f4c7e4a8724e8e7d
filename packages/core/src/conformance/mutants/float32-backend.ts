/** A backend that computes elements in float64 and statistics in float32, in a style of one's choice. */
import type { ActivationBackend, Data, TensorSpec } from '../../adapter.ts';
import { checkSpec, inputChecker } from '../../adapter-checks.ts';
import type { Activation } from '../../definition.ts';
import { createReferenceBackend } from '../../reference/backend.ts';
import type { CallData } from '../case.ts';
import { numbersOf } from '../compare.ts';
import { formats } from '../formats.ts';
import { type Direction, expectedOutputs } from '../oracle/oracle.ts';
import { joinParts } from '../parts.ts';
import { gatherWith, type SumStyle } from './float32-sums.ts';

const owedDepth = (n: number): number => 64 + Math.ceil(Math.log2(Math.max(n, 1)));

export function float32Backend(name: string, style: SumStyle): ActivationBackend {
  const inner = createReferenceBackend();
  const supports = { ...inner.supports, dtypes: ['float32'], sumDepth: owedDepth } as const;
  const values = (
    activation: Activation,
    direction: Direction,
    spec: TensorSpec,
    data: CallData,
  ): Record<string, Float64Array> => {
    const format = formats[spec.dtype];
    const numbers = numbersOf(activation, spec, format, data);
    const outputs = expectedOutputs(activation, direction, spec, numbers, {
      sumDepth: owedDepth,
      unit: format.unit,
      gather: gatherWith(style),
    });
    const values = Object.fromEntries(outputs.map((output) => [output.name, output.expected.value]));
    const parts = outputs.filter(({ name }) => name === 'y').map(({ expected }) => expected.value);
    return parts.length > 1 ? { ...values, y: joinParts(parts, spec) } : values;
  };
  return {
    ...inner,
    name,
    supports,
    compile: async (activation, spec) => {
      checkSpec(activation, spec, name, supports.dtypes);
      const compiled = await inner.compile(activation, spec);
      const round = (numbers: Float64Array | undefined): Data => Float32Array.from(numbers ?? []);
      const split = (results: Record<string, Float64Array>, first: string) => {
        const { [first]: field, penalty, ...others } = results;
        return {
          field: round(field),
          penalty,
          others: Object.fromEntries(Object.entries(others).map(([key, value]) => [key, round(value)])),
        };
      };
      const checkInputs = inputChecker(activation, spec);
      return {
        ...compiled,
        forward: async (inputs) => {
          await compiled.forward(inputs); // for its checks
          const { field, penalty, others } = split(values(activation, 'forward', spec, inputs), 'y');
          return {
            y: field,
            ...(penalty && { penalty: penalty[0] ?? Number.NaN }),
            ...(Object.keys(others).length > 0 && { state: others }),
          };
        },
        vjp: async (inputs) => {
          checkInputs(inputs);
          const { field, others } = split(values(activation, 'vjp', spec, inputs), 'x');
          return { x: field, parameters: others };
        },
      };
    },
  };
}
