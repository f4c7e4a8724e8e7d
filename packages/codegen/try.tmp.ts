import { plan, relu, velu, sequentialTarget } from '@isoact/core';
import { generateWasm, printModule, encodeModule } from './src/wasm/index.ts';
for (const [a, d] of [[relu(), 'forward'], [velu(), 'forward'], [velu(), 'vjp']] as const) {
  const t0 = performance.now();
  const p = plan(a, { shape: [3, 8], dtype: 'float32' }, d, sequentialTarget);
  const t1 = performance.now();
  const g = generateWasm(p);
  const t2 = performance.now();
  const bytes = encodeModule(g.module);
  const t3 = performance.now();
  const text = printModule(g.module);
  if (process.argv[2] === 'print') console.log(text);
  console.log(a.name, d, bytes.length, WebAssembly.validate(bytes), (t1-t0).toFixed(2), (t2-t1).toFixed(2), (t3-t2).toFixed(2), g.arguments.map(a=>a.kind+':'+(a as any).name).join(' '));
  if (!WebAssembly.validate(bytes)) try { new WebAssembly.Module(bytes); } catch (e) { console.log(String(e)); }
}
