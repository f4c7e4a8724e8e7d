/** What the tests in a browser ask of a page. */
import { type ConformanceOptions, runConformance } from '@isoact/core/conformance';
import { createBackend } from '@isoact/webgpu';

export { veluAfterSession } from './onnxruntime-example.ts';
export { sumOfVelu } from './tfjs-example.ts';

export interface PageReport {
  readonly device: string;
  readonly values: number;
  readonly problems: readonly string[];
}

export async function conform(
  options: Pick<ConformanceOptions, 'activations' | 'groups' | 'dtypes'>,
): Promise<PageReport> {
  const backend = await createBackend();
  const report = await runConformance(backend, { ...options, quick: true });
  await backend.dispose();
  return {
    device: backend.device.description,
    values: report.totals.values,
    problems: [...report.verdicts, ...report.failures.map(({ id, faults }) => `${id}: ${faults.join('; ')}`)],
  };
}
