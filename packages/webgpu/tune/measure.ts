/** Times of dispatches on a device: by GPU timestamps, with the wall clock beside them. */

interface Timing {
  /** Microseconds of one call: the median over samples, of GPU timestamps where there are any. */
  readonly micros: number;
  /** The same by the wall clock, submission and waiting included. */
  readonly wallMicros: number;
}

type Call = (pass: GPUComputePassEncoder, turn: number) => void;

export interface Stopwatch {
  readonly hasTimestamps: boolean;
  /** Times `calls` calls in one pass, several times over. */
  time(call: Call, calls: number, samples?: number): Promise<Timing>;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

export function createStopwatch(device: GPUDevice, usualSamples = 5): Stopwatch {
  const hasTimestamps = device.features.has('timestamp-query');
  const querySet = hasTimestamps ? device.createQuerySet({ type: 'timestamp', count: 2 }) : null;
  const resolved = device.createBuffer({ size: 16, usage: 0x200 | 0x4 }); // QUERY_RESOLVE | COPY_SRC
  const read = device.createBuffer({ size: 16, usage: 0x8 | 0x1 }); // COPY_DST | MAP_READ
  const once = async (call: Call, calls: number): Promise<{ gpu: number; wall: number }> => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass(
      querySet ? { timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 } } : {},
    );
    for (let turn = 0; turn < calls; turn++) call(pass, turn);
    pass.end();
    if (querySet) {
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, read, 0, 16);
    }
    const commands = encoder.finish();
    const from = performance.now();
    device.queue.submit([commands]);
    await device.queue.onSubmittedWorkDone();
    const wall = (performance.now() - from) * 1000;
    if (!querySet) return { gpu: wall, wall };
    await read.mapAsync(1);
    const [begin = 0n, end = 0n] = new BigUint64Array(read.getMappedRange().slice(0));
    read.unmap();
    const gpu = Number(end - begin) / 1000;
    return { gpu: gpu > 0 ? gpu : wall, wall };
  };
  return {
    hasTimestamps,
    async time(call, calls, samples = usualSamples) {
      await once(call, Math.min(calls, 2));
      const taken: { gpu: number; wall: number }[] = [];
      for (let sample = 0; sample < samples; sample++) taken.push(await once(call, calls));
      return {
        micros: median(taken.map(({ gpu }) => gpu)) / calls,
        wallMicros: median(taken.map(({ wall }) => wall)) / calls,
      };
    },
  };
}
