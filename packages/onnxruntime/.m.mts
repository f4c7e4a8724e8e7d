import { InferenceSession, Tensor } from 'onnxruntime-node';
import { catalogue, createReferenceBackend } from '@isoact/core';
import { toOnnx } from './src/index.ts';
const n = 2 ** 20;
const shape = [1024, 1024];
const forms = [['native', { form: 'native' }], ['accurate', {}], ['float64', { arithmetic: 'float64' }]] as const;
const ulp = (a: number, w: number) => { const f = Math.fround(w); const e = Math.max(Math.floor(Math.log2(Math.abs(f) || 1e-45)), -126); return Math.abs(a - w) / 2 ** (e - 23); };
for (const name of ['sigmoid', 'softplus', 'elu', 'swish', 'gelu', 'mish', 'velu'] as const) for (const direction of ['forward', 'vjp'] as const) {
  const act = (catalogue[name] as any)();
  const x = Float32Array.from({ length: n }, (_, i) => ((i * 2654435761) % 2 ** 32) / 2 ** 32 * 40 - 20);
  const up = new Float32Array(n).fill(1);
  const ref = await createReferenceBackend().compile(act, { shape: [64, 1024], dtype: 'float64' });
  const xs = x.slice(0, 65536);
  const want = direction === 'forward' ? (await ref.forward({ x: Float64Array.from(xs) })).y : (await ref.vjp({ x: Float64Array.from(xs), upstream: { y: new Float64Array(65536).fill(1) } })).x;
  const row: string[] = [name, direction];
  for (const [label, o] of forms) {
    const model = toOnnx(act, { ...o, direction, shape: ['n', 1024] });
    const s = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
    const out = direction === 'forward' ? 'y' : 'x_gradient';
    const feed = (a: Float32Array, u: Float32Array, sh: number[]) => Object.fromEntries(s.inputNames.map((k) => [k, new Tensor('float32', k === 'x' ? a : u, sh)]));
    const got = (await s.run(feed(xs, up.slice(0, 65536), [64, 1024])))[out]!.data as Float32Array;
    let worst = 0; for (let i = 0; i < 65536; i++) worst = Math.max(worst, ulp(got[i]!, want[i]!));
    const f = feed(x, up, shape);
    await s.run(f);
    const times: number[] = [];
    const start = performance.now();
    while (times.length < 3 || (performance.now() - start < 700 && times.length < 9)) { const t = performance.now(); const r = await s.run(f); times.push(performance.now() - t); }
    times.sort((a, b) => a - b);
    row.push(`${label}: ${worst.toPrecision(3)} ulp ${(times[times.length >> 1]! / n * 1e6).toFixed(2)} ns`);
    await s.release();
  }
  console.log(row.join('\t'));
}
