/** Which device a provider computes on. ONNX Runtime does not tell, so for a GPU its own library, Dawn, is asked. */
import type { DeviceInfo } from '@isoact/core';
import type { Provider, Runtime } from './runtime.ts';
import type { GpuDevice } from './session.ts';

export async function describeDevice(
  provider: Provider,
  { env }: Runtime,
  gpuDevice: GpuDevice | undefined,
): Promise<DeviceInfo> {
  const version = env.versions.node ?? env.versions.web ?? env.versions.common;
  if (provider !== 'webgpu') {
    const architecture = provider === 'cpu' ? (globalThis.process?.arch ?? '') : provider;
    const vendor = provider === 'cuda' ? 'nvidia' : '';
    return { vendor, architecture, description: `ONNX Runtime ${version}, ${provider}`, software: false };
  }
  const info = (gpuDevice as { adapterInfo?: AdapterInfo } | undefined)?.adapterInfo ?? (await findAdapter())?.info;
  const described = info ? [info.description || info.device, info.vendor, info.architecture].filter(Boolean) : [];
  return {
    vendor: info?.vendor ?? '',
    architecture: info?.architecture ?? '',
    description: [`ONNX Runtime ${version}, webgpu`, ...described].join(', '),
    software:
      (info?.isFallbackAdapter ?? false) ||
      /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${described} ${drivers()}`),
  };
}

/** Whether the GPU computes with float16; undefined where nobody here can tell. */
export async function hasHalf(gpuDevice: GpuDevice | undefined): Promise<boolean | undefined> {
  const owner = (gpuDevice as { features?: ReadonlySet<string> } | undefined) ?? (await findAdapter());
  return owner?.features?.has('shader-f16');
}

/** The part of a GPUAdapterInfo that is read here. */
interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}
interface Adapter {
  readonly features: ReadonlySet<string>;
  readonly info: AdapterInfo;
}
interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
}

/** The browser's adapter, or in Node the one that Dawn finds where the package `webgpu` is installed. */
async function findAdapter(): Promise<Adapter | null> {
  const dawn = 'webgpu'; // no literal, so that bundlers leave it alone
  try {
    const own = (globalThis.navigator as { gpu?: Gpu } | undefined)?.gpu;
    const gpu =
      own ?? ((await import(/* @vite-ignore */ dawn)) as { create(flags: readonly string[]): Gpu }).create([]);
    return await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch {
    return null;
  }
}

/** The Vulkan drivers that the environment names: the only hint where Dawn is not installed. */
function drivers(): string {
  const { VK_ICD_FILENAMES, VK_DRIVER_FILES } = globalThis.process?.env ?? {};
  return `${VK_ICD_FILENAMES ?? ''} ${VK_DRIVER_FILES ?? ''}`;
}
