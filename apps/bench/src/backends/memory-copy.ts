/** The roof of a CPU: `TypedArray.set`, which is a memcpy. */
import type { Candidate, CopyContender, DeviceSummary } from '../core/candidate.ts';
import { type BenchDtype, elementTypes } from '../core/dtypes.ts';

export const memoryCopy = (device: DeviceSummary): CopyContender => ({
  device,
  open: async (length, dtype) => openCopy(length, dtype),
});

function openCopy(length: number, dtype: BenchDtype): Candidate {
  const { allocate, bytes } = elementTypes[dtype];
  const target = allocate(length);
  let source = allocate(length);
  return {
    door: 'native',
    cost: { bytes: 2 * bytes * length, passes: 1 },
    prepare: async ({ x }) => {
      source = x.slice();
    },
    call: async (count) => {
      for (let k = 0; k < count; k++) target.set(source);
    },
    readOutputs: async () => ({ primary: target, parameters: {} }),
    dispose: async () => {},
  };
}
