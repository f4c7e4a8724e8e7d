/** Generated modules, compiled once for each form of a plan. */
import { mustBe, type Plan, refuse, UnavailableError } from '@isoact/core';
import { CodeGenerationError } from '../code-generation-error.ts';
import { encodeModule } from './binary/encode.ts';
import { wasmCallOf } from './call.ts';
import { type WasmChoice, type WasmCode, type WasmKernel, wasmChoiceOf, wasmKernelOf } from './code.ts';
import { hasRelaxedSimd } from './features.ts';
import { formOf } from './form.ts';
import { type GeneratedWasm, generalWasmOptions, generateWasm, type WasmOptions } from './generate.ts';

interface Compiled extends Pick<GeneratedWasm, 'arguments' | 'assumed'> {
  readonly module: WebAssembly.Module;
}

const compiledForms = new Map<string, Compiled>();

/**
 * The kernel of a plan made for `sequentialTarget`, on a memory of the caller's. Bounds on parameters (see
 * `rangeClasses`) may make it faster; a call with others is right too, and compiles a form that does without them.
 *
 * @throws CodeGenerationError where a Content-Security-Policy forbids WebAssembly, UnavailableError where the engine
 * has no SIMD.
 */
export function compileWasm(plan: Plan, memory: WebAssembly.Memory, options: WasmOptions = {}): WasmKernel {
  return wasmKernelOf(chooseWasmCode(plan, !(memory.buffer instanceof ArrayBuffer), options), memory);
}

/** Compiles as `compileWasm` does, for memories of one kind, without an instance. */
export const chooseWasmCode = (plan: Plan, isShared: boolean, options: WasmOptions = {}): WasmChoice =>
  wasmChoiceOf(codeOf(plan, options, isShared), () => codeOf(plan, { ...options, ...generalWasmOptions }, isShared));

function codeOf(plan: Plan, given: WasmOptions, isShared: boolean): WasmCode {
  const options = { relaxed: hasRelaxedSimd(), ...given };
  const form = isShared + formOf(plan, options);
  let compiled = compiledForms.get(form);
  if (!compiled) {
    const { module, ...rest } = generateWasm(plan, options);
    compiled = { ...rest, module: build(encodeModule(module, isShared)) };
    compiledForms.set(form, compiled);
  }
  return { ...compiled, name: plan.direction, ...wasmCallOf(compiled.arguments, plan.layout.shape) };
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
      `Add 'wasm-unsafe-eval' to script-src, or use ${plainForm}; edge runtimes take modules of @isoact/wasm/precompile.`,
    );
    throw new CodeGenerationError(message, { cause });
  }
}
