/** The GPU and the browser that tests and apps run on, from npm alone where the machine has none. */
export { type AdapterDescription, adapterName, isSoftware } from './adapter.ts';
export { findGpu, type GpuChoice, type GpuEnvironment, type GpuKind } from './environment.ts';
