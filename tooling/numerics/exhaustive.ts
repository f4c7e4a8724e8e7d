/**
 * Tries the float32 library with each of the 2^32 arguments, in five arithmetics, and writes what it found to
 * packages/core/src/numerics/ACCURACY.md and accuracy.json. Needs gcc, on x86-64 with FMA; two to four minutes a function.
 *
 *     npx tsx tooling/numerics/exhaustive.ts [--quick] [function ...]
 *
 * --quick tries every 4099th argument and writes nothing.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionName } from '../../packages/core/src/expression/node.ts';
import { float32Library } from '../../packages/core/src/numerics/library.ts';
import { type Result, record } from './accuracy-table.ts';
import { cSource } from './c-source.ts';

/** Each arithmetic is a way that a target may compute: flags of the compiler, and how far its division is off. */
const arithmetics = {
  exact: { loose: 0, flags: ['-ffp-contract=off'] },
  contracted: { loose: 0, flags: ['-ffp-contract=fast'] },
  loose_up: { loose: 5, flags: ['-ffp-contract=fast'] },
  loose_down: { loose: -5, flags: ['-ffp-contract=off'] },
};

const here = new URL('.', import.meta.url).pathname;
const compile = (...args: string[]): void =>
  void execFileSync('gcc', ['-O3', '-march=native', '-fno-math-errno', '-w', `-I${here}`, ...args], {
    stdio: 'inherit',
  });

function tryAll(name: FunctionName, step: number): Result {
  const folder = mkdtempSync(join(tmpdir(), 'isoact-exhaustive-'));
  try {
    const objects = Object.entries(arithmetics).map(([arithmetic, { loose, flags }]) => {
      const source = join(folder, `${arithmetic}.c`);
      const loop = `void ${arithmetic}(const float *t, float *y, int n) { for (int i = 0; i < n; i++) y[i] = ${name}_f32(t[i]); }\n`;
      writeFileSync(source, `#define LOOSE ${loose}\n#include "arithmetic.h"\n${cSource(name, float32Library)}${loop}`);
      const object = `${source}.o`;
      compile(...flags, '-fno-trapping-math', '-c', source, '-o', object);
      return object;
    });
    const reference = ['sigmoid', 'softplus', 'asin'].includes(name) ? `${name}_f64` : name;
    const program = join(folder, 'exhaustive');
    compile(`-DREFERENCE=${reference}`, '-DLOOSE=0', join(here, 'exhaustive.c'), ...objects, '-lm', '-o', program);
    return JSON.parse(execFileSync('nice', [program, '0', '0xffffffff', String(step)], { encoding: 'utf8' })) as Result;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const wanted = process.argv.slice(2);
const quick = wanted.includes('--quick');
const names = (Object.keys(float32Library) as FunctionName[]).filter(
  (name) => wanted.every((argument) => argument.startsWith('--')) || wanted.includes(name),
);
for (const name of names) {
  const started = Date.now();
  const result = tryAll(name, quick ? 4099 : 1);
  console.log(name, JSON.stringify(result), `${((Date.now() - started) / 1000).toFixed(0)} s`);
  if (!quick) record(name, result);
}
