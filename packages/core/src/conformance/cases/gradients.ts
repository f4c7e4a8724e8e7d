/** What only gradients have: declared values at kinks, limits, and upstream gradients of every size. */
import type { CaseContext, CaseGroup, Probe } from '../case.ts';
import type { Format } from '../formats.ts';
import { arrange, ask, callData, channelsIn, extentsOf } from './arrange.ts';

export const gradients: CaseGroup = function* (context) {
  const { activation, direction } = context;
  if (extentsOf(activation).length === 0) yield { name: 'limits', run: (probe) => limits(probe, context) };
  if (direction === 'forward') return;
  if (activation.kinks.length > 0) yield { name: 'kinks', run: (probe) => kinks(probe, context) };
  for (const [name, scale] of Object.entries({
    zero: 0,
    'negative zero': -0,
    tiny: 1e-30,
    subnormal: 2 ** -140,
    large: 1e25,
  })) {
    yield { name: `${name} upstream`, run: (probe) => scaled(probe, context, scale) };
  }
  yield { name: 'upstream of one element', run: (probe) => single(probe, context) };
  if (activation.trainable.length > 1) yield { name: 'chosen parameters', run: (probe) => chosen(probe, context) };
  for (const { label, activation: variant } of context.variants) {
    if (variant.forward.penalty)
      yield { name: `${label} penalty alone`, run: (probe) => penaltyAlone(probe, context, variant) };
  }
};

/** The definition declares the values at kinks and at ±∞: these, and not the oracle's, are asked for here. */
async function kinks(probe: Probe, { activation, format }: CaseContext): Promise<void> {
  for (const { at, slope } of activation.kinks) {
    // a kink whose place depends on parameters moves when these are rounded
    if (format.round(at) !== at || (format.dtype === 'float16' && at !== 0)) continue;
    for (const { spec, x } of arrange(activation, format, [at], true)) {
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

async function limits(probe: Probe, { activation, direction, format }: CaseContext): Promise<void> {
  const { negative, positive } = activation.limits;
  const x = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const spec = { shape: [2], dtype: format.dtype, ...channelsIn(activation, [2]) };
  const result = await ask(probe, direction, activation, spec, x, { upstream: [1, 1] });
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

async function scaled(probe: Probe, { activation, format }: CaseContext, scale: number): Promise<void> {
  const x = Float64Array.from({ length: 24 }, () => 3 * probe.random.normal());
  const upstream = x.map(() => format.round(scale) * probe.random.uniform(0.5, 2));
  const spec = { shape: [4, 6], dtype: format.dtype, channelAxis: 1 };
  await ask(probe, 'vjp', activation, spec, x, { upstream });
}

async function single(probe: Probe, { activation, format }: CaseContext): Promise<void> {
  const x = Float64Array.from({ length: 24 }, () => 2 * probe.random.normal());
  const upstream = new Float64Array(24);
  upstream[17] = 1.5;
  const spec = { shape: [4, 6], dtype: format.dtype, channelAxis: 1 };
  await ask(probe, 'vjp', activation, spec, x, { upstream });
}

async function chosen(probe: Probe, { activation, format }: CaseContext): Promise<void> {
  const x = Float64Array.from({ length: 24 }, () => 2 * probe.random.normal());
  const [first = ''] = activation.trainable;
  for (const parameterGradients of [[], [first]]) {
    const spec = { shape: [4, 6], dtype: format.dtype, channelAxis: 1, parameterGradients };
    await ask(probe, 'vjp', activation, spec, x);
  }
}

async function penaltyAlone(
  probe: Probe,
  { format }: CaseContext,
  activation: CaseContext['activation'],
): Promise<void> {
  const x = Float64Array.from({ length: 24 }, () => 2 * probe.random.normal());
  const spec = { shape: [4, 6], dtype: format.dtype, channelAxis: 1 };
  const data = callData(probe, 'vjp', activation, spec, x, { upstream: new Float64Array(24) });
  await probe.call('vjp', activation, spec, data);
  // and no penalty's upstream at all, which counts as 0
  if (data.upstream) await probe.call('vjp', activation, spec, { ...data, upstream: { y: data.upstream.y } });
}
