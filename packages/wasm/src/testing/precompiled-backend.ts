import type { ActivationBackend, Shape, TensorSpec } from '@isoact/core';
import { precompile } from '@isoact/wasm/precompile';
import { Arena } from '../arena.ts';
import { backendOn } from '../backend.ts';
import { openKernel } from '../kernel.ts';
import { openModule } from '../precompiled/module.ts';

/**
 * The adapter contract over precompiled modules. Each is compiled for an example with other lengths than it runs with,
 * none of them 1.
 */
export const precompiledBackend = (): ActivationBackend =>
  backendOn(new Arena(), 'precompiled', {
    open: (arena, activation, spec) => {
      const bytes = precompile(activation, exampleOf(spec));
      const opened = openModule(new WebAssembly.Module(bytes), spec.shape);
      return openKernel(arena, opened.activation, opened.spec, opened.source);
    },
  });

function exampleOf(spec: TensorSpec): TensorSpec {
  const longer = (length: number): number => (length === 1 ? 2 : length + 3);
  const own = (shape: Shape): Shape => shape.map((length) => (length === 1 ? 1 : longer(length)));
  const parameterShapes = Object.entries(spec.parameterShapes ?? {}).map(([name, shape]) => [name, own(shape)]);
  return { ...spec, shape: spec.shape.map(longer), parameterShapes: Object.fromEntries(parameterShapes) };
}
