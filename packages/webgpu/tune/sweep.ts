/** Cost as work grows, and what a call costs the processor that makes it. */
import { createKernel } from '../src/kernel.ts';
import { type Bench, storageUsage } from './bench.ts';
import type { Case } from './cases.ts';

export interface Sweep {
  readonly name: string;
  /** Microseconds of a call on 2^k elements, by k. */
  readonly micros: Readonly<Record<number, number>>;
  /** Microseconds of the processor to encode and submit one call, by k. */
  readonly encode: Readonly<Record<number, number>>;
  /** Microseconds from the encoding of a call to the end of its work, by k. */
  readonly latency: Readonly<Record<number, number>>;
}

const repeats = 200;

export async function sweep(bench: Bench, { name, activation, direction, spec }: Case): Promise<Sweep> {
  const { device, software, sets, watch } = bench;
  const [micros, encode, latency]: Record<number, number>[] = [{}, {}, {}] as const;
  const small = device.createBuffer({ size: 2 ** 16, usage: storageUsage });
  const held = sets[0]?.x.size ?? 0;
  for (let log = 10; log <= (software ? 11 : 27) && bench.timeLeft(); log++) {
    const bytes = 2 ** log * 4;
    if (bytes > device.limits.maxStorageBufferBindingSize) break;
    const kernel = await createKernel(device, activation, spec(2 ** log), {
      gradients: direction === 'vjp',
      barriers: true,
    });
    const own = () => device.createBuffer({ size: bytes, usage: storageUsage });
    const made = bytes > held ? [{ x: own(), upstream: own(), output: own() }] : [];
    const used = made.length > 0 ? made : sets;
    const call = (target: GPUComputePassEncoder | GPUCommandEncoder, turn: number): void => {
      const set = used[turn % used.length] as (typeof used)[number];
      const view = (buffer: GPUBuffer) => ({ buffer, size: bytes });
      const [x, upstream, output] = [view(set.x), view(set.upstream), view(set.output)];
      const newState = { positive: small, negative: { buffer: small, offset: 256 } };
      const parameterGradients = { lambda: small };
      if (direction === 'forward') kernel.encode(target, { x, y: output, newState });
      else kernel.encodeVjp(target, { x, upstream, gradient: output, parameterGradients });
    };
    const submit = (turn: number): void => {
      const encoder = device.createCommandEncoder();
      call(encoder, turn);
      device.queue.submit([encoder.finish()]);
    };
    const round = (value: number): number => Number(value.toFixed(2));
    micros[log] = round((await watch.time(call, bench.callsFor(2 ** log))).micros);
    if (log === 10 || log === 20) {
      await device.queue.onSubmittedWorkDone();
      const from = performance.now();
      for (let repeat = 0; repeat < repeats; repeat++) submit(repeat);
      encode[log] = round(((performance.now() - from) * 1000) / repeats);
      await device.queue.onSubmittedWorkDone();
      const begun = performance.now();
      for (let repeat = 0; repeat < 20; repeat++) {
        submit(repeat);
        await device.queue.onSubmittedWorkDone();
      }
      latency[log] = round(((performance.now() - begun) * 1000) / 20);
    }
    kernel.dispose();
    for (const set of made) for (const buffer of Object.values(set)) buffer.destroy();
  }
  return { name: `${name} ${direction}`, micros: micros ?? {}, encode: encode ?? {}, latency: latency ?? {} };
}
