/** Surgery on model files, in Node. */
export type { Progress } from './files.ts';
export { type FileOptions, inspectModelFile, replaceActivationsInFile } from './replace-in-file.ts';
