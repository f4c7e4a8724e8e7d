/**
 * Tries the float32 library with each of the 2^32 arguments, in five arithmetics, and writes what it found to
 * packages/core/src/numerics/ACCURACY.md and accuracy.json. Needs gcc, on x86-64 with FMA; about two minutes a function.
 *
 *     npx tsx tooling/numerics/exhaustive.ts [--quick] [function ...]
 *
 * --quick tries every 4099th argument and writes nothing.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Expression, FunctionName } from '../../packages/core/src/expression/node.ts';
import { float32Library } from '../../packages/core/src/numerics/library.ts';
import { rangedLibrary } from '../../packages/core/src/numerics/ranged.ts';
import { merge, type Result, record } from './accuracy-table.ts';
import { cSource } from './c-source.ts';

/** Each arithmetic is a way that a target may compute: flags of the compiler, and by how many half ulps division is off. */
const arithmetics = {
  exact: { loose: 0, flags: ['-ffp-contract=off'] },
  contracted: { loose: 0, flags: ['-ffp-contract=fast'] },
  reassociated: { loose: 0, flags: ['-ffast-math'] },
  loose_up: { loose: 5, flags: ['-ffp-contract=fast'] },
  loose_down: { loose: -5, flags: ['-ffp-contract=off'] },
};

interface Subject {
  readonly label: string;
  readonly name: FunctionName;
  readonly body: Expression;
  /** First and last bit pattern of each interval of arguments. */
  readonly patterns: readonly (readonly [number, number])[];
}

const float = new Float32Array(1);
const bitsOf = (t: number): number => {
  float[0] = t;
  return new Uint32Array(float.buffer)[0] as number;
};

const subjects: readonly Subject[] = [
  ...Object.entries(float32Library).map(([name, body]) => ({
    label: name,
    name: name as FunctionName,
    body,
    patterns: [[0, 2 ** 32 - 1]] as const,
  })),
  ...rangedLibrary.map(({ name, from, to, body }) => ({
    label: `${name} from ${from} to ${to}`,
    name,
    body,
    patterns: [...(to > 0 ? [[0, bitsOf(to)] as const] : []), ...(from < 0 ? [[2 ** 31, bitsOf(from)] as const] : [])],
  })),
];

/** Those that glibc has for four float64 numbers at once. */
const vectorised: readonly FunctionName[] = ['exp', 'expm1', 'log', 'log1p', 'tanh', 'atan', 'erf', 'erfc'];

const here = new URL('.', import.meta.url).pathname;
const compile = (...args: string[]): void =>
  void execFileSync('gcc', ['-O3', '-march=native', '-fno-math-errno', '-w', `-I${here}`, ...args], {
    stdio: 'inherit',
  });

function tryAll({ name, body, patterns }: Subject, step: number): Result {
  const folder = mkdtempSync(join(tmpdir(), 'isoact-exhaustive-'));
  try {
    const functions = cSource(name, { ...float32Library, [name]: body });
    const objects = Object.entries(arithmetics).map(([arithmetic, { loose, flags }]) => {
      const source = join(folder, `${arithmetic}.c`);
      const loop = `void ${arithmetic}(const float *t, float *y, int n) { for (int i = 0; i < n; i++) y[i] = ${name}_f32(t[i]); }`;
      writeFileSync(source, `#define LOOSE ${loose}\n#include "arithmetic.h"\n${functions}${loop}\n`);
      compile(...flags, '-fno-trapping-math', '-c', source, '-o', `${source}.o`);
      return `${source}.o`;
    });
    const reference = ['sigmoid', 'softplus', 'asin'].includes(name) ? `${name}_f64` : name;
    const references = [`-DREFERENCE=${reference}`];
    if (vectorised.includes(name)) references.push(`-DVECTOR_REFERENCE=_ZGVdN4v_${name}`);
    const program = join(folder, 'exhaustive');
    compile(...references, '-DLOOSE=0', join(here, 'exhaustive.c'), ...objects, '-lmvec', '-lm', '-o', program);
    return patterns
      .map((range) => execFileSync('nice', [program, ...[...range, step].map(String)], { encoding: 'utf8' }))
      .map((text) => JSON.parse(text) as Result)
      .reduce(merge);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const wanted = process.argv.slice(2);
const quick = wanted.includes('--quick');
const isWanted = (label: string): boolean =>
  wanted.every((argument) => argument.startsWith('--')) || wanted.includes(label);
for (const subject of subjects.filter(({ label }) => isWanted(label))) {
  const started = Date.now();
  const result = tryAll(subject, quick ? 4099 : 1);
  console.log(subject.label, JSON.stringify(result), `${((Date.now() - started) / 1000).toFixed(0)} s`);
  if (!quick) record(subject.label, result);
}
