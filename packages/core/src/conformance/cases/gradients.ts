/** What only gradients have: declared values at kinks, limits, and upstream gradients of every size. */
import type { TensorSpec } from '../../adapter.ts';
import { elementCount } from '../../graph/geometry.ts';
import type { CaseContext, CaseGroup, Probe } from '../case.ts';
import type { Format } from '../formats.ts';
import { ask, callData, channelsIn, extentsOf } from './arrange.ts';
import { arrangeFor, tableSpec } from './quick.ts';
import { byTurns } from './turns.ts';

export const gradients: CaseGroup = function* (context) {
  const { activation, direction } = context;
  if (extentsOf(activation).length === 0) yield { name: 'limits', run: (probe) => limits(probe, context) };
  if (direction === 'forward') return;
  if (activation.kinks.length > 0) yield { name: 'kinks', run: (probe) => kinks(probe, context) };
  for (const [name, scale] of byTurns(context, 'upstream gradients', upstreamSizes(context.format), 2)) {
    yield { name: `${name} upstream`, run: (probe) => scaled(probe, context, scale) };
  }
  yield { name: 'upstream of one element', run: (probe) => single(probe, context) };
  if (activation.trainable.length > 1) yield { name: 'chosen parameters', run: (probe) => chosen(probe, context) };
  for (const { label, activation: variant } of context.variants) {
    if (variant.forward.penalty)
      yield { name: `${label} penalty alone`, run: (probe) => penaltyAlone(probe, context, variant) };
  }
};

/** Finite, as an upstream gradient must be: an infinite one asks for ∞ - ∞ wherever a slope is a sum of terms. */
const upstreamSizes = ({ largest, smallestNormal, smallestSubnormal }: Format) =>
  [
    ['zero', 0],
    ['negative zero', -0],
    ['tiny', Math.max(1e-30, 2 * smallestNormal)],
    ['subnormal', 2 ** 9 * smallestSubnormal],
    ['large', Math.min(1e25, largest / 8)],
  ] as const;

/** A small table of a context's data type; in a quick run, the one that all groups share. */
const specOf = ({ quick, format }: CaseContext) =>
  quick ? tableSpec(format) : { ...tableSpec(format), shape: [4, 6] };

const normal = (probe: Probe, { shape }: TensorSpec, deviation: number): Float64Array =>
  Float64Array.from({ length: elementCount(shape) }, () => deviation * probe.random.normal());

/** The definition declares the values at kinks and at ±∞: these, and not the oracle's, are asked for here. */
async function kinks(probe: Probe, context: CaseContext): Promise<void> {
  const { activation, format } = context;
  for (const { at, slope } of activation.kinks) {
    // a kink whose place depends on parameters moves when these are rounded
    if (format.round(at) !== at || (format.dtype === 'float16' && at !== 0)) continue;
    for (const { spec, x } of arrangeFor(context, [at], true)) {
      const upstream = new Float64Array(x.length).fill(1);
      const result = await ask(probe, 'vjp', activation, spec, x, { upstream });
      if (!result?.x) continue;
      const got = format.toNumbers(result.x)[x.indexOf(at)] as number;
      if (!isDeclared(got, slope, format))
        probe.fail(`the derivative at ${at} must be ${slope}, as declared (was ${got})`);
    }
  }
}

/** Declared values are of unrounded parameters. */
const isDeclared = (got: number, declared: number, { unit, storageError }: Format): boolean =>
  got === declared || Math.abs(got - declared) <= 4 * unit * Math.abs(declared) + 2 * storageError(declared);

async function limits(probe: Probe, context: CaseContext): Promise<void> {
  const { activation, direction, format, quick } = context;
  const { negative, positive } = activation.limits;
  const ends = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const pair = { spec: { shape: [2], dtype: format.dtype, ...channelsIn(activation, [2]) }, x: ends };
  const [{ spec, x } = pair] = quick ? arrangeFor(context, ends, true) : [pair];
  const result = await ask(probe, direction, activation, spec, x, { upstream: new Float64Array(x.length).fill(1) });
  const field = result?.y ?? result?.x;
  if (!field || probe.finite) return;
  const [what, values] = [direction === 'forward' ? 'value' : 'slope', format.toNumbers(field)] as const;
  for (const [k, limit] of [negative, positive].entries()) {
    const [owed, got] = [limit[what], values[k] as number];
    if (owed !== null && !isDeclared(got, owed, format)) {
      probe.fail(`the ${what} at ${x[k]} must be ${owed}, as declared (was ${got})`);
    }
  }
}

async function scaled(probe: Probe, context: CaseContext, scale: number): Promise<void> {
  const spec = specOf(context);
  const x = normal(probe, spec, 3);
  const upstream = x.map(() => context.format.round(scale) * probe.random.uniform(0.5, 2));
  await ask(probe, 'vjp', context.activation, spec, x, { upstream });
}

async function single(probe: Probe, context: CaseContext): Promise<void> {
  const spec = specOf(context);
  const x = normal(probe, spec, 2);
  const upstream = new Float64Array(x.length);
  upstream[17] = 1.5;
  await ask(probe, 'vjp', context.activation, spec, x, { upstream });
}

async function chosen(probe: Probe, context: CaseContext): Promise<void> {
  const { activation } = context;
  const [first = ''] = activation.trainable;
  for (const parameterGradients of [[], [first]]) {
    const spec = { ...specOf(context), parameterGradients };
    await ask(probe, 'vjp', activation, spec, normal(probe, spec, 2));
  }
}

async function penaltyAlone(probe: Probe, context: CaseContext, activation: CaseContext['activation']): Promise<void> {
  const spec = specOf(context);
  const x = normal(probe, spec, 2);
  const data = callData(probe, 'vjp', activation, spec, x, { upstream: new Float64Array(x.length) });
  await probe.call('vjp', activation, spec, data);
  // and no penalty's upstream at all, which counts as 0
  if (data.upstream) await probe.call('vjp', activation, spec, { ...data, upstream: { y: data.upstream.y } });
}
