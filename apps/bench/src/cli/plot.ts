/** The command `bench plot`: the picture of a result for a README. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseHTML } from 'linkedom';
import { speedPlot } from '../report/speed-plot.ts';
import { exitCodes } from './exit-codes.ts';
import { writeWhole } from './files.ts';
import { asUsage, readReport } from './merge.ts';
import { UsageError } from './options.ts';

const usage = `Usage: pnpm bench plot FILE [options]

Draws what one call costs on the hardware GPU of a result, ours beside peers.

  --activation NAMES  which (velu,gelu)
  --svg FILE          the picture (isoact-speed.svg)
`;

/** @throws UsageError for a file without such numbers. */
export async function plot(args: readonly string[], folder: string): Promise<number> {
  const { values, positionals } = asUsage(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        activation: { type: 'string', default: 'velu,gelu' },
        svg: { type: 'string', default: 'isoact-speed.svg' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }),
  );
  if (values.help) {
    process.stdout.write(usage);
    return exitCodes.fine;
  }
  const [file, ...others] = positionals;
  if (!file || others.length > 0)
    throw new UsageError(`bench plot must be given one result (was given ${positionals.length}).`);
  const report = await readReport(resolve(folder, file));
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const picture = asUsage(() => speedPlot(report, { document, activations: values.activation.split(',') }));
  const svg = resolve(folder, values.svg);
  await writeWhole(svg, picture);
  process.stdout.write(`${svg}\n`);
  return exitCodes.fine;
}
