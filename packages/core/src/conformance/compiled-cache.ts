/** Compiled activations, kept between cases: many cases share a shape, and compiling can take longer than calling. */
import type { ActivationBackend, CompiledActivation, TensorSpec } from '../adapter.ts';
import type { Activation } from '../definition.ts';

export interface CompiledCache {
  get(activation: Activation, spec: TensorSpec): Promise<CompiledActivation>;
  /** Disposes of all of them; gives back what was thrown. */
  dispose(): string[];
}

/** The least recently used beyond the capacity is disposed of. */
export function createCompiledCache(backend: ActivationBackend, capacity = 16): CompiledCache {
  const entries = new Map<string, CompiledActivation>();
  const faults: string[] = [];
  const drop = (key: string): void => {
    const compiled = entries.get(key);
    entries.delete(key);
    try {
      compiled?.dispose();
    } catch (error) {
      faults.push(`dispose: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    get: async (activation, spec) => {
      const { name, parameters, options, forward } = activation;
      // two definitions may share a name
      const key = JSON.stringify([forward.y.map(({ id }) => id), name, parameters, options, spec]);
      const known = entries.get(key);
      const compiled = known ?? (await backend.compile(activation, spec));
      entries.delete(key);
      entries.set(key, compiled);
      const [oldest] = entries.keys();
      if (entries.size > capacity && oldest !== undefined) drop(oldest);
      return compiled;
    },
    dispose: () => {
      for (const key of [...entries.keys()]) drop(key);
      return faults.splice(0);
    },
  };
}
