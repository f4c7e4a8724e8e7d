/** Contenders with a known fault or a known speed. */
import { type ActivationBackend, createReferenceBackend, type Data } from '@isoact/core';
import { openHostDoor } from '../backends/host-door.ts';
import type { Candidate, CaseOutputs, Contender, CopyContender, DeviceSummary } from '../core/candidate.ts';
import { type BenchDtype, benchDtypes, elementTypes } from '../core/dtypes.ts';
import type { FakeClock } from './fake-clock.ts';

export const testDevice: DeviceSummary = { kind: 'cpu', description: 'test processor', software: false };

export interface Planted {
  readonly subject: string;
  /** Milliseconds of one call, drawn at every call. */
  readonly callMs: () => number;
  readonly clock: FakeClock;
  readonly kind?: Contender['kind'];
  readonly device?: DeviceSummary;
  /** What it makes of right outputs, at the n-th call. */
  readonly spoil?: (outputs: CaseOutputs, call: number) => CaseOutputs;
  readonly errors?: () => readonly string[];
  readonly ranOn?: () => DeviceSummary['kind'];
  readonly stores?: () => string;
  readonly dtypes?: Contender['dtypes'];
  /** What it says that a call moves. */
  readonly bytes?: number;
  /** What its device's clock says of so many calls. */
  readonly stamps?: Candidate['stamps'];
  /** Told how many sets of buffers it was given, where it rotates. */
  readonly onSets?: (sets: number) => void;
}

/** A contender that computes like the reference and takes as long as it is told. */
export function planted({
  subject,
  callMs,
  clock,
  kind = 'ours',
  device = testDevice,
  spoil,
  errors,
  ranOn,
  stores,
  dtypes = benchDtypes,
  bytes = 1000,
  stamps,
  onSets,
}: Planted): Contender {
  return {
    subject,
    kind,
    device,
    grade: kind === 'peer' ? 'D' : 'B',
    dtypes,
    ...(kind === 'ours' && { claims: createReferenceBackend().supports }),
    offers: () => true,
    open: async (question) => {
      const backend = question.dtype === 'float16' ? halfReference() : createReferenceBackend();
      const candidate = await openHostDoor(backend, question, { bytes, passes: 1 });
      let calls = 0;
      // One real call per batch: the rest would only repeat it.
      const call: Candidate['call'] = async (count) => {
        await candidate.call(1);
        calls += count;
        for (let k = 0; k < count; k++) clock.advance(callMs());
      };
      const readOutputs = async () => {
        const outputs = await candidate.readOutputs();
        return spoil ? spoil(outputs, calls) : outputs;
      };
      const prepare: Candidate['prepare'] = async (inputs, sets = 1) => {
        onSets?.(sets);
        await candidate.prepare(inputs);
      };
      return {
        ...candidate,
        ...(onSets && { prepare, rotates: true }),
        call,
        readOutputs,
        ...(errors && { errors }),
        ...(ranOn && { ranOn }),
        ...(stores && { stores }),
        ...(stamps && { stamps }),
      };
    },
  };
}

/** The reference on float16: its elements as numbers, its answers rounded. */
function halfReference(): ActivationBackend {
  const reference = createReferenceBackend();
  const { fromNumbers, toNumbers } = elementTypes.float16;
  const widened = (data: Data) => Float32Array.from(toNumbers(data));
  return {
    ...reference,
    compile: async (activation, spec) => {
      const compiled = await reference.compile(activation, { ...spec, dtype: 'float32' });
      return {
        ...compiled,
        forward: async ({ x }) => ({ y: fromNumbers((await compiled.forward({ x: widened(x) })).y) }),
        vjp: async ({ x, upstream }) => {
          const gradients = await compiled.vjp({ x: widened(x), upstream: { y: widened(upstream.y) } });
          return { ...gradients, x: fromNumbers(gradients.x) };
        },
      };
    },
  };
}

/** A copy that always takes as long. */
export const plantedCopy = (clock: FakeClock, callMs: (dtype: BenchDtype) => number = () => 0.1): CopyContender => ({
  device: testDevice,
  open: async (_, dtype) => ({
    door: 'native',
    cost: { bytes: 1, passes: 1 },
    rotates: true,
    prepare: async () => {},
    call: async (count) => {
      for (let k = 0; k < count; k++) clock.advance(callMs(dtype));
    },
    readOutputs: async () => ({ primary: [], parameters: {} }),
    dispose: async () => {},
  }),
});
