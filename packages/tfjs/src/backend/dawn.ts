/** WebGPU for tfjs in Node: Dawn, from the optional package "webgpu". */
import { mustBe, UnavailableError } from '@isoact/core';

interface Dawn {
  readonly globals: Record<string, unknown>;
  readonly create: (flags: string[]) => unknown;
}

/**
 * Where there is no `navigator.gpu`, as in Node, puts Dawn's there, with the globals that tfjs reads (GPUBuffer,
 * GPUBufferUsage, …).
 */
export async function provideNavigatorGpu(): Promise<void> {
  const scope: { navigator?: { gpu?: unknown } } & Record<string, unknown> = globalThis as never;
  if (scope.navigator?.gpu) return;
  const isNode = (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !== undefined;
  if (!isNode) {
    const remedy = 'Use a browser with WebGPU, over https or on localhost.';
    throw new UnavailableError(mustBe('navigator.gpu', 'there', undefined, remedy));
  }
  const dawn = await loadDawn();
  Object.assign(globalThis, dawn.globals);
  if (!scope.navigator)
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  Object.defineProperty(scope.navigator, 'gpu', { value: dawn.create([]), configurable: true });
}

async function loadDawn(): Promise<Dawn> {
  const specifier = 'webgpu'; // not a literal: bundlers for browsers must not look for it
  try {
    return (await import(specifier)) as Dawn;
  } catch (cause) {
    const message = mustBe('WebGPU in Node', 'available', 'not installed', 'Install it: npm install webgpu@0.6');
    throw new UnavailableError(message, { cause });
  }
}
