/** WebAssembly with 128-bit SIMD: a plan as a module whose one import is a memory. */
export { lengthOf, type WasmArgument } from './arguments.ts';
export { encodeModule, memoryImport } from './binary/encode.ts';
export type { WasmModule } from './binary/instruction.ts';
export { printModule } from './binary/print.ts';
export { rangeClasses } from './bounds.ts';
export { callOf, type WasmArguments, type WasmCall } from './call.ts';
export { choiceOf, instantiate, kernelOf, type WasmChoice, type WasmCode, type WasmKernel } from './code.ts';
export { chooseWasmCode, compileWasm } from './compile.ts';
export { type CountingKernel, compileCountingWasm } from './counting.ts';
export { hasRelaxedSimd } from './features.ts';
export * from './generate.ts';
