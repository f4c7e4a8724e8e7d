/** In half precision a correct backend passes everything, laws and declared slopes among it: they allow its rounding. */
import { expect, test } from 'vitest';
import type { ActivationBackend, Data, ParameterValues, State } from '../adapter.ts';
import { numericState, parameterValues } from '../adapter-checks.ts';
import { catalogue, createReferenceBackend } from '../index.ts';
import { formats } from './formats.ts';
import { groupNames, runConformance } from './index.ts';

const { float16 } = formats;
const decoded = (data: Data): Float32Array => Float32Array.from(float16.toNumbers(data));
const decodedAll = (all: State | undefined) =>
  all && Object.fromEntries(Object.entries(all).map(([name, data]) => [name, decoded(data)]));
const encodedAll = (all: Readonly<Record<string, Data>>) =>
  Object.fromEntries(Object.entries(all).map(([name, data]) => [name, float16.fromNumbers(data)]));

/** The reference over numbers that are stored in half precision. */
function createHalfBackend(): ActivationBackend {
  const inner = createReferenceBackend();
  return {
    ...inner,
    name: 'half',
    supports: { ...inner.supports, dtypes: ['float16'] },
    compile: async (activation, spec) => {
      const compiled = await inner.compile(activation, { ...spec, dtype: 'float32' });
      // the activation's own values are rounded as well
      const values = (given: ParameterValues | undefined) => {
        const all = parameterValues(activation, spec, given);
        return Object.fromEntries(
          Object.entries(all).map(([name, data]) => [name, given?.[name] ? decoded(data) : Float32Array.from(data)]),
        );
      };
      return {
        ...compiled,
        forward: async ({ x, parameters, state }) => {
          const result = await compiled.forward({
            x: decoded(x),
            parameters: values(parameters),
            state: { ...decodedAll(numericState(state)), ...(state?.seed && { seed: state.seed }) },
          });
          return {
            ...result,
            y: float16.fromNumbers(result.y),
            ...(result.state && { state: encodedAll(result.state) }),
          };
        },
        vjp: async ({ x, parameters, state, upstream }) => {
          const result = await compiled.vjp({
            x: decoded(x),
            parameters: values(parameters),
            state: { ...decodedAll(numericState(state)), ...(state?.seed && { seed: state.seed }) },
            upstream: { ...upstream, y: decoded(upstream.y) },
          });
          return { x: float16.fromNumbers(result.x), parameters: encodedAll(result.parameters) };
        },
      };
    },
  };
}

test.each(Object.keys(catalogue))('%s', async (activation) => {
  // what is refused is a matter of the wrapper above, and not of numbers
  const groups = groupNames.filter((name) => name !== 'integrity');
  const report = await runConformance(createHalfBackend(), { activations: [activation], groups, quick: true });
  expect(report.failures.map(({ id, faults }) => `${id}: ${faults[0]}`)).toEqual([]);
  expect(report.totals.values).toBeGreaterThan(1000);
});
