/** From raw samples to a row of the report. */
import type { Effort } from './budget.ts';
import type { BenchCase, Contender, Cost, DeviceSummary, Door } from './candidate.ts';
import { lengthOf } from './case-data.ts';
import type { Random } from './random.ts';
import type { CopyRoof, Result } from './report.ts';
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
}

const bytesOfFloat32 = 4;

/** Bytes of a call that reads each input and writes each output exactly once. */
const idealBytes = (question: BenchCase): number =>
  lengthOf(question) * bytesOfFloat32 * (question.direction === 'vjp' ? 3 : 2);

/** The measured copy of a device, or null where no timing of it was positive. */
export function roofOf(device: DeviceSummary, elements: number, sentinel: Runner, random: Random): CopyRoof | null {
  const slopes = valid(sentinel.samples, 'slopeMs');
  if (slopes.length === 0) return null;
  const callMs = summarize(slopes, random);
  return { device, elements, callMs, gigabytesPerSecond: gigabytes(2 * elements * bytesOfFloat32, callMs.median) };
}

export function sumUp(
  question: BenchCase,
  measured: Measured,
  roofs: readonly (CopyRoof | null)[],
  sentinels: readonly Runner[],
  effort: Effort,
  random: Random,
): Result {
  const { contender, runner, cost, door = null } = measured;
  const { device } = contender;
  const passed = measured.gate === 'passed' && runner !== undefined;
  const all = runner?.samples ?? [];
  const drifted = driftedRounds(sentinels.find((sentinel) => sentinel.deviceKind === device.kind)?.samples ?? []);
  const { samples, dropped, unsteady } = withoutDrift(all, drifted, effort.minimalSamples);
  const latencies = valid(samples, 'latencyMs');
  const slopes = valid(samples, 'slopeMs');
  const roof = roofs.find((each) => each?.device.kind === device.kind) ?? null;
  const elements = lengthOf(question);
  const callMs = passed && slopes.length > 0 ? summarize(slopes, random) : null;
  const achieved = callMs && cost?.bytes ? gigabytes(cost.bytes, callMs.median) : null;
  const ideal = callMs ? gigabytes(idealBytes(question), callMs.median) : null;
  return {
    subject: contender.subject,
    kind: contender.kind,
    device,
    activation: question.activation.name,
    direction: question.direction,
    shape: [...question.shape],
    dtype: question.dtype,
    door,
    bytes: cost?.bytes ?? null,
    passes: cost?.passes ?? null,
    dispatches: cost?.dispatches ?? null,
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
      ofIdeal: ideal !== null && roof ? ideal / roof.gigabytesPerSecond : null,
    },
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
    ],
  };
}

const gigabytes = (bytes: number, milliseconds: number): number => bytes / milliseconds / 1e6;
