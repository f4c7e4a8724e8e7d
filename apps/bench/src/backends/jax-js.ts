/** jax-js, whose compiler fuses what one writes: under its `jit`, on arrays that stay on its device. */
import type { Activation } from '@isoact/core';
import type { Array as JaxArray } from '@jax-js/jax';
import type { BenchCase, Candidate, Contender, DeviceSummary, Found, Missing } from '../core/candidate.ts';
import { type Elements, halfBits } from '../core/dtypes.ts';
import { jaxActivations } from '../peers/jax-js-composed.ts';
import { messageOf } from './failure.ts';

type Jax = typeof import('@jax-js/jax');
type JaxDevice = 'wasm' | 'webgpu';

/** @param gpu the device that WebGPU has here, or null. */
export async function findJaxJs(
  devices: readonly JaxDevice[],
  cpu: DeviceSummary,
  gpu: DeviceSummary | null,
): Promise<Found> {
  const contenders: Contender[] = [];
  const missing: Missing[] = [];
  for (const name of devices) {
    const device = name === 'webgpu' ? gpu : cpu;
    try {
      if (!device) throw new Error('needs a WebGPU adapter (there is none)');
      const jax = await import('@jax-js/jax');
      if (!(await jax.init(name)).includes(name)) throw new Error(`jax-js must start on ${name} (did not)`);
      const errors: string[] = [];
      // Its WebAssembly has none, and it wants JavaScript's own array of it.
      const hasHalf =
        name === 'webgpu' && jax.getWebGPUDevice().features.has('shader-f16') && 'Float16Array' in globalThis;
      if (name === 'webgpu') {
        jax.getWebGPUDevice().addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
      }
      contenders.push({
        subject: `jax-js-${name}`,
        kind: 'peer',
        device,
        grade: 'D',
        dtypes: hasHalf ? ['float32', 'float16'] : ['float32'],
        offers: ({ name }) => name in jaxActivations,
        open: (question) => openJax(jax, name, errors, question),
      });
    } catch (error) {
      missing.push({ subject: `jax-js-${name}`, reason: messageOf(error) });
    }
  }
  return { contenders, copies: [], missing, close: async () => {} };
}

async function openJax(jax: Jax, name: JaxDevice, errors: readonly string[], question: BenchCase): Promise<Candidate> {
  const reportedBefore = errors.length;
  const { numpy, jit, vjp, devicePut } = jax;
  const { activation, direction, shape, dtype } = question;
  const definition = jaxActivations[activation.name];
  if (!definition) throw new Error(`no form of ${activation.name} for jax-js`);
  const composed = (x: JaxArray, ...parameters: JaxArray[]): JaxArray => definition(jax, x, ...parameters);
  const work =
    direction === 'forward'
      ? jit((x: JaxArray, _upstream: JaxArray, ...parameters: JaxArray[]) => {
          _upstream.dispose();
          return [composed(x, ...parameters)];
        })
      : jit((x: JaxArray, upstream: JaxArray, ...parameters: JaxArray[]) => {
          const [y, pullBack] = vjp(composed, [x, ...parameters]);
          y.dispose();
          const gradients = pullBack(upstream) as JaxArray[];
          pullBack.dispose();
          return gradients;
        });
  const enter = async (): Promise<void> => {
    jax.defaultDevice(name);
  };
  await enter();
  const parameters = trainedOf(activation).map((value) => numpy.array(value, { dtype: numpy[dtype] }));
  let inputs: JaxArray[] = [];
  let upstream: JaxArray | undefined;
  let results: JaxArray[][] = [];
  let turn = 0;
  const forget = (): void => {
    for (const each of [...inputs, ...results.flat(), ...(upstream ? [upstream] : [])]) each.dispose();
    [inputs, results, upstream, turn] = [[], [], undefined, 0];
  };
  const place = (values: Elements): Promise<JaxArray> =>
    devicePut(numpy.array(arrayOf(values)).reshape([...shape]), name);
  const last = (): JaxArray[] => results[turn] ?? [];
  return {
    door: 'native',
    cost: { bytes: null, passes: null },
    enter,
    rotates: true,
    prepare: async (given, sets = 1) => {
      forget();
      for (let set = 0; set < sets; set++) inputs.push(await place(given.x));
      upstream = await place(given.upstream);
    },
    call: async (count) => {
      for (let k = 0; k < count; k++) {
        turn = (turn + 1) % inputs.length;
        const x = inputs[turn];
        if (!x || !upstream) throw new Error('A candidate must be prepared before it is called (was not).');
        for (const each of last()) each.dispose();
        results[turn] = work(x.ref, upstream.ref, ...parameters.map((each) => each.ref));
        // Work that is asked for when its array is disposed of is never done: calls without this would seem instant.
        for (const each of last()) await each.blockUntilReady();
      }
    },
    readOutputs: async () => {
      const values: Elements[] = [];
      for (const each of last()) {
        const data = await each.ref.data();
        values.push(dtype === 'float16' ? halfBits(data) : Float32Array.from(data));
      }
      const [primary = [], ...rest] = values;
      const named = activation.trainable.map((parameter, index) => [parameter, rest[index] ?? []] as const);
      return { primary, parameters: direction === 'vjp' ? Object.fromEntries(named) : {} };
    },
    stores: () => last()[0]?.dtype ?? 'nothing',
    errors: () => errors.slice(reportedBefore),
    dispose: async () => {
      forget();
      for (const each of parameters) each.dispose();
      work.dispose();
    },
  };
}

/** What jax-js makes an array of. */
type JaxData = Extract<Parameters<Jax['numpy']['array']>[0], ArrayBufferView>;

/** Copied, for it keeps what it is given. */
function arrayOf(values: Elements): JaxData {
  if (values instanceof Float32Array) return values.slice();
  // newer than the types of the language; found where the backend says that it has float16
  const { Float16Array: Halves } = globalThis as unknown as { Float16Array: new (bits: ArrayBuffer) => JaxData };
  return new Halves(values.slice().buffer);
}

const trainedOf = ({ trainable, parameters }: Activation): number[] => trainable.map((name) => parameters[name] ?? 0);
