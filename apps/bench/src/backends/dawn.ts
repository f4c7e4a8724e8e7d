/** WebGPU in Node, by Dawn: one instance for the whole process, as a browser has one. */
import { readdir, readFile } from 'node:fs/promises';
import { type OpenGpu, openGpu } from './gpu.ts';

/** Timestamps as the device gives them: pages must not see them finer than 65 µs, a benchmark may. */
const switches = ['disable-dawn-features=timestamp_quantization'];

/** @throws where there is no adapter, or Dawn cannot be loaded. */
export async function openDawnGpu(): Promise<OpenGpu> {
  const { provideNavigatorGpu } = await import('@isoact-tooling/gpu');
  const dawn = provideNavigatorGpu(switches);
  const opened = await openGpu();
  const model = opened.summary.software ? null : await nvidiaModel();
  return {
    ...opened,
    summary: { ...opened.summary, description: model ?? opened.summary.description },
    close: () => {
      opened.close();
      dawn.release();
    },
  };
}

const driverFolder = '/proc/driver/nvidia/gpus';

/**
 * The name of the one NVIDIA card of this machine, as CUDA calls it too; Vulkan's description is the driver's version.
 * Null where there is none, or more than one.
 */
async function nvidiaModel(): Promise<string | null> {
  try {
    const [only, ...others] = await readdir(driverFolder);
    if (!only || others.length > 0) return null;
    const information = await readFile(`${driverFolder}/${only}/information`, 'utf8');
    return /^Model:\s*(.+)$/m.exec(information)?.[1]?.trim() ?? null;
  } catch {
    return null;
  }
}
