/** Right numbers in the wrong place, or at the wrong time. */
import type { ActivationBackend, CompiledActivation, Data, ParameterValues, VjpInputs } from '../../adapter.ts';
import { neighbour32 } from '../formats.ts';
import { type Mutant, withResult, wrapped } from './mutant.ts';

const mapData = (values: Data, change: (value: number, index: number) => number): Data => values.map(change) as Data;
const eachField = (name: string, change: (values: Data, x: Data) => Data): ActivationBackend =>
  withResult(name, {
    forward: (result, _, x) => ({ ...result, y: change(result.y, x) }),
    vjp: (result, _, x) => ({ ...result, x: change(result.x, x) }),
  });
const nudged = (value: number): number => (Number.isFinite(value) && value !== 0 ? neighbour32(value, 1) : value);

/** upstream·x of the last negative x: one term of PReLU's gradient for its slope. */
function lastTerm(x: Data, upstream: Data): number {
  let last = 0;
  for (const [index, value] of x.entries()) if (value < 0) last = value * (upstream[index] as number);
  return last;
}

/** The results of one call change what later ones give. */
function remembering(
  name: string,
  change: (compiled: CompiledActivation) => Partial<CompiledActivation>,
): ActivationBackend {
  return wrapped(name, change);
}

export const memoryMutants: readonly Mutant[] = [
  {
    name: 'swapped lanes',
    about: 'neighbours written to each other',
    activation: 'tanh',
    killedBy: 'layout',
    create: () => eachField('swapped lanes', (values) => mapData(values, (value, index) => values[index ^ 1] ?? value)),
  },
  {
    name: 'the last partial workgroup is unwritten',
    about: 'n is divided by 64 without rounding up',
    activation: 'tanh',
    killedBy: 'layout',
    create: () =>
      eachField('partial workgroup', (values) =>
        mapData(values, (value, index) =>
          index < Math.floor(values.length / 64) * 64 || values.length < 64 ? value : 0,
        ),
      ),
  },
  {
    name: 'the tail of a vector loop rounds otherwise',
    about: 'the last n mod 4 elements go through another formula, one ulp off',
    activation: 'tanh',
    killedBy: 'layout',
    create: () =>
      eachField('tail', (values) =>
        mapData(values, (value, index) => (index >= (values.length & ~3) ? nudged(value) : value)),
      ),
  },
  {
    name: 'NaN spreads to the lanes beside it',
    about: 'a vector of four is tested as one',
    activation: 'relu',
    killedBy: 'layout',
    create: () =>
      eachField('NaN spreads', (values, x) =>
        mapData(values, (value, index) => {
          const lanes = x.subarray(index & ~3, (index & ~3) + 4);
          return lanes.some((lane) => Number.isNaN(lane)) ? Number.NaN : value;
        }),
      ),
  },
  {
    name: 'lanes beyond 65 535 workgroups are unwritten',
    about: 'one dimension of a dispatch does not reach further',
    activation: 'crelu',
    killedBy: 'layout',
    full: true,
    create: () =>
      eachField('many workgroups', (values) => mapData(values, (value, index) => (index < 65_535 * 64 ? value : 0))),
  },
  {
    name: 'results of the previous call',
    about: 'read back before the device is done',
    activation: 'tanh',
    killedBy: 'integrity',
    create: () =>
      remembering('previous call', (compiled) => {
        let before: Data | null = null;
        const late = (values: Data): Data => {
          const result = before ?? values;
          before = values;
          return result;
        };
        return {
          forward: async (inputs) => ({ y: late((await compiled.forward(inputs)).y) }),
          vjp: async (inputs) => {
            const result = await compiled.vjp(inputs);
            return { ...result, x: late(result.x) };
          },
        };
      }),
  },
  {
    name: 'one output buffer for all calls',
    about: 'a later call overwrites what an earlier one gave',
    activation: 'tanh',
    killedBy: 'integrity',
    create: () =>
      remembering('one buffer', (compiled) => {
        let buffer: Data | null = null;
        return {
          forward: async (inputs) => {
            const { y } = await compiled.forward(inputs);
            buffer ??= y;
            buffer.set(y);
            return { y: buffer };
          },
        };
      }),
  },
  {
    name: 'the input is changed in place',
    about: 'x is used as scratch memory',
    activation: 'tanh',
    killedBy: 'integrity',
    create: () =>
      remembering('in place', (compiled) => ({
        forward: async (inputs) => {
          const result = await compiled.forward({ ...inputs, x: inputs.x.slice() });
          inputs.x[0] = 0;
          return result;
        },
      })),
  },
  {
    name: 'repeats differ in the last bit',
    about: 'atomic additions in any order',
    activation: 'tanh',
    killedBy: 'integrity',
    create: () =>
      remembering('repeats differ', (compiled) => {
        let calls = 0;
        return {
          forward: async (inputs) => {
            const { y } = await compiled.forward(inputs);
            return { y: calls++ % 2 ? mapData(y, nudged) : y };
          },
        };
      }),
  },
  {
    name: 'a gradient of a parameter is not summed',
    about: 'the last workgroup overwrites the others',
    activation: 'prelu',
    killedBy: 'gradients',
    create: () =>
      withResult('not summed', {
        vjp: (result, _, x, upstream) => ({
          ...result,
          parameters: {
            ...result.parameters,
            slope: Float32Array.of(lastTerm(x, upstream)),
          },
        }),
      }),
  },
  {
    name: "a call's own parameters are ignored",
    about: 'the defaults are compiled in',
    activation: 'swish',
    killedBy: 'parameters',
    create: () =>
      wrapped('defaults compiled in', (compiled, { parameters: known }) => {
        const unknown = (given: ParameterValues = {}): ParameterValues =>
          Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(known, name)));
        return {
          forward: (inputs) => compiled.forward({ ...inputs, parameters: unknown(inputs.parameters) }),
          vjp: (inputs) => compiled.vjp({ ...inputs, parameters: unknown(inputs.parameters) }),
        };
      }),
  },
  {
    name: 'an absent upstream gradient of the penalty counts as 1',
    about: 'in the place of 0',
    activation: 'velu',
    killedBy: 'gradients',
    create: () =>
      wrapped('penalty', (compiled) => ({
        vjp: (inputs: VjpInputs) =>
          compiled.vjp({ ...inputs, upstream: { ...inputs.upstream, penalty: inputs.upstream.penalty ?? 1 } }),
      })),
  },
];
