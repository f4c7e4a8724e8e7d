import * as core from '@isoact/core';
import { compileWasm, rangeClasses } from './src/wasm/index.ts';
const { plan, sequentialTarget, elementCount, upstreamPenalty, scalarOutputs } = core;
const rows = +(process.argv[2] ?? 1024), cols = 1024, n = rows * cols;
const memory = new WebAssembly.Memory({ initial: Math.ceil((n * 24 + 1e6) / 65536) });
const X = 1024, U = X + 4 * n, Y = U + 4 * n, P = Y + 4 * n;
const heap = () => new Float32Array(memory.buffer);
const h = heap();
for (let i = 0; i < n; i++) { h[X / 4 + i] = 2 * Math.sin(i * 12.9898); h[U / 4 + i] = Math.cos(i * 7.1); }
const min = (f: () => void, reps = 25) => { let best = Infinity; for (let r = 0; r < reps; r++) { const t = performance.now(); f(); best = Math.min(best, performance.now() - t); } return best; };
const a = new Float32Array(n), bb = new Float32Array(n).fill(1);
console.log('memcpy', (min(() => a.set(bb)) * 1e6 / n).toFixed(3), 'ns/element');
for (const name of (process.argv[3] ?? 'relu,elu,swish,gelu,geluTanh,mish,velu').split(',')) for (const d of ['forward', 'vjp'] as const) {
  const act = (core as any)[name]() as core.Activation;
  const t0 = performance.now();
  const p = plan(act, { shape: [rows, cols], dtype: 'float32' }, d, sequentialTarget);
  const k = compileWasm(p, memory, { bounds: process.env.NOBOUNDS ? {} : rangeClasses(act), keeps: !process.env.NOKEEP });
  const t1 = performance.now();
  const call = { inputs: { x: X, upstream: U }, outputs: { y: Y, x: Y }, parameters: { ...act.parameters, [upstreamPenalty]: 0 }, scalars: Object.fromEntries(scalarOutputs(p).map((s, i) => [s.name, P + 64 * i])), scratch: P + 4096, s: console.log(k.scratchBytes) };
  k.run(call);
  const t2 = performance.now();
  for (let i = 0; i < 20; i++) { k.run(call); await new Promise((r) => setTimeout(r, 1)); }
  console.log(name.padEnd(9), d.padEnd(8), (min(() => k.run(call)) * 1e6 / n).toFixed(3), 'compile', (t1 - t0).toFixed(1), 'ms first', ((t2 - t1) * 1e6 / n).toFixed(2));
}
