import * as core from '@isoact/core';
import { compileWasm, rangeClasses } from './src/wasm/index.ts';
const [name, d] = process.argv.slice(2) as any; const n = 4096;
const memory = new WebAssembly.Memory({ initial: 64 });
const act = (core as any)[name]();
const p = core.plan(act, { shape: [n], dtype: 'float32' }, d ?? 'forward', core.sequentialTarget);
const k = compileWasm(p, memory, { bounds: rangeClasses(act) });
k.run({ inputs: { x: 0, upstream: 4 * n }, outputs: { y: 8 * n, x: 8 * n }, parameters: { ...act.parameters, [core.upstreamPenalty]: 0 }, scalars: Object.fromEntries(core.scalarOutputs(p).map((s, i) => [s.name, 1e6 + 64 * i])), scratch: 1.5e6 });
