import {
  type Activation,
  adaRelu,
  catalogue,
  createReferenceBackend,
  crelu,
  defineActivation,
  elementCount,
  gelu,
  outputShape,
  parameterValues,
  relu,
  type TensorSpec,
  trainable,
  upstreamPenalty,
  velu,
} from '@isoact/core';
import { add, mean, moments, mul, sqrt, sub, tanh } from '@isoact/core/expression';
import { plan, scalarOutputs, sequentialTarget } from '@isoact/core/plan';
import { describe, expect, test } from 'vitest';
import { compileJavaScript, generateJavaScript } from '../index.ts';

const reference = createReferenceBackend();

/** Both directions of the generated code against the interpreter. */
async function agrees(activation: Activation, layout: Omit<TensorSpec, 'dtype'>, offset = 0): Promise<void> {
  const spec: TensorSpec = { ...layout, dtype: 'float64' };
  const length = elementCount(spec.shape);
  const outputLength = elementCount(outputShape(activation, spec));
  const x = Float64Array.from({ length }, (_, index) => 3 * Math.sin(index * 12.9898) + offset);
  const upstream = Float64Array.from({ length: outputLength }, (_, index) => Math.cos(index * 7.1));
  const compiled = await reference.compile(activation, spec);
  const forward = await compiled.forward({ x });
  const vjp = await compiled.vjp({ x, upstream: { y: upstream, penalty: 0.7 } });
  const penalty = forward.penalty === undefined ? {} : { penalty: [forward.penalty] };
  const expected: Record<string, Record<'outputs' | 'scalars', Record<string, ArrayLike<number>>>> = {
    forward: { outputs: { y: forward.y }, scalars: { ...penalty, ...forward.state } },
    vjp: { outputs: { x: vjp.x }, scalars: vjp.parameters },
  };
  for (const direction of ['forward', 'vjp'] as const) {
    const planned = plan(activation, spec, direction, sequentialTarget);
    const outputs = { y: new Float64Array(outputLength), x: new Float64Array(length) };
    const scalars = Object.fromEntries(
      scalarOutputs(planned).map(({ name, grouping }) => [name, new Float64Array(grouping.groups)]),
    );
    const parameters = { ...parameterValues(activation, spec), [upstreamPenalty]: [0.7] };
    compileJavaScript(planned)({ inputs: { x, upstream }, parameters, outputs, scalars });
    const output = direction === 'forward' ? 'y' : 'x';
    expectNear(outputs[output], expected[direction]?.outputs[output]);
    for (const { name } of scalarOutputs(planned)) expectNear(scalars[name], expected[direction]?.scalars[name]);
  }
}

function expectNear(got: ArrayLike<number> | undefined, expected: ArrayLike<number> | undefined): void {
  expect(got?.length).toBe(expected?.length);
  for (const [index, value] of Array.from(expected ?? []).entries()) {
    expect(Math.abs((got?.[index] as number) - value)).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(value)));
  }
}

describe('generated JavaScript agrees with the reference', () => {
  test.each(Object.entries(catalogue))('%s in ranks 0 to 3', async (_, definition) => {
    for (const shape of [[], [1], [7], [4, 6], [2, 3, 4]]) {
      if (shape.length > 0) await agrees(definition(), { shape, channelAxis: shape.length >> 1 });
      else if (definition().forward.y.length === 1) await agrees(definition(), { shape });
    }
  });

  test('three parts beside a statistic of rows, and gradients of all of them', async () => {
    const mixed = defineActivation({
      name: 'mixed',
      parameters: { scale: trainable(0.5) },
      forward: (x, { scale }) => [x, mul(scale, tanh(x)), sub(x, mean(x, 'row'))],
      limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
    });
    for (const channelAxis of [0, 1, 2]) {
      for (const scale of [[], [4], [3, 1]]) {
        await agrees(mixed(), { shape: [2, 3, 4], channelAxis, parameterShapes: { scale } });
      }
    }
  });

  test.each(['tensor', 'row', 'sample', 'channel', [0, 2], [1]] as const)('statistics over %j', async (extent) => {
    for (const transport of ['none', 'penalty', 'output'] as const) {
      for (const lambda of [[], [3, 1], [4], [2, 3, 4]]) {
        const layout = { shape: [2, 3, 4], channelAxis: 1, parameterShapes: { lambda } };
        await agrees(velu({ extent, transport }), layout);
        await agrees(velu({ extent, transport, statistic: 'std' }), layout);
      }
    }
    await agrees(adaRelu({ extent }), { shape: [2, 3, 4], channelAxis: 1 });
  });

  test('moments keep a small spread on a huge offset', async () => {
    await agrees(velu({ statistic: 'std', transport: 'penalty' }), { shape: [4, 5] }, 1e4);
  });
});

test('moments of what depends on a statistic of another extent', async () => {
  const centred = defineActivation({
    name: 'centred',
    forward: (x) => {
      const { mean: average, variance } = moments(sub(x, mean(x, 'row')), [0]);
      return mul(add(x, average), sqrt(variance));
    },
    limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
  });
  await agrees(centred(), { shape: [8, 12] });
});

describe('the text', () => {
  const text = (activation: Activation, shape: number[]): string =>
    generateJavaScript(plan(activation, { shape, dtype: 'float32' }, 'forward', sequentialTarget)).body;

  test('of relu', () => {
    expect(text(relu(), [3, 4])).toMatchInlineSnapshot(`
      "const length = sizes[0];
      for (let i = 0; i < length; i++) {
        const $x = inputs.x[i];
        const t0 = $x <= 0;
        const t1 = t0 ? 0 : $x;
        outputs.y[i] = t1;
      }"
    `);
  });

  test('of gelu', () => {
    expect(text(gelu(), [3, 4])).toMatchInlineSnapshot(`
      "const length = sizes[0];
      for (let i = 0; i < length; i++) {
        const $x = inputs.x[i];
        const t0 = (-0.7071067811865476) * $x;
        const t1 = functions.erfc(t0);
        const t2 = 0.5 * t1;
        const t3 = t2 === 0 ? ($x < 0 ? -t2 : t2) : $x * t2;
        outputs.y[i] = t3;
      }"
    `);
  });

  test('of velu', () => {
    expect(text(velu(), [3, 4])).toMatchInlineSnapshot(`
      "const length = sizes[0];
      const n1 = sizes[1];
      const n2 = sizes[2];
      const $lambda = parameters.lambda[0];
      const $alpha = parameters.alpha[0];
      const $beta1 = parameters.beta1[0];
      const $beta2 = parameters.beta2[0];
      const $gamma = parameters.gamma[0];
      const $gain = parameters.gain[0];
      const $epsilon = parameters.epsilon[0];
      for (let group = 0; group < n2; group++) {
        const start = group * n1;
        const end = start + n1;
        let g0Sum = 0;
        for (let i = start; i < end; i++) {
          const $x = inputs.x[i];
          const t0 = $x * $x;
          g0Sum += t0;
        }
        const t9 = g0Sum / n1;
        const t10 = t9 + $epsilon;
        const t11 = Math.sqrt(t10);
        const t12 = 1 / t11;
        const t13 = $gain * t12;
        const t14 = Math.tanh(t13);
        const t15 = $gamma * t14;
        const t16 = 1 + t15;
        for (let i = start; i < end; i++) {
          const $x = inputs.x[i];
          const t1 = $beta1 * $x;
          const t2 = Math.atan(t1);
          const t3 = $beta2 * $x;
          const t4 = functions.asin(t3);
          const t5 = t2 + t4;
          const t6 = $alpha * t5;
          const t7 = functions.sigmoid(t6);
          const t8 = $x * t7;
          const t17 = t8 * t16;
          const t18 = $lambda * t17;
          outputs.y[i] = t18;
        }
      }"
    `);
  });

  test('of crelu, whose parts lie along the channel axis', () => {
    const spec = { shape: [2, 3, 4], channelAxis: 1, dtype: 'float32' } as const;
    expect(generateJavaScript(plan(crelu(), spec, 'forward', sequentialTarget)).body).toMatchInlineSnapshot(`
      "const length = sizes[0];
      const n1 = sizes[1];
      for (let i = 0; i < length; i++) {
        const $x = inputs.x[i];
        const t0 = $x <= 0;
        const t1 = t0 ? 0 : $x;
        const t2 = 0 <= $x;
        const t3 = -$x;
        const t4 = t2 ? 0 : t3;
        outputs.y[i + Math.floor(i / n1) * n1] = t1;
        outputs.y[i + (Math.floor(i / n1) + 1) * n1] = t4;
      }"
    `);
  });

  test('does not depend on the size', () => {
    expect(text(velu(), [3, 4])).toBe(text(velu(), [300, 512]));
  });
});

test('a deviation of 10⁻² about 10⁴ over 2^26 elements', { timeout: 120_000 }, () => {
  const standard = defineActivation({
    name: 'standard',
    forward: (x) => {
      const { mean, variance } = moments(x, 'tensor');
      return mul(sub(x, mean), sqrt(variance));
    },
    limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
  });
  const length = 2 ** 26;
  const [low, high] = [Math.fround(1e4 - 1e-2), Math.fround(1e4 + 1e-2)];
  const x = new Float32Array(length);
  for (let index = 0; index < length; index++) x[index] = index % 2 ? high : low;
  const planned = plan(standard(), { shape: [length], dtype: 'float32' }, 'forward', sequentialTarget);
  const y = new Float32Array(length);
  compileJavaScript(planned)({ inputs: { x }, parameters: {}, outputs: { y }, scalars: {} });
  const half = (high - low) / 2;
  for (const index of [0, 1, 2 ** 24, 2 ** 25 + 1, length - 1]) {
    expect(y[index]).toBe(Math.fround((index % 2 ? 1 : -1) * half * half));
  }
});
