/** The command `bench`: find the backends, check them, compare them, write what came out. */
import type { BenchCase, Found } from '../core/candidate.ts';
import { casesOf } from '../core/cases.ts';
import { fewestSamples, notReached, type Report } from '../core/report.ts';
import { notMeasured, run } from '../core/run.ts';
import { conclude } from './conclude.ts';
import { filtered, findBackends } from './find-backends.ts';
import { growthTable } from './growth.ts';
import { busyWarning, cpuDevice, describeMachine } from './machine.ts';
import { readReport } from './merge.ts';
import { type Options, UsageError } from './options.ts';
import { createProgress } from './progress.ts';
import { sizesFor } from './sizes.ts';
import { elapsedMs } from './supervise.ts';
import { caseTable, wrapped } from './table.ts';
import { writeDrawings, writeResult } from './write-report.ts';

/** @returns the exit code. @throws UsageError for a file or a filter that cannot be used. */
export async function bench(options: Options, signal: AbortSignal): Promise<number> {
  const out = (text = '') => process.stdout.write(`${text}\n`);
  const baseline = options.baselineFile ? await readReport(options.baselineFile) : null;
  const all = await findBackends(cpuDevice(), options);
  const found = filtered(all, options);
  const hardwareGpu = found.contenders.some(({ device }) => device.kind === 'gpu' && !device.software);
  const { main, sweep } = options.sizes ? { main: options.sizes, sweep: [] } : sizesFor(options.effort, hardwareGpu);
  const offered = (question: BenchCase) => found.contenders.some((each) => each.offers(question));
  const axes = { ...options, directions: ['forward', 'vjp'] as const };
  const cases = casesOf(axes, main).filter(offered);
  const more = casesOf(axes, sweep).filter(offered);
  if (cases.length === 0) {
    const subjects = all.contenders.map(({ subject }) => subject).join(', ');
    throw new UsageError(
      `--filter, --device and --backend must leave something to measure (left nothing). Here are ${subjects}.`,
    );
  }
  const machine = describeMachine();
  for (const line of detected(found, cases)) out(line);
  const warning = busyWarning(machine);
  if (warning) out(warning);
  out();

  const progress = createProgress(process.stderr, cases.length + more.length);
  const report = await run({
    effort: options.effort,
    cases,
    sweep: more,
    found,
    machine,
    command: `bench ${process.argv.slice(2).join(' ')}`.trim(),
    seed: options.seed,
    signal,
    elapsedMs: elapsedMs(),
    onEvent: async (event) => {
      progress.onEvent(event);
      // Whatever ends this process later leaves a valid file.
      if (event.kind !== 'step') await writeResult(event.report, options);
      if (event.kind !== 'case') return;
      progress.clear();
      for (const line of caseTable(event.results)) out(line);
      out();
    },
  });
  progress.clear();
  await writeResult(report, options);
  await writeDrawings(report, options);
  for (const line of [...growthTable(report.results), ...closing(report, options)]) out(line);
  await found.close();
  return conclude(report, baseline, signal.aborted, out);
}

function detected({ contenders, missing }: Found, cases: readonly BenchCase[]): string[] {
  const offered = contenders.filter((each) => cases.some((question) => each.offers(question)));
  const devices = new Map(offered.map(({ device }) => [device.description, device]));
  const lines = [...devices.values()].flatMap((device) => {
    const subjects = offered
      .filter((each) => each.device.description === device.description)
      .map(({ subject }) => subject);
    const software = device.software ? ' (software: its timings say nothing about hardware)' : '';
    return [
      ...wrapped(`${device.kind.toUpperCase()} ${device.description}${software}`),
      ...wrapped(`  ${subjects.join(', ')}`),
    ];
  });
  return [...lines, ...missing.flatMap(({ subject, reason }) => wrapped(`not here: ${subject}, ${reason}`))];
}

const closing = (report: Report, { jsonFile, htmlFile, csvFile }: Options): string[] => [
  '● ours  ○ as users of the framework write it  ¹ upload and readback in each call',
  'of roof: the least time that the memory (a copy) or the arithmetic (measured) of',
  'the device would take to read, compute and write all once, over the time',
  `${report.complete ? 'Done' : 'Ended'} after ${Math.round(report.elapsedMs / 1e3)} s. ${[jsonFile, htmlFile, csvFile].filter(Boolean).join(' ')}`,
  ...fewest(report),
  ...unmeasured(report),
];

/** What stands on little, in a line. */
function fewest({ results }: Report): string[] {
  const rows = results.filter(({ labels }) => labels.includes(fewestSamples)).length;
  if (rows === 0) return [];
  return wrapped(`${rows} of ${results.length} rows have the fewest samples, 5: long calls, or a busy machine`);
}

/** What a result lacks, in a line or two. */
function unmeasured({ results, missing }: Report): string[] {
  const rows = results.filter(({ gate }) => gate === notReached).length;
  const cases = missing.filter(({ reason }) => reason === notMeasured).map(({ subject }) => subject);
  const parts = [
    ...(rows > 0 ? [`${rows} candidates of the cases above`] : []),
    ...(cases.length > 0 ? [cases.join(', ')] : []),
  ];
  return parts.length === 0 ? [] : wrapped(`not measured: ${parts.join('; ')}`);
}
