/** Probes what a backend claims to support: an over-claim fails, and so does an under-claim of a definite property. */

import { leakyRelu, relu } from '../activations/rectifiers.ts';
import type { ActivationBackend, Dtype } from '../adapter.ts';
import { UnsupportedError } from '../errors.ts';
import { readStates } from './cases/arrange.ts';
import { formats } from './formats.ts';
import { createRandom } from './random.ts';
import type { ClaimResult } from './report.ts';
import type { TestedActivation } from './subjects.ts';
import { withinLimit } from './time-limit.ts';

const allDtypes: readonly Dtype[] = ['float32', 'float16', 'float64'];

/** Types and gradients are asked of the first of the activations: a backend need not have relu. */
export async function probeClaims(
  backend: ActivationBackend,
  [first]: readonly TestedActivation[],
  timeLimit: number,
): Promise<ClaimResult[]> {
  const asked = first?.activation ?? relu();
  const { supports } = backend;
  const limited = <T>(work: () => Promise<T>): Promise<T> =>
    withinLimit(new Promise<T>((resolve) => resolve(work())), timeLimit, 'probing a claim');
  const dtype = supports.dtypes[0] ?? 'float32';
  const format = formats[dtype];

  /** y of one activation; null where the backend fails, which the cases report. */
  const forward = async (activation: ReturnType<typeof relu>, x: readonly number[]): Promise<Float64Array | null> => {
    try {
      return await limited(async () => {
        const compiled = await backend.compile(activation, { shape: [x.length], dtype });
        const { y } = await compiled.forward({ x: format.fromNumbers(x) });
        compiled.dispose();
        return format.toNumbers(y);
      });
    } catch {
      return null;
    }
  };
  /** Whether the work is refused as unsupported; any other failure counts as an answer of the cases' kind. */
  const refuses = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await limited(work);
      return false;
    } catch (error) {
      return error instanceof UnsupportedError;
    }
  };
  const judged = (claim: string, claimed: string, definite: string, holds: boolean | null): ClaimResult => ({
    claim,
    claimed,
    observed: holds === null ? 'unknown' : holds ? definite : `not ${definite}`,
    // that a few probes kept a property which is not claimed proves nothing: drivers differ per operation
    verdict: claimed !== definite ? 'open' : holds === false ? 'over-claim' : holds ? 'confirmed' : 'open',
  });

  const nans = await forward(relu(), [Number.NaN, 1, Number.NaN]);
  const zeros = await forward(leakyRelu(), [-0, 0]);
  const tiny = format.smallestNormal / 4;
  const subnormals = await forward(relu(), [tiny, 3 * tiny]);
  const holds = (values: Float64Array | null, test: (values: Float64Array) => boolean): boolean | null =>
    values ? test(values) : null;
  const results = [
    judged(
      'nan',
      supports.nan,
      'propagate',
      holds(nans, ([first, , last]) => Number.isNaN(first) && Number.isNaN(last)),
    ),
    judged(
      'signedZero',
      supports.signedZero,
      'strict',
      holds(zeros, ([first, last]) => Object.is(first, -0) && Object.is(last, 0)),
    ),
    judged(
      'subnormals',
      supports.subnormals,
      'keep',
      holds(subnormals, (values) => values.every((value) => value > 0)),
    ),
  ];
  for (const candidate of allDtypes) {
    const claimed = supports.dtypes.includes(candidate);
    const refused = await refuses(() => backend.compile(asked, { shape: [2, 2], dtype: candidate, channelAxis: 1 }));
    results.push(definite(`dtype ${candidate}`, claimed, !refused));
  }
  const refused = await refuses(async () => {
    const spec = { shape: [2, 2], dtype, channelAxis: 1 };
    const compiled = await backend.compile(asked, spec);
    const data = format.fromNumbers([1, -1, 0.5, 2]);
    return compiled.vjp({
      x: data,
      upstream: { y: data },
      ...readStates(asked, spec, format, createRandom(0, 'claims')),
    });
  });
  return [...results, definite('gradients', supports.gradients, !refused)];
}

const definite = (claim: string, claimed: boolean, holds: boolean): ClaimResult => ({
  claim,
  claimed: String(claimed),
  observed: String(holds),
  verdict: claimed === holds ? 'confirmed' : claimed ? 'over-claim' : 'under-claim',
});
