/** Generated modules, compiled once for each form of a plan, and instantiated once on each memory. */
import { mustBe, type Plan, refuse, UnavailableError } from '@isoact/core';
import { CodeGenerationError } from '../code-generation-error.ts';
import { encodeModule, memoryImport } from './binary/encode.ts';
import { isWithin } from './bounds.ts';
import { callOf, type WasmArguments, type WasmCall } from './call.ts';
import { hasRelaxedSimd } from './features.ts';
import { formOf } from './form.ts';
import { type GeneratedWasm, generateWasm, type WasmOptions } from './generate.ts';

export interface WasmKernel {
  /** Bytes that a call works in beside its tensors. */
  readonly scratchBytes: number;
  readonly run: (call: WasmArguments) => void;
}

/** A compiled module, and what it is called with for a tensor of one shape. */
export interface WasmCode extends Compiled, WasmCall {
  /** The name of its function. */
  readonly name: string;
}

type Exported = (...values: readonly number[]) => void;

interface Compiled extends Pick<GeneratedWasm, 'arguments' | 'assumed'> {
  readonly module: WebAssembly.Module;
}

const compiledForms = new Map<string, Compiled>();
const instances = new WeakMap<WebAssembly.Memory, Map<WebAssembly.Module, Exported>>();

/**
 * The kernel of a plan made for `sequentialTarget`, on a memory of the caller's. Bounds on parameters (see
 * `rangeClasses`) may make it faster; a call with others is right too, and compiles a form that does without them.
 *
 * @throws CodeGenerationError where a Content-Security-Policy forbids WebAssembly, UnavailableError where the engine
 * has no SIMD.
 */
export function compileWasm(plan: Plan, memory: WebAssembly.Memory, options: WasmOptions = {}): WasmKernel {
  const choice = chooseWasmCode(plan, !(memory.buffer instanceof ArrayBuffer), options);
  let code = choice.bounded;
  let run = instantiate(code, memory);
  return {
    scratchBytes: code.scratchBytes,
    run: (call) => {
      const chosen = choice.codeFor(call);
      if (chosen !== code) {
        code = chosen;
        run = instantiate(code, memory);
      }
      run(...code.values(call));
    },
  };
}

/** The code that relies on bounds of parameters, and the one to use for a call, which is that or needs no more scratch memory. */
export interface WasmChoice {
  readonly bounded: WasmCode;
  codeFor(call: Pick<WasmArguments, 'parameters'>): WasmCode;
}

/** Compiles as `compileWasm` does, for memories of one kind, without an instance. */
export function chooseWasmCode(plan: Plan, isShared: boolean, options: WasmOptions = {}): WasmChoice {
  const bounded = codeOf(plan, options, isShared);
  let general: WasmCode | null = null;
  return {
    bounded,
    codeFor({ parameters }) {
      if (isWithin(bounded.assumed, parameters)) return bounded;
      general ??= codeOf(plan, { ...options, bounds: {}, keeps: false }, isShared);
      return general;
    },
  };
}

function codeOf(plan: Plan, given: WasmOptions, isShared: boolean): WasmCode {
  const options = { relaxed: hasRelaxedSimd(), ...given };
  const form = isShared + formOf(plan, options);
  let compiled = compiledForms.get(form);
  if (!compiled) {
    const { module, ...rest } = generateWasm(plan, options);
    compiled = { ...rest, module: build(encodeModule(module, isShared)) };
    compiledForms.set(form, compiled);
  }
  return { ...compiled, name: plan.direction, ...callOf(compiled.arguments, plan) };
}

/** What needs neither WebAssembly nor a permission. */
const plainForm = 'the plain JavaScript form, createReferenceBackend of @isoact/core';

export function build(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) {
    const remedy = `Use ${plainForm} there.`;
    refuse(UnavailableError, 'the JavaScript engine', 'one with WebAssembly and its SIMD', 'one without', remedy);
  }
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    // the bytes are valid, so it is the page that refuses them
    const message = mustBe(
      'WebAssembly',
      'allowed by the Content-Security-Policy',
      "refused without 'wasm-unsafe-eval'",
      `Add 'wasm-unsafe-eval' to script-src, or use ${plainForm}.`,
    );
    throw new CodeGenerationError(message, { cause });
  }
}

function instantiate({ module, name }: Pick<WasmCode, 'module' | 'name'>, memory: WebAssembly.Memory): Exported {
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
