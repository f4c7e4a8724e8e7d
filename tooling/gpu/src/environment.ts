/**
 * The environment in which a command gets the best GPU of this machine: its hardware, or else the software one.
 * `ISOACT_GPU` decides otherwise: `hardware` (fail without one), `software`, or `none` (leave the environment alone).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AdapterDescription, adapterName, isSoftware } from './adapter.ts';

// Where Kubernetes mounts NVIDIA's driver.
const containerDrivers = ['/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json'];

/** Where the pieces of a software GPU and of a Vulkan installation come from: packages of npm, or an unpacked kit. */
export interface GpuSources {
  /** Which GPU a process would get in this environment, or null. */
  readonly probe: (environment: NodeJS.ProcessEnv) => Promise<AdapterDescription | null>;
  /** A folder with a Vulkan loader, for machines without one; null where there is none for this platform. */
  readonly loaderFolder: (() => Promise<string>) | null;
  /** A folder with SwiftShader and its manifest beside a Vulkan loader, or null. */
  readonly softwareFolder: (() => Promise<string>) | null;
  /** Manifests of drivers that are tried where no loader finds one by itself. */
  readonly manifests?: readonly string[];
}

const kinds = ['hardware', 'software', 'none'] as const;
export type GpuKind = (typeof kinds)[number];

const choices = ['auto', 'hardware', 'software', 'none'] as const;
export type GpuChoice = (typeof choices)[number];

export interface GpuEnvironment {
  readonly kind: GpuKind;
  /** One line for a person. */
  readonly announcement: string;
  /** Variables to add to a command's environment *before* it starts. */
  readonly variables: Readonly<Record<string, string>>;
}

/** @throws RangeError when `ISOACT_GPU` is none of the four. */
export function gpuChoice(environment: NodeJS.ProcessEnv = process.env): GpuChoice {
  const wanted = environment.ISOACT_GPU || 'auto';
  const choice = choices.find((known) => known === wanted);
  if (!choice) throw new RangeError(`ISOACT_GPU must be one of ${choices.join(', ')} (was ${wanted}).`);
  return choice;
}

/**
 * Which GPU this process was started with. Tests that need one skip themselves where it is `none`.
 * @throws Error when the process was not started by the launcher.
 */
export function gpuKind(environment: NodeJS.ProcessEnv = process.env): GpuKind {
  const kind = kinds.find((known) => known === environment.ISOACT_GPU_KIND);
  if (!kind) throw new Error('A GPU command must be started by the launcher (was not). Use `pnpm gpu <command>`.');
  return kind;
}

/** Finds the GPU and says which it is. @throws Error when the GPU that was asked for is not there. */
export async function findGpu(sources: GpuSources, choice: GpuChoice = gpuChoice()): Promise<GpuEnvironment> {
  if (choice === 'none') return found('none', 'GPU left as the environment has it (ISOACT_GPU=none)', {});

  if (choice !== 'software') {
    const hardware = await findHardware(sources);
    if (hardware) return hardware;
    if (choice === 'hardware') {
      throw new Error(
        'A hardware GPU must be there (none was found). Without ISOACT_GPU=hardware, software stands in.',
      );
    }
  }

  if (sources.softwareFolder) return softwareIn(await sources.softwareFolder());
  const reason = `no software GPU for ${process.platform} ${process.arch} here`;
  if (choice === 'software') throw new Error(`A software GPU must be there (${reason}).`);
  return found('none', `no hardware GPU found, and ${reason}: what needs a GPU reports it missing`, {});
}

async function findHardware({ probe, loaderFolder, manifests = [] }: GpuSources): Promise<GpuEnvironment | undefined> {
  const environments: Record<string, string>[] = [{}];
  if (loaderFolder) {
    // Containers often have a driver but no Vulkan loader, or a driver where no loader looks.
    const loader = loaderVariables(await loaderFolder());
    const named = [...containerDrivers.filter(existsSync), ...manifests];
    environments.push(loader, ...named.map((file) => ({ ...loader, VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file })));
  }

  for (const variables of environments) {
    const adapter = await probe({ ...process.env, ...variables });
    if (adapter && !isSoftware(adapter)) return found('hardware', `hardware GPU: ${adapterName(adapter)}`, variables);
  }
  return undefined;
}

function softwareIn(folder: string): GpuEnvironment {
  const variables = {
    ...loaderVariables(folder),
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    VK_DRIVER_FILES: join(folder, 'vk_swiftshader_icd.json'),
  };
  return found('software', 'software GPU: SwiftShader (slow; its timings say nothing about hardware)', variables);
}

function loaderVariables(folder: string): Record<string, string> {
  const inherited = process.env.LD_LIBRARY_PATH;
  return { LD_LIBRARY_PATH: inherited ? `${folder}:${inherited}` : folder };
}

function found(kind: GpuKind, announcement: string, variables: Record<string, string>): GpuEnvironment {
  // Nested commands, the browser helper and turbo's cache key read ISOACT_GPU_KIND.
  return { kind, announcement: `isoact: ${announcement}`, variables: { ...variables, ISOACT_GPU_KIND: kind } };
}
