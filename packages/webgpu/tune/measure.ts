/** Times of dispatches on a device: by GPU timestamps, with the wall clock beside them. */

export interface Timing {
  /** Microseconds of one call: the median over samples, of GPU timestamps where there are any. */
  readonly micros: number;
  /** The same by the wall clock, submission and waiting included. */
  readonly wallMicros: number;
}

/** Adds one call; `turn` counts them. */
type Call = (pass: GPUComputePassEncoder, turn: number) => void;

export interface Stopwatch {
  /** Times `calls` calls in one pass, several times over. */
  time(call: Call, calls: number): Promise<Timing>;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** GPUBufferUsage by value. */
const [queryResolve, copySource, copyTarget, mapRead] = [0x200, 0x4, 0x8, 0x1];

export function createStopwatch(device: GPUDevice, samples: number, warmMillis: number): Stopwatch {
  const querySet = device.features.has('timestamp-query')
    ? device.createQuerySet({ type: 'timestamp', count: 2 })
    : null;
  const resolved = device.createBuffer({ size: 16, usage: queryResolve | copySource });
  const staging = device.createBuffer({ size: 16, usage: copyTarget | mapRead });

  const once = async (call: Call, calls: number): Promise<{ gpu: number; wall: number }> => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass(
      querySet ? { timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 } } : {},
    );
    for (let turn = 0; turn < calls; turn++) call(pass, turn);
    pass.end();
    if (querySet) {
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16);
    }
    const commands = encoder.finish();
    const from = performance.now();
    device.queue.submit([commands]);
    await device.queue.onSubmittedWorkDone();
    const wall = (performance.now() - from) * 1000;
    if (!querySet) return { gpu: wall, wall };
    await staging.mapAsync(1);
    const [begin = 0n, end = 0n] = new BigUint64Array(staging.getMappedRange().slice(0));
    staging.unmap();
    const gpu = Number(end - begin) / 1000;
    return { gpu: gpu > 0 ? gpu : wall, wall };
  };

  return {
    async time(call, calls) {
      // clocks fall while nothing runs
      const warm = performance.now() + warmMillis;
      do await once(call, calls);
      while (performance.now() < warm);
      const taken: { gpu: number; wall: number }[] = [];
      for (let sample = 0; sample < samples; sample++) taken.push(await once(call, calls));
      return {
        micros: median(taken.map(({ gpu }) => gpu)) / calls,
        wallMicros: median(taken.map(({ wall }) => wall)) / calls,
      };
    },
  };
}
