import * as core from '@isoact/core';
import * as E from '@isoact/core/expression';
import { compileWasm } from './src/wasm/index.ts';
const { plan, sequentialTarget, defineActivation } = core;
const n = 1 << 14; const memory = new WebAssembly.Memory({ initial: 64 });
const X = 1024, Y = X + 4 * n;
const h = new Float32Array(memory.buffer); for (let i = 0; i < n; i++) h[X / 4 + i] = 2 * Math.sin(i * 12.9898);
const min = (f: () => void, reps = 300) => { let best = Infinity; for (let r = 0; r < reps; r++) { const t = performance.now(); f(); best = Math.min(best, performance.now() - t); } return best; };
const lim = () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } });
const forms: Record<string, (x: any) => any> = {
  copy: (x) => x, plus: (x) => E.add(x, 1), div: (x) => E.div(1, x), sqrt: (x) => E.sqrt(x), poly8: (x) => { let t: any = E.constant(1.1); for (let i = 0; i < 8; i++) t = E.add(E.mul(t, x), 0.3 + i); return t; },
  select: (x) => E.select(E.less(x, 0.5), E.add(x, 1), x), min: (x) => E.minimum(x, E.mul(x, x)), pmin: (x) => E.minimum(x, 0.7), round: (x) => E.round(x),
  exp: E.exp, expm1: E.expm1, sigmoid: E.sigmoid, tanh: E.tanh, softplus: E.softplus, atan: E.atan, asin: E.asin, erf: E.erf, erfc: E.erfc, log: E.log, log1p: E.log1p };
for (const [name, form] of Object.entries(forms)) {
  if (process.argv[2] && !process.argv[2].split(',').includes(name)) continue;
  const act = defineActivation({ name, forward: form, limits: lim })();
  const p = plan(act, { shape: [n], dtype: 'float32' }, 'forward', sequentialTarget);
  const k = compileWasm(p, memory);
  const call = { inputs: { x: X }, outputs: { y: Y }, parameters: {}, scalars: {}, scratch: 0 };
  for (let i = 0; i < 200; i++) { k.run(call); if (i % 50 === 0) await new Promise((r) => setTimeout(r, 5)); }
  console.log(name.padEnd(9), (min(() => k.run(call)) * 1e6 / n).toFixed(3), 'ns/element', (min(() => k.run(call)) * 1e6 / n * 4 * 4).toFixed(1), '~cycles/vector at 4 GHz');
}
