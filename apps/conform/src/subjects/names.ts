/** Every subject by name, without loading any. */
import { onnxBuiltins } from '../builtins/onnx-names.ts';
import { tfjsBuiltins } from '../builtins/tfjs-names.ts';
import { builtinSubject, fits, type GroupName, type Host } from './subject.ts';

const ours = (host: Host, names: readonly string[]): GroupName[] =>
  names.map((name) => ({ name: host === 'browser' ? `browser:${name}` : name, host, builtins: null }));
const builtins = (host: Host, name: string, activations: readonly string[]): GroupName => ({
  name: `builtin:${name}`,
  host,
  builtins: activations,
});

export const groupNames: readonly GroupName[] = [
  ...ours('node', [
    'reference',
    'webgpu',
    'wasm',
    'tfjs-cpu',
    'tfjs-wasm',
    'tfjs-webgpu',
    'onnxruntime-cpu',
    'onnxruntime-wasm',
    'onnxruntime-webgpu',
    'onnxruntime-cuda',
  ]),
  ...ours('browser', [
    'webgpu',
    'wasm',
    'tfjs-wasm',
    'tfjs-webgl',
    'tfjs-webgpu',
    'onnxruntime-wasm',
    'onnxruntime-webgpu',
  ]),
  builtins('node', 'tfjs-cpu', tfjsBuiltins),
  builtins('node', 'tfjs-wasm', tfjsBuiltins),
  builtins('browser', 'tfjs-webgl', tfjsBuiltins),
  builtins('node', 'tfjs-webgpu', tfjsBuiltins),
  builtins('node', 'onnxruntime-cpu', onnxBuiltins),
  builtins('node', 'onnxruntime-wasm', onnxBuiltins),
  builtins('node', 'onnxruntime-webgpu', onnxBuiltins),
];

/** One subject of a run: a whole backend, or one function of a framework. */
export interface SubjectName {
  readonly subject: string;
  readonly group: GroupName;
  /** The one activation of a framework's function. */
  readonly activation: string | null;
}

const subjects: readonly SubjectName[] = groupNames.flatMap((group): SubjectName[] =>
  group.builtins === null
    ? [{ subject: group.name, group, activation: null }]
    : group.builtins.map((activation) => ({ subject: builtinSubject(group.name, activation), group, activation })),
);

/** The subjects that a pattern names; all of them unless any is given. @throws RangeError for a pattern that names none. */
export function selectSubjects(patterns: readonly string[]): readonly SubjectName[] {
  if (patterns.length === 0) return subjects;
  const found = subjects.filter(({ subject }) => patterns.some((pattern) => fits(pattern, subject)));
  for (const pattern of patterns) {
    if (found.some(({ subject }) => fits(pattern, subject))) continue;
    const names = groupNames.map(({ name, builtins: functions }) => (functions ? `${name}:*` : name));
    throw new RangeError(`--backend must be one of ${names.join(', ')} (was ${JSON.stringify(pattern)}).`);
  }
  return found;
}
