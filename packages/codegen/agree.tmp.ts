import * as core from '@isoact/core';
import { compileWasm } from './src/wasm/index.ts';
const { plan, sequentialTarget, catalogue, createReferenceBackend, elementCount, scalarOutputs, upstreamPenalty, stateShapes, groupingOf } = core;
const ref = createReferenceBackend();
const f = new Float32Array(1), b = new Uint32Array(f.buffer);
const ulp = (v: number) => { f[0] = Math.abs(v); if (!Number.isFinite(f[0]!)) return 2**104; const e = Math.max((b[0]! >>> 23) - 127, -126); return 2 ** (e - 23); };
export async function agree(a: core.Activation, layout: any, make: (i: number) => number, up = (i: number) => Math.cos(i * 7.1), penalty = 0.7) {
  const spec = { ...layout, dtype: 'float32' };
  const n = elementCount(spec.shape);
  const x = Float32Array.from({ length: n }, (_, i) => make(i));
  const u = Float32Array.from({ length: n }, (_, i) => up(i));
  const compiled = await ref.compile(a, { ...spec, dtype: 'float64' });
  const params = Object.fromEntries(Object.entries(a.parameters).map(([k, v]) => { const len = elementCount(spec.parameterShapes?.[k] ?? []); return [k, Float64Array.from({ length: len }, (_, i) => Math.fround((v as number) * (1 + (len > 1 ? 0.1 * Math.sin(i) : 0))))]; }));
  const fw = await compiled.forward({ x: Float64Array.from(x), parameters: params });
  const bw = await compiled.vjp({ x: Float64Array.from(x), upstream: { y: Float64Array.from(u), penalty: Math.fround(penalty) }, parameters: params });
  const worst: any = {};
  for (const d of ['forward', 'vjp'] as const) {
    const p = plan(a, spec, d, sequentialTarget);
    const memory = new WebAssembly.Memory({ initial: 64 });
    const k = compileWasm(p, memory);
    let at = 1024; const take = (bytes: number) => { const o = at; at = (at + bytes + 15) & ~15; return o; };
    const X = take(4 * n), U = take(4 * n), Y = take(4 * n) ;
    take(64);
    new Float32Array(memory.buffer).set(x, X / 4); new Float32Array(memory.buffer).set(u, U / 4);
    const parameters: any = { [upstreamPenalty]: penalty };
    for (const [name, v] of Object.entries(params)) { if (v.length === 1) parameters[name] = v[0]; else { parameters[name] = take(4 * v.length); new Float32Array(memory.buffer).set(v, parameters[name] / 4); } }
    const scalars: any = {};
    for (const s of scalarOutputs(p)) { scalars[s.name] = take(4 * s.grouping.groups); }
    const scratch = take(k.scratchBytes);
    k.run({ inputs: { x: X, upstream: U }, outputs: { y: Y, x: Y }, parameters, scalars, scratch });
    const check = (name: string, got: Float32Array, want: ArrayLike<number>) => {
      let w = 0, at = -1;
      if (got.length !== want.length) throw new Error(name + ' length ' + got.length + ' ' + want.length);
      for (let i = 0; i < got.length; i++) {
        const g = got[i]!, t = want[i]!;
        const e = Number.isNaN(g) || Number.isNaN(t) ? (Number.isNaN(g) && Number.isNaN(t) ? 0 : Infinity) : g === t || g === Math.fround(t) ? 0 : Math.abs(g - t) / ulp(t);
        if (e > w) { w = e; at = i; }
      }
      worst[d + '.' + name] = w < 3 ? +w.toFixed(2) : `${w.toPrecision(3)} at ${x[at]} got ${got[at]} want ${want[at]}`;
    };
    check(d === 'forward' ? 'y' : 'dx', new Float32Array(memory.buffer, Y, n), d === 'forward' ? fw.y : bw.x);
    for (const s of scalarOutputs(p)) {
      const got = new Float32Array(memory.buffer, scalars[s.name], s.grouping.groups);
      const want = d === 'forward' ? (s.name === 'penalty' ? [fw.penalty!] : (fw.state as any)[s.name]) : bw.parameters[s.name];
      if (n > 0 ) check('s:' + s.name, got, want);
    }
  }
  return worst;
}
if (process.argv[2] === 'cat') {
  for (const [name, def] of Object.entries(catalogue)) {
    try { console.log(name, JSON.stringify(await agree((def as any)(), { shape: [5, 1003], channelAxis: 1 }, (i) => 4 * Math.sin(i * 12.9898) * Math.exp(Math.sin(i * 0.37))))); } catch (e) { console.log(name, String(e)); }
  }
}
