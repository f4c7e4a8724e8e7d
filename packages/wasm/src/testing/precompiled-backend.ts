import type { Activation, ActivationBackend, Shape, TensorSpec } from '@isoact/core';
import { type PrecompileOptions, precompile } from '@isoact/wasm/precompile';
import { Arena } from '../arena.ts';
import { backendOn } from '../backend.ts';
import { openKernel } from '../kernel.ts';
import { openModule } from '../precompiled/module.ts';

/**
 * The adapter contract over precompiled modules, for activations of the catalogue. One module serves all lengths, those of
 * 1 as well.
 */
export function precompiledBackend(options?: PrecompileOptions): ActivationBackend {
  const modules = new Map<string, WebAssembly.Module>();
  const moduleOf = (activation: Activation, example: TensorSpec): WebAssembly.Module => {
    const key = JSON.stringify([activation.name, activation.options, activation.parameters, example]);
    const module = modules.get(key) ?? new WebAssembly.Module(precompile(activation, example, options));
    modules.set(key, module);
    return module;
  };
  return backendOn(new Arena(), 'precompiled', {
    open: (arena, given, spec) => {
      const opened = openModule(moduleOf(given, { ...spec, ...exampleOf(spec) }), spec.shape);
      return openKernel(arena, opened.activation, opened.spec, opened.source);
    },
  });
}

/** Lengths of which none is 1, except in the shape of a parameter. */
function exampleOf({ shape, parameterShapes = {} }: TensorSpec): Pick<TensorSpec, 'shape' | 'parameterShapes'> {
  const own = ([name, lengths]: readonly [string, Shape]) => [name, lengths.map((length) => (length === 1 ? 1 : 5))];
  return { shape: shape.map(() => 5), parameterShapes: Object.fromEntries(Object.entries(parameterShapes).map(own)) };
}
