/** What the tests in a browser ask of a page: the suite over a backend of tfjs, and whether a gradient trains. */
import { softsign } from '@isoact/core';
import { type ConformanceOptions, runConformance } from '@isoact/core/conformance';
import * as tf from '@tensorflow/tfjs';
import { type BackendName, createBackend, velu } from '../index.ts';

export { trainingMemory } from './training-memory.ts';

tf.env().set('PROD', true); // no advertisements

export interface PageRequest extends Pick<ConformanceOptions, 'groups'> {
  readonly backend: BackendName;
  readonly activations: readonly string[];
}

export interface PageReport {
  readonly device: string;
  readonly values: number;
  readonly verdicts: readonly string[];
  readonly failures: readonly string[];
}

export async function conform({ backend, ...options }: PageRequest): Promise<PageReport> {
  const subject = await createBackend({ backend });
  const report = await runConformance(subject, { ...options, quick: true });
  return {
    device: subject.device.description,
    values: report.totals.values,
    verdicts: report.verdicts,
    failures: report.failures.map(({ id, faults }) => `${id}: ${faults.join('; ')}`),
  };
}

/** How many of our programs tfjs's webgl backend comes to hold by an activation of tensors of these shapes and its gradient. */
export async function webglPrograms(shapes: readonly number[][]): Promise<number> {
  const backend = await createBackend({ backend: 'webgl' });
  const { binaryCache } = tf.engine().findBackend('webgl') as unknown as { readonly binaryCache: object };
  const programs = (): number => Object.keys(binaryCache).filter((key) => key.includes('valueAt')).length;
  const before = programs();
  for (const shape of shapes) {
    const compiled = await backend.compile(softsign(), { shape, dtype: 'float32' });
    const x = new Float32Array(shape.reduce((product, length) => product * length)).fill(3);
    const { y } = await compiled.forward({ x });
    const gradient = await compiled.vjp({ x, upstream: { y: x } });
    if (y.at(-1) !== 0.75 || gradient.x.at(-1) !== 0.1875) throw new Error(`wrong for ${shape}`);
    compiled.dispose();
  }
  return programs() - before;
}

/** Fits VeLU with a λ to one with another λ, and gives the share of the loss that is left. */
export async function train(backend: BackendName): Promise<number> {
  await createBackend({ backend });
  await tf.setBackend(backend);
  const x = tf.randomNormal([8, 64], 0, 1, 'float32', 1);
  const wanted = velu(x, { lambda: 2 });
  const lambda = tf.variable(tf.scalar(1));
  const optimizer = tf.train.sgd(0.5);
  const loss = (): tf.Scalar => tf.mean(tf.square(tf.sub(velu(x, { lambda }), wanted)));
  const [first] = await loss().data();
  for (let step = 0; step < 10; step++) optimizer.minimize(loss);
  const [last] = await loss().data();
  return (last as number) / (first as number);
}
