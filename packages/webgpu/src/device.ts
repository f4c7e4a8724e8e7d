/** A WebGPU device: the browser's, or Dawn's in Node. */
import { type DeviceInfo, mustBe, UnavailableError } from '@isoact/core';

export interface OwnedDevice {
  readonly device: GPUDevice;
  /** Destroys the device. */
  release(): void;
}

/** Limits that bound the tensors and kernels of this package: a device gets all that its adapter has. */
export const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

const wantedFeatures: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/**
 * What to ask of an adapter, for a device that holds the largest tensors and has all that kernels use where it is there.
 *
 * @example
 * ```ts
 * const device = await adapter.requestDevice(deviceDescriptor(adapter));
 * ```
 */
export const deviceDescriptor = (adapter: GPUAdapter): GPUDeviceDescriptor => ({
  requiredFeatures: wantedFeatures.filter((name) => adapter.features.has(name)),
  requiredLimits: Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]])),
});

const remedy =
  'In Node install the package "webgpu"; a browser needs WebGPU enabled; either needs a GPU driver, or a software one.';

/** @throws UnavailableError where there is no GPU. */
export async function requestDevice(): Promise<OwnedDevice> {
  const gpu = await findGpu();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new UnavailableError(mustBe('a WebGPU adapter', 'there', 'none', remedy));
  const device = await adapter.requestDevice(deviceDescriptor(adapter));
  return { device, release: () => device.destroy() };
}

/**
 * Dawn's instance, made once and never let go: the process aborts when it is collected before the last of its devices
 * (webgpu 0.6.2, "std::system_error: Invalid argument"). By itself it does not keep Node alive.
 */
let dawn: GPU | undefined;
const dawnPackage = 'webgpu';

async function findGpu(): Promise<GPU> {
  const { navigator } = globalThis as { navigator?: { gpu?: GPU } };
  if (navigator?.gpu) return navigator.gpu;
  if (dawn) return dawn;
  try {
    // by a variable, so that bundlers for browsers leave it out
    const { create }: typeof import('webgpu') = await import(/* webpackIgnore: true */ /* @vite-ignore */ dawnPackage);
    dawn = create([]);
    return dawn;
  } catch (cause) {
    throw new UnavailableError(mustBe('WebGPU', 'there', 'neither navigator.gpu nor the package "webgpu"', remedy), {
      cause,
    });
  }
}

/** Names of drivers that compute on the CPU; not all of them say so themselves. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bcpu\b/i;

/** What the device says of itself. */
export function describeDevice(device: GPUDevice): DeviceInfo {
  // a caller's device may come from an implementation that does not tell yet
  const info: Partial<GPUAdapterInfo> = device.adapterInfo ?? {};
  const { vendor = '', architecture = '', device: name = '', description = '', isFallbackAdapter } = info;
  return {
    vendor,
    architecture,
    description: description || name || `${vendor} ${architecture}`,
    software: Boolean(isFallbackAdapter) || softwareNames.test(`${architecture} ${name} ${description}`),
  };
}

/** Invocations per subgroup, where kernels may count on it: the device offers subgroups, and all of one size. Else 0. */
export function subgroupSize(device: GPUDevice): number {
  const { subgroupMinSize, subgroupMaxSize }: Partial<GPUAdapterInfo> = device.adapterInfo ?? {};
  if (!device.features.has('subgroups') || !subgroupMinSize || subgroupMinSize !== subgroupMaxSize) return 0;
  return subgroupMinSize;
}
