/** The command line, checked before any work. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { catalogue } from '@isoact/core';
import { type Effort, full, quick, withinMs } from '../core/budget.ts';
import type { DeviceSummary } from '../core/candidate.ts';
import type { ActivationName, Axes } from '../core/cases.ts';
import { type BenchDtype, benchDtypes } from '../core/dtypes.ts';

export interface Options extends Omit<Axes, 'directions'> {
  readonly effort: Effort;
  readonly jsonFile: string;
  readonly htmlFile: string;
  readonly csvFile: string | null;
  readonly baselineFile: string | null;
  /** Lower-case words, all of which a row must contain. */
  readonly filter: readonly string[];
  /** Subjects to measure, by the beginning of their names; all where it is empty. */
  readonly backends: readonly string[];
  /** Whether to measure what runs on a processor, on a GPU, or both (null). */
  readonly device: DeviceSummary['kind'] | null;
  /** Elements of the cases, or null for what suits the machine. */
  readonly sizes: readonly number[] | null;
  readonly seed: number;
  readonly help: boolean;
}

export const usage = `Usage: pnpm bench [options]
       pnpm bench merge FILE FILE…
       pnpm bench plot FILE

Checks every backend of this machine, then compares what is left.

  --quick             within a minute, instead of five
  --filter TEXT       only rows with all these words: "tfjs velu forward"
  --device KIND       only what runs on a cpu, or on a gpu
  --backend NAMES     only these subjects: webgpu,tfjs-webgpu
  --activation NAMES  from the catalogue (velu,adaRelu,gelu)
  --extent NAMES      of statistics: row,channel,sample,tensor (each its own)
  --dtype NAMES       float32,float16 (float32)
  --size NUMBERS      elements: 2^20,2^24 or 2^10..2^28, a factor of 4 apart
  --cold WHEN         buffers that no cache holds: hardware, always, never
  --seconds N         the whole command ends by then, with what it has
  --json FILE         results (isoact-bench.json)
  --html FILE         report with plots (isoact-bench.html)
  --csv FILE          one line per row
  --baseline FILE     compare with an earlier result
  --seed N            order and data of the run (1)
  --help

Exits with 1 where a result of ours is wrong, 2 where one is slower than the
baseline, 64 for bad options, 130 after Ctrl-C.
`;

/** A mistake of whoever typed the command. */
export class UsageError extends Error {}

const declarations = {
  quick: { type: 'boolean', default: false },
  json: { type: 'string', default: 'isoact-bench.json' },
  html: { type: 'string', default: 'isoact-bench.html' },
  csv: { type: 'string' },
  baseline: { type: 'string' },
  filter: { type: 'string', default: '' },
  device: { type: 'string' },
  backend: { type: 'string', multiple: true },
  activation: { type: 'string', multiple: true },
  extent: { type: 'string', multiple: true },
  dtype: { type: 'string', multiple: true },
  size: { type: 'string', multiple: true },
  seconds: { type: 'string' },
  cold: { type: 'string' },
  seed: { type: 'string', default: '1' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * @param folder where the user called from; files are meant relative to it.
 * @throws UsageError that names the option, what it must be and what it was.
 */
export function parseOptions(args: readonly string[], folder: string): Options {
  const { values, tokens } = parse(args);
  for (const token of tokens) {
    if (token.kind === 'option' && token.value === '')
      throw new UsageError(`${token.rawName} must be given a value (was empty).`);
  }
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new UsageError(`--seed must be a whole number from 0 (was ${values.seed}).`);
  const file = (path: string) => resolve(folder, path);
  const sizes = listed(values.size).flatMap(sizesOf);
  return {
    effort: effortOf(values.quick ? quick : full, values.seconds, values.cold),
    jsonFile: file(values.json),
    htmlFile: file(values.html),
    csvFile: values.csv === undefined ? null : file(values.csv),
    baselineFile: values.baseline === undefined ? null : file(values.baseline),
    filter: values.filter.toLowerCase().split(/\s+/).filter(Boolean),
    backends: listed(values.backend),
    device: deviceNamed(values.device),
    activations: listed(values.activation ?? ['velu,adaRelu,gelu']).map(activationNamed),
    extents: listed(values.extent).map(extentNamed),
    dtypes: listed(values.dtype ?? ['float32']).map(dtypeNamed),
    sizes: sizes.length > 0 ? sizes : null,
    seed,
    help: values.help,
  };
}

const listed = (values: readonly string[] = []): string[] => values.flatMap((each) => each.split(',')).filter(Boolean);

function deviceNamed(name: string | undefined): Options['device'] {
  if (name === undefined || name === 'cpu' || name === 'gpu') return name ?? null;
  throw new UsageError(`--device must be cpu or gpu (was ${name}).`);
}

const whenCold = ['hardware', 'always', 'never'] as const;

function effortOf(effort: Effort, seconds: string | undefined, when = 'hardware'): Effort {
  const cold = whenCold.find((each) => each === when);
  if (!cold) throw new UsageError(`--cold must be one of ${whenCold.join(', ')} (was ${when}).`);
  if (seconds === undefined) return { ...effort, cold };
  const wanted = Number(seconds);
  if (!(wanted >= 5 && wanted <= 86_400)) throw new UsageError(`--seconds must be from 5 to 86400 (was ${seconds}).`);
  return { ...withinMs(effort, wanted * 1e3), cold };
}

function activationNamed(name: string): ActivationName {
  const known = Object.keys(catalogue) as ActivationName[];
  const found = known.find((each) => each.toLowerCase() === name.toLowerCase());
  if (!found) throw new UsageError(`--activation must be one of ${known.join(', ')} (was ${name}).`);
  return found;
}

const knownExtents = ['row', 'channel', 'sample', 'tensor'];

function extentNamed(name: string): string {
  if (knownExtents.includes(name)) return name;
  throw new UsageError(`--extent must be one of ${knownExtents.join(', ')} (was ${name}).`);
}

function dtypeNamed(name: string): BenchDtype {
  const found = benchDtypes.find((each) => each === name);
  if (!found) throw new UsageError(`--dtype must be one of ${benchDtypes.join(', ')} (was ${name}).`);
  return found;
}

/** One number, or a range whose sizes are a factor of 4 apart. */
function sizesOf(text: string): number[] {
  const [from, to, ...more] = text.split('..').map(sizeOf);
  if (from === undefined || more.length > 0 || (to !== undefined && to < from)) throw wrongSize(text);
  const sizes: number[] = [];
  for (let size = from; size <= (to ?? from); size *= 4) sizes.push(size);
  return sizes;
}

function sizeOf(text: string): number {
  const power = /^2\^(\d+)$/.exec(text)?.[1];
  const size = power === undefined ? Number(text) : 2 ** Number(power);
  if (!Number.isSafeInteger(size) || size < 1 || size > largestSize) throw wrongSize(text);
  return size;
}

/** Tensors of 1 GiB; a larger one is beyond what a binding holds almost everywhere. */
const largestSize = 2 ** 28;

const wrongSize = (text: string) =>
  new UsageError(`--size must be elements from 1 to 2^28, such as 4096, 2^20 or 2^10..2^28 (was ${text}).`);

function parse(args: readonly string[]) {
  // pnpm hands on the "--" that separates its own options.
  const own = args[0] === '--' ? args.slice(1) : [...args];
  try {
    return parseArgs({ args: own, options: declarations, tokens: true });
  } catch (error) {
    const known = Object.keys(declarations).map((name) => `--${name}`);
    const [wrong] = own.filter((arg) => !known.includes(arg.split('=')[0] ?? arg) && arg !== '-h');
    const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
    const unknown = error instanceof Error && 'code' in error && error.code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE';
    throw new UsageError(
      unknown && wrong ? `An option must be one of ${known.join(', ')} (was ${wrong}).` : `${message}.`,
    );
  }
}
