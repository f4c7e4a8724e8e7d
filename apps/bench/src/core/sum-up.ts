/** From raw samples to a row of the report. */
import type { Effort } from './budget.ts';
import type { BenchCase, Contender, Cost, DeviceSummary, Door } from './candidate.ts';
import { copyBytes, idealBytes, lengthOf } from './case-data.ts';
import type { Sample } from './lanes.ts';
import { operationsOf } from './operations.ts';
import type { Random } from './random.ts';
import { type ArithmeticRoof, type Cold, type CopyRoof, fewestSamples, type GpuTime, type Result } from './report.ts';
import { driftedRounds, type Runner, valid, withoutDrift } from './rounds.ts';
import { summarize } from './statistics.ts';

/** What became of a contender, its numbers still raw. */
export interface Measured {
  readonly contender: Contender;
  gate: string;
  departures: readonly string[];
  door?: Door;
  cost?: Cost;
  firstCallMs?: number;
  uploadMs?: number;
  readbackMs?: number;
  /** Whether the fewest samples would take longer than anyone waits. */
  tooSlow?: boolean;
  runner?: Runner;
  cold?: ColdRunner;
}

interface ColdRunner {
  readonly runner: Runner;
  readonly sets: number;
}

/** The copy of one device: the roof, and the watch over each round. */
export interface Sentinel {
  readonly device: DeviceSummary;
  readonly runner: Runner;
  cold?: ColdRunner;
}

interface Surroundings {
  readonly roofs: readonly (CopyRoof | null)[];
  readonly sentinels: readonly Sentinel[];
  readonly arithmetic: readonly ArithmeticRoof[];
  readonly effort: Effort;
  readonly random: Random;
}

/** The measured copy of a device, or null where no timing of it was positive. */
export function roofOf(question: BenchCase, { device, runner, cold }: Sentinel, random: Random): CopyRoof | null {
  const slopes = valid(runner.samples, 'slopeMs');
  if (slopes.length === 0) return null;
  const callMs = summarize(slopes, random);
  const speed = (milliseconds: number) => gigabytes(copyBytes(question), milliseconds);
  const coldSlopes = cold ? valid(cold.runner.samples, 'slopeMs') : [];
  const coldMs = coldSlopes.length > 0 ? summarize(coldSlopes, random) : null;
  return {
    device,
    elements: lengthOf(question),
    dtype: question.dtype,
    callMs,
    gigabytesPerSecond: speed(callMs.median),
    gpu: gpuTime(runner, runner.samples, callMs.median, random),
    cold: coldMs && cold ? { callMs: coldMs, sets: cold.sets, gigabytesPerSecond: speed(coldMs.median) } : null,
  };
}

export function sumUp(question: BenchCase, measured: Measured, surroundings: Surroundings): Result {
  const { roofs, sentinels, arithmetic, effort, random } = surroundings;
  const { contender, runner, cost, door = null } = measured;
  const { device } = contender;
  const passed = measured.gate === 'passed' && runner !== undefined;
  const all = runner?.samples ?? [];
  const sentinel = sentinels.find((each) => each.device.kind === device.kind);
  const { samples, dropped, unsteady } = withoutDrift(
    all,
    driftedRounds(sentinel?.runner.samples ?? []),
    effort.minimalSamples,
  );
  const latencies = valid(samples, 'latencyMs');
  const slopes = valid(samples, 'slopeMs');
  const roof = roofs.find((each) => each?.device.kind === device.kind) ?? null;
  const elements = lengthOf(question);
  const callMs = passed && slopes.length > 0 ? summarize(slopes, random) : null;
  const achieved = callMs && cost?.bytes ? gigabytes(cost.bytes, callMs.median) : null;
  const idealMs = roof && idealBytes(question) / roof.gigabytesPerSecond / 1e6;
  const operations = operationsOf(question);
  const peak = arithmetic.find((each) => each.device.description === device.description);
  const arithmeticMs = peak ? (operations / peak.operationsPerSecond) * 1e3 : 0;
  const gpu = passed && runner ? gpuTime(runner, samples, callMs?.median ?? null, random) : null;
  return {
    subject: contender.subject,
    kind: contender.kind,
    device,
    activation: question.name,
    direction: question.direction,
    shape: [...question.shape],
    dtype: question.dtype,
    door,
    bytes: cost?.bytes ?? null,
    passes: cost?.passes ?? null,
    dispatches: cost?.dispatches ?? null,
    operations,
    gate: measured.gate,
    departures: [...measured.departures],
    firstCallMs: measured.firstCallMs ?? null,
    uploadMs: measured.uploadMs ?? null,
    readbackMs: measured.readbackMs ?? null,
    latencyMs: passed && latencies.length > 0 ? summarize(latencies, random) : null,
    throughput: callMs && {
      callMs,
      calls: runner?.calibration.calls ?? 0,
      elementsPerSecond: (elements / callMs.median) * 1e3,
      gigabytesPerSecond: achieved,
      ofCopy: achieved !== null && roof ? achieved / roof.gigabytesPerSecond : null,
      ofIdeal: idealMs === null ? null : idealMs / callMs.median,
      ofRoof: idealMs === null ? null : Math.max(idealMs, arithmeticMs) / callMs.median,
    },
    gpu,
    cold: passed ? coldOf(question, measured, sentinel, effort, random) : null,
    rounds: {
      taken: all.length,
      dropped,
      discarded: 2 * samples.length - latencies.length - slopes.length,
    },
    labels: [
      ...(effort.name === 'quick' ? ['quick'] : []),
      ...(device.software ? ['software'] : []),
      ...(door === 'host arrays' ? ['host arrays'] : []),
      ...(unsteady ? ['unsteady'] : []),
      ...(measured.tooSlow ? ['too slow'] : []),
      ...(callMs && slopes.length <= effort.minimalSamples ? [fewestSamples] : []),
      ...(gpu && disagrees(gpu, callMs?.median ?? 0) ? ['timestamps disagree'] : []),
    ],
  };
}

/** Calls by the device's timestamps, or null without them. */
function gpuTime(
  { candidate: { stamps }, calibration }: Runner,
  samples: readonly Sample[],
  wallMs: number | null,
  random: Random,
): GpuTime | null {
  if (!stamps || calibration.stampCalls === null) return null;
  const times = valid(samples, 'gpuMs');
  if (times.length === 0) return null;
  const callMs = summarize(times, random);
  return {
    callMs,
    quantumNs: stamps.quantumNs,
    discarded: samples.length - times.length,
    ofWallClock: wallMs === null ? null : callMs.median / wallMs,
  };
}

/** Shorter calls cost as much to encode as to run, so that the wall clock may rightly see twice the device's time. */
const encodingShowsMs = 0.05;

/** A device cannot work longer than the wall clock sees, nor idle through half of a long call. */
const disagrees = ({ ofWallClock }: GpuTime, wallMs: number): boolean =>
  ofWallClock !== null && (ofWallClock > 1.15 || (ofWallClock < 0.5 && wallMs > encodingShowsMs));

function coldOf(
  question: BenchCase,
  { cold }: Measured,
  sentinel: Sentinel | undefined,
  { minimalSamples }: Effort,
  random: Random,
): Cold | null {
  if (!cold) return null;
  const watch = sentinel?.cold?.runner.samples ?? [];
  const kept = withoutDrift(cold.runner.samples, driftedRounds(watch), minimalSamples);
  const slopes = valid(kept.samples, 'slopeMs');
  if (slopes.length === 0) return null;
  const callMs = summarize(slopes, random);
  const copies = valid(watch, 'slopeMs');
  const copyMs = copies.length > 0 ? summarize(copies, random).median : null;
  const idealMs = copyMs && (copyMs * idealBytes(question)) / copyBytes(question);
  return { callMs, sets: cold.sets, ofIdeal: idealMs && idealMs / callMs.median };
}

const gigabytes = (bytes: number, milliseconds: number): number => bytes / milliseconds / 1e6;
