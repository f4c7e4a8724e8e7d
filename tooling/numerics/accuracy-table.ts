/** The committed record of exhaustive runs: accuracy.json, and ACCURACY.md made from it and the bodies as they are now. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Expression, FunctionName } from '../../packages/core/src/expression/node.ts';
import { fingerprint } from '../../packages/core/src/numerics/fingerprint.ts';
import { float32Library } from '../../packages/core/src/numerics/library.ts';
import { countOperations } from '../../packages/core/src/numerics/operations.ts';
import { rangedLibrary } from '../../packages/core/src/numerics/ranged.ts';

/** What one arithmetic gave: the largest error and its argument's bits, and the numbers of arguments with a wrong result. */
interface Worst {
  readonly ulps: number;
  readonly at: string;
  readonly over2: number;
  readonly nan: number;
  readonly sign: number;
}
const arithmeticNames = ['exact', 'contracted', 'flushing', 'reassociated', 'looseUp', 'looseDown'] as const;
export type Result = { readonly tried: number } & Readonly<Record<(typeof arithmeticNames)[number], Worst>>;

/** Two runs over different arguments as one. */
export function merge(a: Result, b: Result): Result {
  const merged = arithmeticNames.map((name) => {
    const [most, least] = a[name].ulps >= b[name].ulps ? [a[name], b[name]] : [b[name], a[name]];
    const counts = { over2: most.over2 + least.over2, nan: most.nan + least.nan, sign: most.sign + least.sign };
    return [name, { ulps: most.ulps, at: most.at, ...counts }];
  });
  return { tried: a.tried + b.tried, ...Object.fromEntries(merged) } as Result; // an entry for each name
}

const folder = new URL('../../packages/core/src/numerics/', import.meta.url);
const json = new URL('accuracy.json', folder);

function readRecord(): Partial<Record<string, Result>> {
  return existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as Partial<Record<string, Result>>) : {};
}

export function record(name: string, result: Result): void {
  const body = bodyOf(name);
  if (!body) throw new TypeError(`${name} must be a function of the library`);
  const results = { ...readRecord(), [name]: { body: fingerprint(body), ...result } };
  writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(new URL('ACCURACY.md', folder), markdown(results));
}

const bodyOf = (label: string): Expression | undefined =>
  float32Library[label as FunctionName] ??
  rangedLibrary.find(({ name, from, to }) => label === `${name} from ${from} to ${to}`)?.body;

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

function markdown(results: Partial<Record<string, Result>>): string {
  const rows = Object.entries(results).flatMap(([name, result]) => {
    const body = bodyOf(name);
    if (!result || !body) return [];
    const { total, divisions, squareRoots, scalings } = countOperations(body);
    const loose = Math.max(result.looseUp.ulps, result.looseDown.ulps);
    const wrong = arithmeticNames.reduce(
      (sum, arithmetic) => sum + result[arithmetic].nan + result[arithmetic].sign,
      0,
    );
    const errors = [result.exact, result.contracted, result.flushing, result.reassociated].map(
      ({ ulps, at }) => `${ulps.toFixed(3)} \`${at}\``,
    );
    return [row([name, ...errors, loose.toFixed(2), wrong, total, divisions, squareRoots, scalings])];
  });
  return `# Accuracy of the float32 library

Written by \`npx tsx tooling/numerics/exhaustive.ts\`: all 2^32 arguments (of a ranged body: all of its interval), against the C library's float64 function. Each
error is |got - truth| in ulps of the truth, with the bits of the worst argument.

- *exact*: IEEE arithmetic, each operation rounded to nearest.
- *contracted*: gcc fuses a·b + c wherever it can.
- *flushing*: subnormal operands and results are 0; a result may then miss by 2^-126 besides, and a subnormal argument
  counts as 0 (\`log\` gives -∞ there).
- *reassociated*: gcc's -ffast-math, as WGSL allows and Metal does (a sixteenth of the arguments).
- *division off*: as bad as WGSL allows: each quotient is off by 2.5 ulp, always up (and contracted) or always down, each
  square root by 4.5 ulp (a sixteenth of the arguments). Where no division matters the column repeats the others.
- *wrong*: arguments with a NaN lost or made up, or a zero of the wrong sign, over all of these: \`expm1\` of negative
  arguments gives +0 for -0, and -ffast-math lets gcc take it that there are no NaN.

${row(['function', 'exact', 'contracted', 'flushing', 'reassociated', 'division off', 'wrong', 'operations', '÷', '√', '2^k'])}
${row(Array<string>(11).fill('---'))}
${rows.join('\n')}
`;
}
