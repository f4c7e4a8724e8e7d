/** The device's own clock: timestamps before and after a compute pass, and how fine their steps are. */

/** Encodes work into a pass that lies between two timestamps. */
type Encode = (pass: GPUComputePassEncoder) => void;

export interface GpuTimestamps {
  /** The largest step that divides all differences seen: 65 536 ns where a browser rounds them. */
  readonly quantumNs: number;
  /** Nanoseconds; zero or negative where the driver says so. Resolves when the work is done. */
  time(encode: Encode): Promise<number>;
}

const probes = 24;

/** Null where the device was opened without timestamp queries, or its timestamps stand still. */
export async function openTimestamps(device: GPUDevice): Promise<GpuTimestamps | null> {
  if (!device.features.has('timestamp-query')) return null;
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
  const resolved = device.createBuffer({ size: 16, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  const readable = device.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });

  const stamp = async (encode: Encode): Promise<[bigint, bigint]> => {
    const encoder = device.createCommandEncoder();
    const timestampWrites = { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
    const pass = encoder.beginComputePass({ timestampWrites });
    encode(pass);
    pass.end();
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, 16);
    device.queue.submit([encoder.finish()]);
    await readable.mapAsync(GPUMapMode.READ);
    const [start = 0n, end = 0n] = new BigUint64Array(readable.getMappedRange().slice(0));
    readable.unmap();
    return [start, end];
  };

  const seen: bigint[] = [];
  for (let probe = 0; probe < probes; probe++) seen.push(...(await stamp(() => {})));
  const quantum = commonStep(seen);
  if (quantum === 0n) return null;
  return {
    quantumNs: Number(quantum),
    time: async (encode) => {
      const [start, end] = await stamp(encode);
      return Number(BigInt.asIntN(64, end - start));
    },
  };
}

/** The greatest common divisor of all differences; 0 where all are equal. */
export function commonStep(stamps: readonly bigint[]): bigint {
  const [first = 0n] = stamps;
  return stamps.reduce((step, stamp) => greatestCommonDivisor(step, stamp - first), 0n);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (smaller > 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
