/** WebAssembly with 128-bit SIMD: a plan as a module whose one import is a memory. */
export { lengthOf, type WasmArgument } from './arguments.ts';
export { withCustomSection } from './binary/custom-section.ts';
export { encodeModule, memoryImport } from './binary/encode.ts';
export type { WasmModule } from './binary/instruction.ts';
export { printModule } from './binary/print.ts';
export { rangeClasses } from './bounds.ts';
export { type WasmArguments, type WasmCall, wasmCallOf } from './call.ts';
export {
  instantiateWasm,
  type WasmChoice,
  type WasmCode,
  type WasmKernel,
  wasmChoiceOf,
  wasmKernelOf,
} from './code.ts';
export { chooseWasmCode, compileWasm } from './compile.ts';
export { type CountingKernel, compileCountingWasm } from './counting.ts';
export { hasRelaxedSimd } from './features.ts';
export * from './generate.ts';
