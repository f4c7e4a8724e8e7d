/** Entry of `pnpm bench:kit`. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { archive } from './archive.ts';
import { makeApp, makeKit } from './make-kit.ts';

const usage = `Usage: pnpm bench:kit [options]

Packs Node, the native libraries and the commands for a Linux x64 machine without a network.

  --out FOLDER   where the kit and its archive go (.kit)
  --software     take a software GPU along, for machines without one
  --app          only what is no binary, to be unpacked over an earlier kit
  --level N      of xz, from 0 (seconds) to 9 (6)
  --help
`;

/** The archive that people carry to another machine must stay below this. */
const largestBytes = 60e6;

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((argument) => argument !== '--'),
    options: {
      out: { type: 'string', default: '.kit' },
      software: { type: 'boolean', default: false },
      app: { type: 'boolean', default: false },
      level: { type: 'string', default: '6' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (!/^\d$/.test(values.level)) throw new RangeError(`--level must be from 0 to 9 (was ${values.level}).`);
  const out = resolve(process.env.INIT_CWD ?? process.cwd(), values.out);
  const name = `isoact-kit-linux-x64${values.software ? '-software' : ''}`;
  // Both archives unpack to the same folder.
  const folder = join(out, ...(values.app ? ['app', name] : [name]));
  const file = join(out, `${name}${values.app ? '-app' : ''}.tar.xz`);
  await (values.app ? makeApp(folder) : makeKit(folder, values));
  process.stderr.write(`${folder} is made; compressing it takes a minute or two\n`);
  await archive(folder, file, Number(values.level));
  const { size } = await stat(file);
  process.stdout.write(`${file} ${(size / 1e6).toFixed(1)} MB\n`);
  if (size <= largestBytes || Number(values.level) < 6) return 0;
  process.stderr.write(`The archive must be at most ${largestBytes / 1e6} MB.\n`);
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`bench:kit: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 64;
}
