/** Generated modules, compiled once for each form of a plan, and instantiated once on each memory. */
import { mustBe, type Plan, UnavailableError } from '@isoact/core';
import { CodeGenerationError } from '../code-generation-error.ts';
import { lengthOf, scratchBytes } from './arguments.ts';
import { encodeModule, memoryImport } from './binary/encode.ts';
import { hasRelaxedSimd } from './features.ts';
import { formOf } from './form.ts';
import { type GeneratedWasm, generateWasm, type ParameterBounds, type WasmOptions } from './generate.ts';

/** Where the tensors of one call lie: byte offsets into the memory, each a multiple of 4. */
export interface WasmArguments {
  readonly inputs: Readonly<Record<string, number>>;
  /** The number itself for a parameter with one value, a byte offset for one with an array. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly state?: Readonly<Record<string, number>> | undefined;
  readonly outputs: Readonly<Record<string, number>>;
  readonly scalars: Readonly<Record<string, number>>;
  /** Memory of `scratchBytes`, on a multiple of 16; none is read where that is 0. */
  readonly scratch?: number | undefined;
}

export interface WasmKernel {
  /** Bytes that a call works in beside its tensors. */
  readonly scratchBytes: number;
  /** Intervals that parameters must lie in: some of those that it was compiled for. */
  readonly assumed: ParameterBounds;
  readonly run: (call: WasmArguments) => void;
}

type Exported = (...values: readonly number[]) => void;

interface Compiled extends Pick<GeneratedWasm, 'arguments' | 'assumed'> {
  readonly module: WebAssembly.Module;
}

const compiledForms = new Map<string, Compiled>();
const instances = new WeakMap<WebAssembly.Memory, Map<WebAssembly.Module, Exported>>();

/**
 * The kernel of a plan made for `sequentialTarget`, on a memory of the caller's. Where bounds on parameters are
 * given, it must not be called with others than it says it assumes.
 *
 * @throws CodeGenerationError where a Content-Security-Policy forbids WebAssembly, UnavailableError where the engine
 * has no SIMD.
 */
export function compileWasm(plan: Plan, memory: WebAssembly.Memory, options: WasmOptions = {}): WasmKernel {
  const {
    module,
    arguments: parameters,
    assumed,
  } = compileModule(plan, { relaxed: hasRelaxedSimd(), ...options }, !(memory.buffer instanceof ArrayBuffer));
  const run = instantiate(module, memory, plan.direction);
  let size = 0;
  const readers = parameters.map((argument): Reader => {
    switch (argument.kind) {
      case 'length': {
        const length = lengthOf(argument.axes, plan.layout.shape);
        return () => length;
      }
      case 'scratch': {
        const offset = size;
        size += scratchBytes(argument, plan);
        return ({ scratch = 0 }) => scratch + offset;
      }
      default:
        return readerOf(sources[argument.kind], argument.name);
    }
  });
  const values = readers.map(() => 0);
  return {
    scratchBytes: size,
    assumed,
    run: (call) => {
      for (let index = 0; index < values.length; index++) values[index] = (readers[index] as Reader)(call);
      run(...values);
    },
  };
}

/** What an argument is, from what a call brings. */
type Reader = (call: WasmArguments) => number;

const sources = {
  input: 'inputs',
  output: 'outputs',
  parameter: 'parameters',
  state: 'state',
  scalar: 'scalars',
} as const;

function readerOf(source: (typeof sources)[keyof typeof sources], name: string): Reader {
  return (call) => {
    const value = call[source]?.[name];
    if (value !== undefined) return value;
    throw new TypeError(mustBe(`${source} ${JSON.stringify(name)} of a kernel`, 'given', value));
  };
}

function compileModule(plan: Plan, options: WasmOptions, isShared: boolean): Compiled {
  const form = `${isShared ? 'shared' : ''}${formOf(plan, options)}`;
  let compiled = compiledForms.get(form);
  if (!compiled) {
    const { module, ...rest } = generateWasm(plan, options);
    compiled = { ...rest, module: build(encodeModule(module, isShared)) };
    compiledForms.set(form, compiled);
  }
  return compiled;
}

function build(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) {
    const requirement = 'an engine with WebAssembly and its SIMD instructions';
    const remedy = 'Use generated JavaScript (compileJavaScript of @isoact/codegen) there.';
    throw new UnavailableError(mustBe('the JavaScript engine', requirement, 'one without', remedy));
  }
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    // the bytes are valid, so it is the page that refuses them
    const message = mustBe(
      'WebAssembly',
      'allowed by the Content-Security-Policy',
      "refused without 'wasm-unsafe-eval'",
      "Add 'wasm-unsafe-eval' to script-src, or use the plain JavaScript form: createReferenceBackend of @isoact/core.",
    );
    throw new CodeGenerationError(message, { cause });
  }
}

function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory, name: string): Exported {
  const onMemory = instances.get(memory) ?? new Map<WebAssembly.Module, Exported>();
  instances.set(memory, onMemory);
  let exported = onMemory.get(module);
  if (!exported) {
    const imports = { [memoryImport.module]: { [memoryImport.name]: memory } };
    exported = new WebAssembly.Instance(module, imports).exports[name] as Exported; // the module was made so
    onMemory.set(module, exported);
  }
  return exported;
}
