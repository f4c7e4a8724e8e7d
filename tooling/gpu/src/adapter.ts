/** Which GPU a process would get from Dawn in a given environment. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface AdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter: boolean;
}

/**
 * Asks in a process of its own: the dynamic loader reads its variables once, at a process's start, and a broken driver
 * takes only that process down. Null when there is no adapter, or none that works.
 * @param probeFile `probe.ts`, or what it was bundled to.
 */
export async function probeAdapter(
  probeFile: string,
  environment: NodeJS.ProcessEnv,
): Promise<AdapterDescription | null> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, probeFile], {
      env: environment,
      timeout: 30_000,
    });
    return JSON.parse(stdout);
  } catch {
    return null;
  }
}

/** Whether the adapter computes on the CPU. Dawn does not mark every such driver as a fallback. */
export function isSoftware(adapter: AdapterDescription): boolean {
  const text = `${adapter.architecture} ${adapter.device} ${adapter.description}`;
  return adapter.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(text);
}

/** One line for a person: what the device is called. */
export function adapterName(adapter: AdapterDescription): string {
  return adapter.description || adapter.device || `${adapter.vendor} ${adapter.architecture}`;
}
