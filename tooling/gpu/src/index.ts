/** The GPU that tests and apps run on, from npm alone where the machine has none. */
export { type AdapterDescription, adapterName, isSoftware } from './adapter.ts';
export { type Dawn, openDawn, provideGpuConstants, provideNavigatorGpu } from './dawn.ts';
export { type GpuKind, gpuKind } from './environment.ts';
