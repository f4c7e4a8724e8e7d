/** The command line, checked before any work. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Effort, full, quick } from '../core/budget.ts';

export interface Options {
  readonly effort: Effort;
  readonly jsonFile: string;
  readonly htmlFile: string;
  readonly csvFile: string | null;
  readonly baselineFile: string | null;
  /** Lower-case words, all of which a row must contain. */
  readonly filter: readonly string[];
  readonly seed: number;
  readonly help: boolean;
}

export const usage = `Usage: pnpm bench [options]

Checks every backend of this machine, then compares what is left.

  --quick           within a minute, instead of five
  --filter TEXT     only rows with all these words: --filter "tfjs velu forward"
  --json FILE       results (isoact-bench.json)
  --html FILE       report with plots (isoact-bench.html)
  --csv FILE        one line per row
  --baseline FILE   compare with an earlier result
  --seed N          order and data of the run (1)
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
  return {
    effort: values.quick ? quick : full,
    jsonFile: file(values.json),
    htmlFile: file(values.html),
    csvFile: values.csv === undefined ? null : file(values.csv),
    baselineFile: values.baseline === undefined ? null : file(values.baseline),
    filter: values.filter.toLowerCase().split(/\s+/).filter(Boolean),
    seed,
    help: values.help,
  };
}

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
