/** What this machine is, for the result file and for the first lines of the output. */

import { createRequire } from 'node:module';
import { cpus, release, totalmem, type } from 'node:os';
import type { DeviceSummary } from '../core/candidate.ts';
import type { Machine } from '../core/report.ts';

export const cpuDevice = (): DeviceSummary => ({ kind: 'cpu', description: cpuName(), software: false });

const cpuName = (): string => cpus()[0]?.model.trim() || process.arch;

/** Runtimes whose version decides a result. */
const runtimes = ['@tensorflow/tfjs-core', 'onnxruntime-node', 'webgpu'] as const;

export const describeMachine = (): Machine => ({
  cpu: cpuName(),
  cores: cpus().length,
  memoryBytes: totalmem(),
  system: `${type()} ${release()} ${process.arch}`,
  runtime: `Node ${process.versions.node}`,
  versions: Object.fromEntries(runtimes.map((name) => [name, versionOf(name)])),
});

function versionOf(name: string): string {
  try {
    const manifest: { version: string } = createRequire(import.meta.url)(`${name}/package.json`);
    return manifest.version;
  } catch {
    return 'not installed';
  }
}
