import { createReferenceBackend, type DynamicReluOptions, dynamicReluNetwork, dyRelu } from '@isoact/core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { expectNear, sample } from '../testing/nearness.ts';
import { type DynamicReluExport, type DynamicReluWeights, dynamicReluToOnnx } from './dynamic-relu.ts';

const reference = createReferenceBackend();

/** The gate by the reference, in float64. */
async function apply(options: DynamicReluOptions, channels: number, x: Float64Array): Promise<Float64Array> {
  const { gate } = dynamicReluNetwork(channels, options);
  const compiled = await reference.compile(gate(), { shape: [x.length], dtype: 'float64' });
  return (await compiled.forward({ x })).y as Float64Array;
}

/** x·W + b for rows of x. */
function dense(x: Float64Array, kernel: ArrayLike<number>, bias: ArrayLike<number>): Float64Array {
  const [outputs, inputs] = [bias.length, kernel.length / bias.length];
  return Float64Array.from({ length: (x.length / inputs) * outputs }, (_, index) => {
    const [row, output] = [Math.floor(index / outputs), index % outputs];
    let total = bias[output] as number;
    for (let k = 0; k < inputs; k++)
      total += (x[row * inputs + k] as number) * (kernel[k * outputs + output] as number);
    return total;
  });
}

/** What the model should give: the network written out over (sample, channel, rest), and dyRelu by the reference. */
async function expected(
  x: Float32Array,
  [samples, channels, rest]: readonly [number, number, number],
  weights: DynamicReluWeights,
  options: DynamicReluOptions,
): Promise<ArrayLike<number>> {
  const pooled = Float64Array.from({ length: samples * channels }, (_, at) => {
    const values = x.subarray(at * rest, (at + 1) * rest);
    return values.reduce((total, value) => total + value, 0) / rest;
  });
  const hidden = dense(pooled, weights.hiddenKernel, weights.hiddenBias).map((value) => Math.max(value, 0));
  const gates = await apply(options, channels, dense(hidden, weights.kernel, weights.bias));
  const { values, coefficients } = dynamicReluNetwork(channels, options);
  const shape = [samples, values, 1];
  const parameters = Object.fromEntries(
    coefficients.map(({ name, start, range }, k) => {
      const own = Float64Array.from({ length: samples * values }, (_, index) => {
        const [row, column] = [Math.floor(index / values), index % values];
        return start + range * (2 * (gates[(row * coefficients.length + k) * values + column] as number) - 1);
      });
      return [name, own];
    }),
  );
  const compiled = await reference.compile(dyRelu(), {
    shape: [samples, channels, rest],
    dtype: 'float64',
    parameterShapes: Object.fromEntries(coefficients.map(({ name }) => [name, shape])),
  });
  return (await compiled.forward({ x: Float64Array.from(x), parameters })).y;
}

function weightsOf(channels: number, options: DynamicReluOptions, scale: number): DynamicReluWeights {
  const { hidden, values, coefficients } = dynamicReluNetwork(channels, options);
  const outputs = coefficients.length * values;
  const some = (length: number, factor: number) => Float32Array.from(sample(length), (value) => value * factor);
  return {
    hiddenKernel: some(channels * hidden, 0.3),
    hiddenBias: some(hidden, 0.1),
    kernel: some(hidden * outputs, scale),
    bias: some(outputs, scale),
  };
}

const run = async (bytes: Uint8Array, x: Float32Array, dims: number[]): Promise<Float32Array> => {
  const session = await InferenceSession.create(bytes);
  const { y } = await session.run({ x: new Tensor('float32', x, dims) });
  await session.release();
  expect(y?.dims).toEqual(dims);
  return y?.data as Float32Array;
};

test.each([
  { form: 'A' },
  { form: 'B' },
  { form: 'B', reduction: 3, gate: 'hardSigmoid' },
  { form: 'A', reduction: 100 },
] as const satisfies DynamicReluOptions[])('is the network and the lines of the reference, %o', async (options) => {
  const channels = 16;
  const weights = weightsOf(channels, options, 0.2);
  const x = sample(3 * channels * 20);
  const want = await expected(x, [3, channels, 20], weights, options);
  const given: DynamicReluExport[] = [
    { shape: [3, channels, 4, 5] },
    { shape: ['batch', channels, 'height', 'width'] },
    { shape: ['batch', channels, 'height', 'width'], opset: 13 },
    { shape: ['batch', channels, 'height', 'width'], arithmetic: 'float64' },
  ];
  for (const each of given) {
    const got = await run(dynamicReluToOnnx(weights, { ...options, ...each }), x, [3, channels, 4, 5]);
    expectNear(got, Float32Array.from(want), { x, terms: 64 });
  }
  // the channels last: the same numbers in another order
  const order = Float32Array.from(x.keys(), (at) => {
    const [sampleAt, pixel, channel] = [Math.floor(at / 320), Math.floor(at / channels) % 20, at % channels];
    return (sampleAt * channels + channel) * 20 + pixel;
  });
  const last = await run(
    dynamicReluToOnnx(weights, { ...options, shape: ['batch', 4, 5, channels], channelAxis: -1 }),
    order.map((at) => x[at] as number),
    [3, 4, 5, channels],
  );
  expectNear(
    last,
    order.map((at) => want[at] as number),
    { x: order.map((at) => x[at] as number), terms: 64 },
  );
});

test('features without further axes, and a fresh network that is relu', async () => {
  const x = sample(8 * 6);
  const options = { form: 'B', reduction: 2 } as const;
  const weights = weightsOf(6, options, 0.2);
  const want = await expected(x, [8, 6, 1], weights, options);
  const got = await run(dynamicReluToOnnx(weights, { ...options, shape: ['batch', 6] }), x, [8, 6]);
  expectNear(got, Float32Array.from(want), { x, terms: 64 });
  const fresh = await run(dynamicReluToOnnx(weightsOf(6, options, 0), { ...options, shape: ['batch', 6] }), x, [8, 6]);
  expect(fresh).toEqual(x.map((value) => Math.max(value, 0)));
});

test('bad shapes, weights and options', () => {
  const weights = weightsOf(4, {}, 0);
  const refuse = (options: DynamicReluExport, given = weights) => expect(() => dynamicReluToOnnx(given, options));
  refuse({ shape: ['batch', 'channels'] }).toThrow('the channels of dynamic ReLU must be a known number');
  refuse({ shape: [4, 4], channelAxis: 0 }).toThrow('on another axis than that of the samples (was 4)');
  refuse({ shape: ['batch', 5] }).toThrow("the length of dynamic ReLU's hiddenKernel must be 5, for a shape of [5, 1]");
  refuse({ shape: ['batch', 4], form: 'C' as 'A' }).toThrow('one of');
});
