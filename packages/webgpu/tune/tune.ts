/**
 * Measures kernels under different settings on the GPU of this machine: `node tune.mjs [--elements 24,26] [--seconds 60]
 * [--only TEXT] [--patches] [--json FILE]`. Prints what the device does where WGSL leaves it open, its roofs, cost as work
 * grows, and last, for each case, the settings in order of speed. Results are compared with the reference first.
 */
import { writeFileSync } from 'node:fs';
import { openBench } from './bench.ts';
import { type Case, cases, type Variant } from './cases.ts';
import type { Timing } from './measure.ts';
import { patches } from './patches.ts';
import { probe } from './probes.ts';
import { copyMicros, dispatchMicros, functionPicos, teraflops } from './roofs.ts';
import { type Sweep, sweep } from './sweep.ts';
import { bind, bytesMoved, errorOf, prepare, programOf, type Trial } from './trial.ts';

const option = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};
const logs = option('elements', '24,26').split(',').map(Number);
const [smallest = 24] = logs;
const only = option('only', '');
const began = performance.now();
const bench = await openBench(logs, Number(option('seconds', '60')));
const nameOf = ({ name, direction }: Case): string => `${name} ${direction}`;
const chosen = cases.filter((each) => nameOf(each).includes(only));
const usual: Variant = { name: 'usual', tuning: {}, subgroup: true };

interface Row extends Timing {
  readonly case: string;
  readonly variant: string;
  readonly log: number;
  readonly gigabytes: number;
  readonly dispatches: number;
  readonly error: number;
}
const rows: Row[] = [];

/** Measures the variants of a case in turn, twice over; the better of two medians counts. */
async function measure(each: Case, variants: readonly Variant[], log: number): Promise<void> {
  // all at once: compilers work side by side
  const compiling = variants.map((variant) => prepare(bench, each, variant, log));
  for (const one of compiling) one.catch(() => {});
  const ready: (ReturnType<typeof bind> & { trial: Trial; error: number; times: Timing[] })[] = [];
  for (const [v, variant] of variants.entries()) {
    try {
      const trial = await (compiling[v] as Promise<Trial>);
      const bound = bind(bench, each, trial);
      const error = await errorOf(bench, each, trial, bound.calls[0] as (pass: GPUComputePassEncoder) => void);
      ready.push({ ...bound, trial, error, times: [] });
    } catch (failure) {
      console.log(`${nameOf(each)} ${variant.name}: ${String(failure).slice(0, 300)}`);
    }
  }
  for (let round = 0; round < (bench.software ? 1 : 2); round++) {
    for (const { trial, calls, times } of ready) {
      if (!bench.timeLeft()) break;
      const { watch } = bench;
      times.push(await watch.time((pass, turn) => calls[turn % calls.length]?.(pass), bench.callsFor(trial.elements)));
    }
  }
  for (const { trial, release, error, times } of ready) {
    release();
    const best = [...times].sort((a, b) => a.micros - b.micros)[0];
    if (!best) continue;
    const row: Row = {
      case: nameOf(each),
      variant: trial.variant.name,
      log,
      ...best,
      gigabytes: bytesMoved(each, trial) / best.micros / 1000,
      dispatches: trial.program.kernels.length,
      error,
    };
    rows.push(row);
    const { case: name, variant, micros, wallMicros, gigabytes, dispatches } = row;
    console.log(
      [
        name,
        variant,
        `2^${log}`,
        `${micros.toFixed(1)} us`,
        `wall ${wallMicros.toFixed(1)}`,
        `${gigabytes.toFixed(0)} GB/s`,
      ]
        .concat(
          `${dispatches} dispatches`,
          error > 1e-3 ? `WRONG ${error.toExponential(1)}` : `error ${error.toExponential(0)}`,
        )
        .join(' · '),
    );
  }
}

const report: Record<string, unknown> = { ...bench.facts, convertsHalves: bench.convertsHalves, rows };
console.log(JSON.stringify(bench.facts), 'converts float16 exactly:', bench.convertsHalves);
report.probes = await probe(bench.device);
console.log(JSON.stringify(report.probes));
bench.fill('float32');
const copy: Record<number, number> = {};
for (const log of logs) {
  const { best, each } = await copyMicros(bench, log);
  copy[log] = best;
  console.log(`copy of 2^${log}: ${((2 ** log * 8) / best / 1000).toFixed(0)} GB/s, us ${JSON.stringify(each)}`);
}
report.copyMicros = copy;
report.teraflops = await teraflops(bench);
report.dispatchMicros = await dispatchMicros(bench);
console.log(
  `multiply-add ${(report.teraflops as number).toFixed(1)} TFLOP/s, a dispatch after another ${(report.dispatchMicros as number).toFixed(2)} us`,
);

const picos: Record<string, number> = {};
report.functionPicos = picos;
for (const each of chosen.filter(({ storage, large }) => storage === 'float32' && large)) {
  const { program } = programOf(bench, each, usual, smallest);
  const variants = process.argv.includes('--patches') ? patches : { none: (code: string) => code };
  for (const [name, patch] of Object.entries(variants)) {
    if (!bench.timeLeft()) break;
    const found = await functionPicos(bench, program, each.activation, patch).catch((failure) => {
      console.log(`functions of ${nameOf(each)}, ${name}: ${String(failure).slice(0, 300)}`);
      return null;
    });
    if (found !== null) picos[name === 'none' ? nameOf(each) : `${nameOf(each)}, ${name}`] = Number(found.toFixed(3));
  }
}
console.log('functions alone, ps/element', JSON.stringify(picos));

for (const log of logs) {
  for (const each of chosen) {
    if (!bench.timeLeft() || (log !== smallest && !each.large)) continue;
    bench.fill(each.storage);
    // larger sizes: the best of the smallest
    const ranked = rows
      .filter((row) => row.case === nameOf(each) && row.log === smallest)
      .sort((a, b) => a.micros - b.micros);
    const best = new Set(ranked.slice(0, 4).map(({ variant }) => variant));
    const most = bench.device.limits.maxComputeInvocationsPerWorkgroup;
    const fits = ({ tuning }: Variant): boolean =>
      [tuning.mapWorkgroup, tuning.groupWorkgroup, tuning.gatherWorkgroup].every((size) => (size ?? 0) <= most);
    const variants = each.variants.filter(
      (variant) => fits(variant) && (log === smallest || variant.name === 'usual' || best.has(variant.name)),
    );
    await measure(each, variants, log);
  }
}

const sweeps: Sweep[] = [];
report.sweeps = sweeps;
bench.fill('float32');
for (const each of chosen.filter((one) => one.sweeps)) {
  if (!bench.timeLeft()) break;
  const taken = await sweep(bench, each);
  sweeps.push(taken);
  console.log(`sweep ${JSON.stringify(taken)}`);
}

console.log('\npercent of a copy of as many bytes, and of the functions alone');
for (const each of chosen) {
  for (const log of logs) {
    const own = rows.filter((row) => row.case === nameOf(each) && row.log === log).sort((a, b) => a.micros - b.micros);
    const [first] = own;
    if (!first) continue;
    const copyRate = (2 ** log * 8) / (copy[log] as number) / 1000;
    const alone = ((picos[nameOf(each)] ?? 0) * 2 ** log) / 1e6;
    const share = (part: number): string => `${(100 * part).toFixed(0)}%`;
    const list = own.map(
      ({ variant, gigabytes, micros, error }) =>
        `${variant} ${share(gigabytes / copyRate)}${alone > 0 ? `/${share(alone / micros)}` : ''}${error > 1e-3 ? ' WRONG' : ''}`,
    );
    console.log(
      `${nameOf(each)} 2^${log}, ${first.micros.toFixed(1)} us, alone ${alone.toFixed(1)}: ${list.join(' | ')}`,
    );
  }
}
report.uncaptured = bench.errors();
report.seconds = (performance.now() - began) / 1000;
console.log(`uncaptured errors ${report.uncaptured}, ${(report.seconds as number).toFixed(1)} s`);
writeFileSync(option('json', 'tune.json'), JSON.stringify(report, null, 1));
bench.device.destroy();
