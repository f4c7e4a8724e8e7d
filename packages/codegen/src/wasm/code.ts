/** Compiled code of one direction: chosen by what a call brings, and run on a memory. Whoever has it needs no generator. */
import { memoryImport } from './binary/encode.ts';
import { isWithin } from './bounds.ts';
import type { WasmArguments, WasmCall } from './call.ts';
import type { GeneratedWasm } from './generate.ts';

export interface WasmKernel {
  /** Bytes that a call works in beside its tensors. */
  readonly scratchBytes: number;
  readonly run: (call: WasmArguments) => void;
}

/** A function of a compiled module, and what it is called with for a tensor of one shape. */
export interface WasmCode extends Pick<GeneratedWasm, 'arguments' | 'assumed'>, WasmCall {
  readonly module: WebAssembly.Module;
  /** The name of its function. */
  readonly name: string;
}

/** The code that relies on bounds of parameters, and the one to use for a call, which is that or needs no more scratch memory. */
export interface WasmChoice {
  readonly bounded: WasmCode;
  codeFor(call: Pick<WasmArguments, 'parameters'>): WasmCode;
}

/** The choice between code within bounds and that for any parameters, which is made when a call first needs it. */
export function wasmChoiceOf(
  bounded: WasmCode,
  makeGeneral: (parameters: WasmArguments['parameters']) => WasmCode,
): WasmChoice {
  let general: WasmCode | null = null;
  return {
    bounded,
    codeFor({ parameters }) {
      if (isWithin(bounded.assumed, parameters)) return bounded;
      general ??= makeGeneral(parameters);
      return general;
    },
  };
}

export function wasmKernelOf(choice: WasmChoice, memory: WebAssembly.Memory): WasmKernel {
  let code = choice.bounded;
  let run = instantiateWasm(code, memory);
  return {
    scratchBytes: code.scratchBytes,
    run: (call) => {
      const chosen = choice.codeFor(call);
      if (chosen !== code) {
        code = chosen;
        run = instantiateWasm(code, memory);
      }
      run(...code.values(call));
    },
  };
}

type Exported = (...values: readonly number[]) => void;

const instances = new WeakMap<WebAssembly.Memory, Map<WebAssembly.Module, WebAssembly.Instance>>();

/** A module's function on a memory. A module is instantiated once on each. */
export function instantiateWasm(
  { module, name }: Pick<WasmCode, 'module' | 'name'>,
  memory: WebAssembly.Memory,
): Exported {
  const onMemory = instances.get(memory) ?? new Map<WebAssembly.Module, WebAssembly.Instance>();
  instances.set(memory, onMemory);
  let instance = onMemory.get(module);
  if (!instance) {
    instance = new WebAssembly.Instance(module, { [memoryImport.module]: { [memoryImport.name]: memory } });
    onMemory.set(module, instance);
  }
  return instance.exports[name] as Exported; // the module was made so
}
