import { describe, expect, test } from 'vitest';
import { ownDefinitions } from '../conformance/index.ts';
import { type Activation, adaRelu, crelu, type Direction, gelu, prelu, type TensorSpec, velu } from '../index.ts';
import { gpuTarget, plan, scalarOutputs } from './index.ts';

const rows: TensorSpec = { shape: [8, 1024], dtype: 'float32' };

/** Passes, element-shaped reads and writes, and numbers beside them. */
const summary = (activation: Activation, direction: Direction, spec: TensorSpec = rows) => {
  const planned = plan(activation, spec, direction, gpuTarget);
  return [
    planned.passes.length,
    planned.valuesRead,
    planned.valuesWritten,
    scalarOutputs(planned).map(({ name }) => name),
  ];
};

describe('passes on a GPU', () => {
  test('VeLU over rows that fit a workgroup: one pass each way, and the sum for λ beside it', () => {
    expect(summary(velu(), 'forward')).toEqual([1, 1, 1, []]);
    expect(summary(velu(), 'vjp')).toEqual([1, 2, 1, ['lambda']]);
  });

  test('both statistics of the VeLU gradient are taken at one level, their constant factors outside', () => {
    const [pass] = plan(velu(), rows, 'vjp', gpuTarget).passes;
    expect(pass?.local?.levels.map((level) => level.map(({ kind }) => kind))).toEqual([['sum', 'sum']]);
  });

  test('a mean is taken about a pivot where the distance to it is read', () => {
    const [drifting, centred] = ownDefinitions;
    const kindsOf = (activation: Activation) =>
      plan(activation, rows, 'forward', gpuTarget).passes.map(({ local }) =>
        local?.levels.map((level) => level.map(({ kind }) => kind)),
      );
    expect(kindsOf(drifting())).toEqual([[['sum']]]);
    expect(kindsOf(centred())).toEqual([[['moments']]]);
  });

  test('the penalty is gathered in the pass that computes it', () => {
    expect(summary(velu({ transport: 'penalty' }), 'forward')).toEqual([1, 1, 1, ['penalty']]);
    expect(summary(velu({ transport: 'penalty' }), 'vjp')).toEqual([2, 4, 1, ['lambda']]);
  });

  test('AdaReLU over the tensor: one pass to count, one to choose', () => {
    expect(summary(adaRelu(), 'forward')).toEqual([2, 2, 1, ['positive', 'negative']]);
    expect(summary(adaRelu(), 'vjp')).toEqual([2, 3, 1, []]);
  });

  test('elementwise: one pass, whole-tensor gradients of parameters in it, others by group', () => {
    expect(summary(gelu(), 'forward')).toEqual([1, 1, 1, []]);
    expect(summary(prelu(), 'vjp')).toEqual([1, 2, 1, ['slope']]);
    expect(summary(prelu(), 'vjp', { ...rows, parameterShapes: { slope: [1024] } })).toEqual([2, 4, 1, ['slope']]);
    expect(summary(prelu(), 'vjp', { ...rows, parameterGradients: [] })).toEqual([1, 2, 1, []]);
  });

  test('parts are one reading and as many values written; their upstream gradients as many values read', () => {
    const channels = { ...rows, channelAxis: 1 };
    expect(summary(crelu(), 'forward', channels)).toEqual([1, 1, 2, []]);
    expect(summary(crelu(), 'vjp', channels)).toEqual([1, 3, 1, []]);
    expect(() => summary(crelu(), 'forward')).toThrow('channelAxis must be given');
  });

  test('rows too long for a workgroup are gathered first', () => {
    expect(summary(velu(), 'forward', { shape: [2, 100_000], dtype: 'float32' })).toEqual([2, 2, 1, []]);
  });
});
