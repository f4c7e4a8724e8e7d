import * as core from '@isoact/core';
import * as E from '@isoact/core/expression';
import { compileWasm } from './src/wasm/index.ts';
const { plan, sequentialTarget, defineActivation, fixed } = core;
const n = 1 << 17; const memory = new WebAssembly.Memory({ initial: 64 });
const X = 1024, Y = X + 4 * n;
const h = new Float32Array(memory.buffer); for (let i = 0; i < n; i++) h[X / 4 + i] = 2 * Math.sin(i * 12.9898);
const min = (f: () => void, reps = 60) => { let best = Infinity; for (let r = 0; r < reps; r++) { const t = performance.now(); f(); best = Math.min(best, performance.now() - t); } return best; };
const lim = () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } });
const estrin = (c: number[], x: any): any => { if (c.length === 1) return E.constant(c[0]); const next: any[] = []; let i = 0; let terms: any[] = c.map((v) => E.constant(v)); let p = x; while (terms.length > 1) { const out: any[] = []; for (let i = 0; i < terms.length; i += 2) out.push(i + 1 < terms.length ? E.add(terms[i], E.mul(terms[i + 1], p)) : terms[i]); terms = out; p = E.mul(p, p); } return terms[0]; };
const horner = (c: number[], x: any): any => c.slice(0, -1).reduceRight((t: any, v) => E.add(v, E.mul(t, x)), c.at(-1)! as any);
const ca = [-0.33333152532577515, 0.19993767142295837, -0.14211001992225647, 0.10665768384933472, -0.07551655918359756, 0.04320463538169861, -0.016363102942705154, 0.002919393125921488];
const cs = [0.16666752099990845, 0.074953094124794, 0.04546915367245674, 0.02418474107980728, 0.042158398777246475];
const parts = (poly: any) => {
  const atan = (t: any) => { const a = E.abs(t); const large = E.less(1, a); const u = E.select(large, E.div(1, a), a); const z = E.square(u); const arc = E.add(u, E.mul(E.mul(u, z), poly(ca, z))); const m = E.select(large, E.sub(1.5707963705062866, E.sub(arc, -4.37e-8)), arc); return E.select(E.less(t, 0), E.neg(m), m); };
  const asin = (t: any) => { const c = E.minimum(E.abs(t), 1); const large = E.less(0.5, c); const z = E.select(large, E.mul(E.sub(1, c), 0.5), E.square(c)); const v = E.select(large, E.mul(E.sqrt(z), -2), c); const rest = E.mul(v, E.mul(z, poly(cs, z))); const comp = E.add(E.add(v, 1.57), E.add(rest, 1e-8)); const m = E.select(large, comp, E.add(v, rest)); return E.select(E.less(t, 0), E.neg(m), m); };
  const small = (t: any) => E.add(0.5, E.mul(t, poly([0.25, -0.0208333, 0.00208333, -0.0002108], E.square(t))));
  return { atan, asin, small };
};
const H = parts(horner), S = parts(estrin);
const velu = (P: any, sig: any, at: any, as: any) => (x: any, { alpha, beta1, beta2, A }: any) => E.mul(E.mul(E.mul(x, sig(E.mul(alpha, E.add(at(E.mul(beta1, x)), as(E.mul(beta2, x)))))), A), 1);
const forms: any = {
  now: velu(0, E.sigmoid, E.atan, E.asin), small: velu(0, H.small, E.atan, E.asin), smallNoNear: velu(0, H.small, H.atan, H.asin), smallEstrin: velu(0, S.small, S.atan, S.asin),
  atan: (x: any) => E.atan(x), atanH: (x: any) => H.atan(x), atanS: (x: any) => S.atan(x), asin: (x: any) => E.asin(x), asinH: (x: any) => H.asin(x), asinS: (x: any) => S.asin(x), smallH: (x: any) => H.small(x), smallS: (x: any) => S.small(x),
  atan_poly: (x:any) => { const z = E.square(x); return E.add(x, E.mul(E.mul(x, z), horner(ca, z))); },
  atan_polyS: (x:any) => { const z = E.square(x); return E.add(x, E.mul(E.mul(x, z), estrin(ca, z))); },
};
for (const [name, form] of Object.entries(forms) as any) {
  const act = defineActivation({ name, parameters: { alpha: fixed(0.1), beta1: fixed(0.1), beta2: fixed(0.1), A: fixed(1) }, forward: form, limits: lim })();
  const p = plan(act, { shape: [n], dtype: 'float32' }, 'forward', sequentialTarget);
  const k = compileWasm(p, memory);
  const call = { inputs: { x: X }, outputs: { y: Y }, parameters: act.parameters, scalars: {}, scratch: 0 };
  for (let i = 0; i < 30; i++) { k.run(call); if (i % 10 === 0) await new Promise((r) => setTimeout(r, 5)); }
  console.log(name.padEnd(12), (min(() => k.run(call)) * 1e6 / n).toFixed(3), 'ns/element');
}
