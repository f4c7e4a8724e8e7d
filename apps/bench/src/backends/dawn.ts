/** WebGPU in Node, by Dawn: one instance for the whole process, as a browser has one. */
import { type OpenGpu, openGpu } from './gpu.ts';

/** @throws where there is no adapter, or Dawn cannot be loaded. */
export async function openDawnGpu(): Promise<OpenGpu> {
  const { provideNavigatorGpu } = await import('@isoact-tooling/gpu');
  const dawn = provideNavigatorGpu();
  const opened = await openGpu();
  return {
    ...opened,
    close: () => {
      opened.close();
      dawn.release();
    },
  };
}
