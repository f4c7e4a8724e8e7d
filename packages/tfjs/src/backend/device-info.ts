/** What a backend of tfjs runs on, as far as it can be known. */
import type { DeviceInfo } from '@isoact/core';
import { engine } from '@tensorflow/tfjs-core';
import type { BackendName } from './peers.ts';

const softwareNames = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

export function deviceInfo(name: BackendName): DeviceInfo {
  const backend: unknown = engine().findBackend(name);
  switch (name) {
    case 'cpu':
      return processor('javascript', 'tfjs cpu: one thread of JavaScript');
    case 'wasm':
      return processor('wasm', 'tfjs wasm: one thread over its heap');
    case 'webgl':
      return webglInfo(backend as { readonly gpgpu: { readonly gl: WebGL2RenderingContext } });
    case 'webgpu':
      return webgpuInfo((backend as { readonly device: GPUDevice }).device);
  }
}

/** A processor that poses as nothing else is not software standing in for a device. */
const processor = (architecture: string, description: string): DeviceInfo => ({
  vendor: '',
  architecture,
  description,
  software: false,
});

function webglInfo({ gpgpu: { gl } }: { readonly gpgpu: { readonly gl: WebGL2RenderingContext } }): DeviceInfo {
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  const description = String(gl.getParameter(unmasked?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  const vendor = String(gl.getParameter(unmasked?.UNMASKED_VENDOR_WEBGL ?? gl.VENDOR));
  return { vendor, architecture: 'webgl2', description, software: softwareNames.test(description) };
}

function webgpuInfo(gpu: GPUDevice): DeviceInfo {
  const { vendor, architecture, description, device } = gpu.adapterInfo;
  const text = description || device || `${vendor} ${architecture}`;
  return { vendor, architecture, description: text, software: isSoftware(gpu) };
}

/** Whether a GPU's work is done by a processor. Not every such driver calls itself a fallback. */
export function isSoftware({ adapterInfo }: GPUDevice): boolean {
  const { architecture, description, device, isFallbackAdapter } = adapterInfo;
  return isFallbackAdapter || softwareNames.test(`${architecture} ${device} ${description}`);
}
