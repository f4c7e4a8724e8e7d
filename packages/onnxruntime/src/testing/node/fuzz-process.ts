/**
 * Runs fuzzed files in a process of its own, so that one that hangs, or ends the process, can be told from one that is
 * refused. Arguments: the first case, the one to stop before, and maybe one that is to hang. It prints the number of
 * each case before it runs, at once, and at last the result as JSON.
 */
import { writeSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IsoactError, selu } from '@isoact/core';
import { codeOf } from '../../node/files.ts';
import { replaceActivationsInFile } from '../../node/replace-in-file.ts';
import { inspectModel } from '../../surgery/inspect.ts';
import { replaceActivations } from '../../surgery/replace.ts';
import { fuzzCase } from '../fuzz-cases.ts';
import type { FuzzResult } from './watched-fuzz.ts';

const [from, to, hangAt] = process.argv.slice(2).map(Number) as [number, number, number | undefined];
const rules = [{ from: '*', to: selu(), form: 'native' }] as const;
/** Every so manieth case is a file, too. */
const fileStep = 25;

const folder = await mkdtemp(join(tmpdir(), 'isoact-fuzz-'));
const result: FuzzResult = { edited: 0, refused: 0, files: 0, faults: [] };
for (let index = from; index < to; index++) {
  say(String(index));
  if (index === hangAt) for (;;);
  const { kind, bytes } = fuzzCase(index);
  const fault = faultOf(bytes) ?? (index % fileStep === 0 ? await faultOfFile(bytes) : undefined);
  if (fault) result.faults.push(`case ${index}, ${kind}: ${fault}`);
}
await rm(folder, { recursive: true });
say(JSON.stringify(result));

/** Before anything else happens: a stream would wait for a pause, of which a hang has none. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, `${line}\n`);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error; // who reads is slower
    }
  }
}

/** A typed error, or a model that holds what was to come and keeps all where nothing was to. */
function faultOf(bytes: Uint8Array): string | undefined {
  try {
    const { model, report } = replaceActivations(bytes, rules);
    result.edited++;
    if (model.length !== report.bytesAfter) return `${model.length} bytes instead of ${report.bytesAfter}`;
    if (report.replaced.length === 0 && Buffer.compare(model, bytes) !== 0) return 'changed without a replacement';
    if (Buffer.compare(replaceActivations(bytes, []).model, bytes) !== 0) return 'changed without a rule';
    const count = inspectModel(model).activations.filter(({ activation }) => activation === 'selu').length;
    const wanted = report.replaced.length + report.unchanged.length;
    return count === wanted ? undefined : `${count} selu instead of ${wanted}`;
  } catch (error) {
    if (!(error instanceof IsoactError)) return String(error instanceof Error ? error.stack : error);
    result.refused++;
    return undefined;
  }
}

/** A file that is refused leaves nothing behind, and one that is edited is what the same bytes become. */
async function faultOfFile(bytes: Uint8Array): Promise<string | undefined> {
  result.files++;
  const [input, output] = [join(folder, 'in.onnx'), join(folder, 'out.onnx')];
  await writeFile(input, bytes);
  const written = await replaceActivationsInFile(input, output, rules).then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof IsoactError)) throw error;
      return false;
    },
  );
  const files = (await readdir(folder)).sort().join();
  if (!written) return files === 'in.onnx' ? undefined : `refused, and there are ${files}`;
  const same = Buffer.compare(await readFile(output), replaceActivations(bytes, rules).model) === 0;
  await rm(output);
  if (!same) return 'the file differs from the bytes';
  return files === 'in.onnx,out.onnx' ? undefined : `written, and there are ${files}`;
}
