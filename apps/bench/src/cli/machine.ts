/** What this machine is, for the result file and for the first lines of the output. */
import { createRequire } from 'node:module';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
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
  // Windows has none and gives 0.
  load: process.platform === 'win32' ? null : (loadavg()[0] ?? null),
  system: `${type()} ${release()} ${process.arch}`,
  runtime: `Node ${process.versions.node}`,
  versions: Object.fromEntries(runtimes.map((name) => [name, versionOf(name)])),
});

function versionOf(name: string): string {
  // A kit has no packages to ask; its builder writes the versions in here.
  const bundled = process.env.ISOACT_KIT_VERSIONS;
  if (bundled) {
    const versions: Readonly<Record<string, string>> = JSON.parse(bundled);
    return versions[name] ?? 'not installed';
  }
  try {
    const manifest: { version: string } = createRequire(import.meta.url)(`${name}/package.json`);
    return manifest.version;
  } catch {
    return 'not installed';
  }
}

/** A line of warning where other programs want the cores that are measured. */
export function busyWarning({ load, cores }: Machine): string | null {
  if (load === null || load < cores / 2) return null;
  return `Other programs are busy (load ${load.toFixed(1)} on ${cores} cores): expect wide intervals.`;
}
