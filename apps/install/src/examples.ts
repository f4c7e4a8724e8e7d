/** The projects under `examples/`, and what each must print. */

export interface Example {
  /** Its folder below `examples/`. */
  readonly name: string;
  readonly place: 'Node' | 'browser';
  /** A line of what it prints, or what its page says, when it has done its work. */
  readonly says: RegExp;
}

export const examples: readonly Example[] = [
  { name: 'node-script', place: 'Node', says: /conformance: passed, \d+ cases/ },
  { name: 'webgpu-page', place: 'browser', says: /1048576 elements .* VeLU\(3\) = 3\.1320/ },
  {
    name: 'tfjs-training',
    place: 'Node',
    says: /VeLU: (?:9\d|100)\.\d % of unseen points\s+saved and loaded: answers differ by 0$/m,
  },
  { name: 'onnx-surgery', place: 'Node', says: /replaced 2\s+ReLU +(?:[\d.]+ ?){6}\s+AdaReLU (?:[\d.]+ ?){6}/ },
  {
    name: 'edge-worker',
    place: 'Node',
    says: /VeLU +-1\.0352 -0\.5228 0\.0000 0\.5334 1\.0773\s+VeLU .*\s+400: .* must be 4/,
  },
];
