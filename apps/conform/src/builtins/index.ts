/** Frameworks' own functions as subjects, for a page that checks them beside ours. */
export { runActivation } from '../sessions/run-group.ts';
export type { LoadedGroup } from '../subjects/subject.ts';
export { loadOnnxBuiltins } from './onnx.ts';
export { onnxBuiltins } from './onnx-names.ts';
export { loadTfjsBuiltins } from './tfjs.ts';
export { tfjsBuiltins } from './tfjs-names.ts';
