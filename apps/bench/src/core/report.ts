/**
 * The result file, version `isoact.bench/2`: one shape for the command, the web page and the Python peers. The types,
 * the published JSON schemas (`schema/`) and the check of files from outside all come from here.
 *
 * Versions: a published schema never changes. A field that is added, or means something else, is a new version, and what
 * reads results reads all earlier versions too, as if they were of the newest.
 */
import { z } from 'zod';

export const schemaName = 'isoact.bench/2';
/** Before the axis of data types: all numbers are of float32, and rows alone say so. */
export const firstSchemaName = 'isoact.bench/1';

const count = z.int().nonnegative();
const interval = z.tuple([z.number(), z.number()]);

const summary = z
  .object({
    median: z.number(),
    mad: z.number().describe('median absolute deviation from the median'),
    p05: z.number(),
    p95: z.number(),
    interval: interval.describe('bootstrap interval of the median at 99 %'),
    samples: z.array(z.number()).describe('every sample that was kept, in the order taken'),
  })
  .describe('milliseconds');

const device = z.object({
  kind: z.enum(['cpu', 'gpu']),
  description: z.string(),
  software: z.boolean().describe('a processor that only pretends to be this device; never ranked among real ones'),
});

const throughput = z.object({
  callMs: summary.describe('milliseconds per call as the slope (T(2k) - T(k)) / k'),
  calls: count.describe('the k of the slope'),
  elementsPerSecond: z.number(),
  gigabytesPerSecond: z.number().nullable().describe('`bytes` per call over the time of a call, in 1e9 bytes'),
  ofCopy: z.number().nullable().describe("gigabytesPerSecond over the device's measured copy of the same elements"),
  ofIdeal: z
    .number()
    .nullable()
    .describe('time to read the inputs and write the outputs once, at the copy’s speed, over the time of a call'),
  ofRoof: z
    .number()
    .nullable()
    .describe('as ofIdeal, or where the arithmetic takes longer than the memory, its time at the measured peak'),
});

const gpuTime = z
  .object({
    callMs: summary,
    quantumNs: z.number().describe('the measured step of the timestamps; every window is at least 50 of them'),
    discarded: count.describe('windows of zero or negative length'),
    ofWallClock: z
      .number()
      .nullable()
      .describe("over the wall clock's slope; far from 1, one of the two clocks misleads, which a label says"),
  })
  .describe("by the device's own timestamps");

const cold = z
  .object({
    callMs: summary,
    sets: count.describe('sets of buffers that the calls take in turn, at least 256 MB in sum'),
    ofIdeal: z.number().nullable().describe('as in `throughput`, of a copy that rotates alike'),
  })
  .describe('with data that no cache holds');

const dtype = z.enum(['float32', 'float16', 'float64']);

const runIndex = count.optional().describe('which of the merged runs this is of; absent in a run of its own');

const firstResult = z.object({
  run: runIndex,
  subject: z.string(),
  kind: z.enum(['ours', 'peer']),
  device,
  activation: z.string(),
  direction: z.enum(['forward', 'vjp']),
  shape: z.array(count),
  dtype,
  door: z.enum(['native', 'host arrays']).nullable().describe('whether data stays where the backend’s users keep it'),
  bytes: count
    .nullable()
    .describe('bytes that one call reads and writes by plan; null where the runtime does not tell'),
  passes: count.nullable().describe('walks over the data in one call'),
  dispatches: count.nullable().describe('kernels started on the device in one call'),
  operations: z
    .number()
    .nullable()
    .describe('float32 operations of one call by the definition, a fused multiply-add as one; null for a peer'),
  gate: z.string().describe('"passed", or the reason why there is no number'),
  departures: z
    .array(z.string())
    .describe('what a peer of at most 2^20 elements answers otherwise than it must, outside of what gates it'),
  firstCallMs: z.number().nullable().describe('compilation and first call'),
  uploadMs: z.number().nullable(),
  readbackMs: z.number().nullable(),
  latencyMs: summary.nullable(),
  throughput: throughput.nullable(),
  gpu: gpuTime.nullable(),
  cold: cold.nullable(),
  rounds: z.object({
    taken: count,
    dropped: count.describe('rounds in which the copy sentinel drifted'),
    discarded: count.describe('timings of zero or negative length'),
  }),
  labels: z
    .array(z.string())
    .describe('"quick", "software", "host arrays", "unsteady", "too slow", "timestamps disagree"'),
});

const result = firstResult.extend({
  gate: z
    .string()
    .describe('"passed", or the reason why there is no number; "unsupported: …" where the subject does not offer it'),
  labels: z
    .array(z.string())
    .describe('"quick", "software", "host arrays", "unsteady", "fewest samples", "too slow", "timestamps disagree"'),
});

/** The label of a row whose candidate had time for no more than the fewest samples. */
export const fewestSamples = 'fewest samples';

const firstComparison = z.object({
  activation: z.string(),
  direction: z.enum(['forward', 'vjp']),
  shape: z.array(count),
  subject: z.string(),
  against: z.string(),
  lane: z
    .enum(['throughput', 'copies'])
    .describe("times per call of one run, or of two, each divided by its own run's copy"),
  verdict: z.enum(['faster', 'slower', 'same', 'unclear']),
  ratio: z.number().describe("the subject's median time over the other's; below 1 is faster"),
  interval: interval.describe('bootstrap interval of the ratio at 99 %'),
  probability: z.number().describe('two-sided Mann-Whitney U'),
});

const comparison = firstComparison.extend({ dtype });

const firstCopyRoof = z.object({
  run: runIndex,
  device,
  elements: count,
  callMs: summary,
  gigabytesPerSecond: z.number(),
  gpu: gpuTime.nullable(),
  cold: z.object({ callMs: summary, sets: count, gigabytesPerSecond: z.number() }).nullable(),
});

const copyRoof = firstCopyRoof.extend({ dtype });

const arithmeticRoof = z.object({
  device,
  operationsPerSecond: z.number().describe('float32 multiply-adds of independent chains, each as one operation'),
  samples: z.array(z.number()),
});

const reportSchema = z.object({
  schema: z.literal(schemaName),
  createdAt: z.iso.datetime(),
  command: z.string(),
  effort: z.enum(['quick', 'full']),
  seed: z.number(),
  complete: z
    .boolean()
    .describe(
      'false where an abort, an error or the end of the time left something unmeasured; `missing` and gates say what',
    ),
  elapsedMs: z.number(),
  machine: z.object({
    cpu: z.string(),
    cores: count,
    memoryBytes: count,
    load: z.number().nullable().describe('processes that wanted a core when the run began, besides this one'),
    system: z.string(),
    runtime: z.string(),
    versions: z.record(z.string(), z.string()),
  }),
  missing: z.array(z.object({ subject: z.string(), reason: z.string() })),
  roofs: z.array(copyRoof),
  arithmetic: z.array(arithmeticRoof),
  results: z.array(result),
  comparisons: z.array(comparison),
});

/** There, roofs and comparisons said nothing of a data type. */
const firstReportSchema = reportSchema.extend({
  schema: z.literal(firstSchemaName),
  roofs: z.array(firstCopyRoof),
  results: z.array(firstResult),
  comparisons: z.array(firstComparison),
});

const anyReport = z.discriminatedUnion('schema', [reportSchema, firstReportSchema]);

type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

export type Report = Immutable<z.infer<typeof reportSchema>>;
export type Result = Immutable<z.infer<typeof result>>;
export type Machine = Report['machine'];
export type ComparisonRow = Immutable<z.infer<typeof comparison>>;
export type GpuTime = Immutable<z.infer<typeof gpuTime>>;
export type Cold = Immutable<z.infer<typeof cold>>;
export type ArithmeticRoof = Immutable<z.infer<typeof arithmeticRoof>>;
export type CopyRoof = Immutable<z.infer<typeof copyRoof>>;

/** The schemas as published, draft 2020-12, by their names. */
export const jsonSchemas = (): Readonly<Record<string, object>> => ({
  [firstSchemaName]: z.toJSONSchema(firstReportSchema),
  [schemaName]: z.toJSONSchema(reportSchema),
});

/**
 * Reads a result file from outside, of this version or an earlier one.
 * @throws RangeError that names the first field that does not fit.
 */
export function parseReport(text: string, origin: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RangeError(`${origin} must be JSON (was not). Choose a file that bench wrote.`);
  }
  const parsed = anyReport.safeParse(value);
  if (parsed.success) return parsed.data.schema === schemaName ? parsed.data : inFloat32(parsed.data);
  const [issue] = parsed.error.issues;
  throw new RangeError(
    `${origin} must be a result of ${schemaName} (${issue?.path.join('.') || 'the file'}: ${issue?.message}). ` +
      'Choose a file that bench wrote.',
  );
}

function inFloat32({ roofs, comparisons, ...report }: z.infer<typeof firstReportSchema>): Report {
  return {
    ...report,
    schema: schemaName,
    roofs: roofs.map((roof) => ({ ...roof, dtype: 'float32' })),
    comparisons: comparisons.map((row) => ({ ...row, dtype: 'float32' })),
  };
}

/** The gate of a candidate that was not reached in time: nothing is known of its answers. */
export const notReached = 'not measured: the time was over';

const unsupported = 'unsupported: ';

/** The gate of a candidate that does not offer the case, and says so itself. */
export const unsupportedGate = (reason: string): string => `${unsupported}${reason}`;

export const isUnsupported = ({ gate }: Pick<Result, 'gate'>): boolean => gate.startsWith(unsupported);

/** Whether one of ours gave a wrong answer, or none. */
export const isWrong = (row: Result): boolean =>
  row.kind === 'ours' && row.gate !== 'passed' && row.gate !== notReached && !isUnsupported(row);

/** Whether a row has no number for a reason that is no fault, and that rows share. */
export const isExcused = (row: Result): boolean => row.gate === notReached || isUnsupported(row);

/** Such reasons, each once, with the subjects that have it. */
export function excuses(rows: readonly Result[]): string[] {
  const subjects = new Map<string, string[]>();
  for (const { gate, subject } of rows.filter(isExcused)) subjects.set(gate, [...(subjects.get(gate) ?? []), subject]);
  return [...subjects].map(([gate, names]) => `${gate} (${names.join(', ')})`);
}

/** Why a row has no number. */
export function reasonOf({ gate, labels }: Result): string {
  if (gate !== 'passed') return gate;
  return labels.includes('too slow') ? 'right, but too slow to be timed at this size' : 'no timing of positive length';
}
