import * as core from '@isoact/core';
import { generateWasm, encodeModule, rangeClasses } from './src/wasm/index.ts';
for (const s of [{}, { statistic: 'std', transport: 'penalty' }] as any[]) {
const act = core.velu(s);
for (let i = 0; i < 6; i++) for (const d of ['forward', 'vjp'] as const) {
  const t0 = (() => { const c = process.cpuUsage(); return (c.user + c.system) / 1000; })();
  const p = core.plan(act, { shape: [64, 1024], dtype: 'float32' }, d, core.sequentialTarget);
  const t1 = (() => { const c = process.cpuUsage(); return (c.user + c.system) / 1000; })();
  const g = generateWasm(p, { bounds: rangeClasses(act) });
  const t2 = (() => { const c = process.cpuUsage(); return (c.user + c.system) / 1000; })();
  const b = encodeModule(g.module);
  const t3 = (() => { const c = process.cpuUsage(); return (c.user + c.system) / 1000; })();
  new WebAssembly.Module(b);
  const t4 = (() => { const c = process.cpuUsage(); return (c.user + c.system) / 1000; })();
  console.log(d.padEnd(8), 'plan', (t1 - t0).toFixed(1), 'generate', (t2 - t1).toFixed(1), 'encode', (t3 - t2).toFixed(1), 'compile', (t4 - t3).toFixed(1), b.length);
}}
