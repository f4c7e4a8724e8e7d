import * as core from '@isoact/core';
import { createKernel } from './src/index.ts';
const ref = core.createReferenceBackend();
for (const s of [{ adaptClip: [0.5, 2] }, { epsilon: 1e-3 }, { epsilon: 1e-3, adaptClip: [0.5, 2] }] as any[]) {
  const a = core.velu(s);
  const spec = { shape: [3, 70], dtype: 'float32' } as const;
  const x = Float32Array.from({ length: 210 }, (_, i) => Math.sin(i)), y = x.map((_, i) => Math.cos(i * 3));
  const k = createKernel(a, spec);
  const want = await (await ref.compile(a, spec)).vjp({ x, upstream: { y } });
  const got = k.vjp({ x, upstream: { y } });
  console.log(s, got.x.slice(0, 3), want.x.slice(0, 3), got.parameters, want.parameters);
}
