/** The surgery on files. */
import { resolve } from 'node:path';
import { mustBe } from '@isoact/core';
import { ModelError } from '../surgery/errors.ts';
import { type Inspection, inspectModel } from '../surgery/inspect.ts';
import { planReplacement, type ReplacementReport } from '../surgery/replace.ts';
import type { ReplacementRule } from '../surgery/rules.ts';
import { copyBeside, externalPaths, type Progress, readModelFile, sameFolder, writeWhole } from './files.ts';

export interface FileOptions {
  /** Whether a file at the output's place may be replaced; the input never is unless `inPlace` is true as well. */
  readonly overwrite?: boolean;
  readonly inPlace?: boolean;
  /** What becomes of external data where the output lies in another folder: refused unless it may be copied there. */
  readonly externalData?: 'refuse' | 'copy';
  /** Reports and writes nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: Progress;
}

/**
 * Replaces activations of a model file. External data is neither read nor changed.
 *
 * @example
 * ```ts
 * await replaceActivationsInFile('model.onnx', 'velu.onnx', [{ from: 'relu', to: velu() }]);
 * ```
 * @throws ModelError where the input is no model, or the output's place is taken.
 */
export async function replaceActivationsInFile(
  input: string,
  output: string,
  rules: readonly ReplacementRule[],
  {
    overwrite = false,
    inPlace = false,
    externalData = 'refuse',
    dryRun = false,
    onProgress = () => {},
  }: FileOptions = {},
): Promise<ReplacementReport> {
  const isInput = resolve(input) === resolve(output);
  if (isInput && !inPlace && !dryRun) {
    throw new ModelError(
      mustBe('the output', 'another file than the input', output, 'Say that it may be edited in place.'),
    );
  }
  const { pieces, report } = planReplacement(await readModelFile(input, onProgress), rules);
  const beside = externalPaths(input, report.externalFiles);
  if (dryRun) return report;
  if (beside.length > 0 && !sameFolder(input, output)) {
    if (externalData !== 'copy') {
      throw new ModelError(
        mustBe(
          'the output',
          "in the folder of the input, which holds the model's external data",
          output,
          'Have it copied.',
        ),
      );
    }
    await copyBeside(beside, input, output, onProgress);
  }
  await writeWhole(output, pieces, { overwrite: overwrite || isInput, onProgress });
  return report;
}

/** What a model file holds, as far as activations are concerned. @throws ModelError where it is no model. */
export const inspectModelFile = async (path: string, onProgress?: Progress): Promise<Inspection> =>
  inspectModel(await readModelFile(path, onProgress));
