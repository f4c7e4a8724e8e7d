/** Every float32 value through every elementwise activation, in hours; a run that was stopped goes on where it was. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Activation, type ActivationBackend, catalogue, UnsupportedError } from '@isoact/core';
import { checkEveryFloat, chunkCount, type Direction, Tally, type TallySnapshot } from '@isoact/core/conformance';
import type { Arguments } from './arguments.ts';
import { type Candidate, openCandidate } from './candidate.ts';
import type { ProgressLine } from './progress.ts';
import { writeWholeFile } from './write-file.ts';

const schema = 'isoact.exhaustive/1';

/** How far a run has come. */
interface Checkpoint {
  readonly schema: typeof schema;
  /** What the values depend on; another subject starts anew. */
  readonly subject: string;
  readonly nextChunk: number;
  readonly tally: TallySnapshot;
}

/** Milliseconds between two checkpoints. */
const checkpointEvery = 10_000;

/** A backend of this process. */
/** 0 where every value met what it owes. */
export async function runExhaustively(
  chosen: readonly Candidate[],
  options: Arguments,
  folder: string,
  progress: ProgressLine,
): Promise<number> {
  const names = options.activations ?? Object.keys(catalogue);
  const results: object[] = [];
  let failed = false;
  let checked = 0;
  for (const candidate of chosen) {
    const { name } = candidate;
    const backend = await openCandidate(candidate, progress);
    if (!backend) continue;
    for (const activationName of names) {
      const activation = activationNamed(activationName);
      for (const direction of ['forward', 'vjp'] as const) {
        const tally = await checkOne(backend, activation, direction, options, folder, progress);
        if (!tally) continue;
        const { grade, values, maxUlp, share, worst } = tally;
        const worstAt = worst?.x ? ` at ${worst.x} (${worst.xBits})` : '';
        progress.print(
          `${name} ${activationName} ${direction}: grade ${grade}, ${values} values, at most ${maxUlp.toPrecision(4)} ulp, ${share.toPrecision(3)} of the bound${worstAt}`,
        );
        results.push({
          backend: name,
          device: backend.device,
          activation: activationName,
          direction,
          ...tally.snapshot(),
        });
        checked++;
        failed ||= share > 1;
      }
    }
    await backend.dispose();
  }
  if (options.json) await writeWholeFile(options.json, `${JSON.stringify({ schema, results }, null, 2)}\n`);
  return failed || checked === 0 ? 1 : 0;
}

function activationNamed(name: string): Activation {
  const definition = Object.hasOwn(catalogue, name) ? catalogue[name as keyof typeof catalogue] : undefined;
  if (!definition)
    throw new RangeError(
      `--activation must be one of ${Object.keys(catalogue).join(', ')} (was ${JSON.stringify(name)}).`,
    );
  return definition();
}

/** Null for an activation that has no such check. */
async function checkOne(
  backend: ActivationBackend,
  activation: Activation,
  direction: Direction,
  { owed }: Arguments,
  folder: string,
  progress: ProgressLine,
): Promise<Tally | null> {
  const subject = JSON.stringify([
    backend.name,
    backend.device,
    activation.name,
    activation.parameters,
    direction,
    owed ?? 'B',
  ]);
  const path = join(folder, `${backend.name}-${activation.name}-${direction}.json`.replaceAll(/[^\w.-]/g, '_'));
  await mkdir(folder, { recursive: true });
  const earlier = await readCheckpoint(path, subject);
  const tally = earlier ? Tally.restore(earlier.tally) : new Tally();
  const from = earlier?.nextChunk ?? 0;
  const save = (nextChunk: number): Promise<void> =>
    writeWholeFile(path, JSON.stringify({ schema, subject, nextChunk, tally: tally.snapshot() } satisfies Checkpoint));
  let saved = performance.now();
  try {
    for await (const { chunk, tally: part } of checkEveryFloat(backend, activation, direction, { owed, from })) {
      tally.merge(part);
      progress.show(
        `${backend.name} ${activation.name} ${direction}: ${((100 * (chunk + 1)) / chunkCount).toFixed(2)} %, grade ${tally.grade}`,
      );
      if (performance.now() - saved < checkpointEvery && chunk + 1 < chunkCount) continue;
      await save(chunk + 1);
      saved = performance.now();
    }
  } catch (error) {
    if (error instanceof UnsupportedError) return null;
    throw error;
  }
  return tally;
}

/** A file that cannot be read, or is about something else, counts as none. */
async function readCheckpoint(path: string, subject: string): Promise<Checkpoint | null> {
  try {
    const found: Partial<Checkpoint> = JSON.parse(await readFile(path, 'utf8'));
    return found.schema === schema && found.subject === subject ? (found as Checkpoint) : null;
  } catch {
    return null;
  }
}
