import * as core from '@isoact/core';
import { compileWasm, rangeClasses } from '@isoact/codegen';
import { createKernel } from '../../packages/wasm/src/index.ts';
import { composedOnnx } from './src/peers/onnx-composed.ts';
import { onnxModel } from './src/peers/onnx-graph.ts';
import * as ort from 'onnxruntime-node';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
const rows = +(process.argv[2] ?? 1024), cols = 1024, n = rows * cols, shape = [rows, cols];
setThreadsCount(1); await tf.setBackend('wasm'); await tf.ready();
const x = Float32Array.from({ length: n }, (_, i) => 2 * Math.sin(i * 12.9898)), u = Float32Array.from({ length: n }, (_, i) => Math.cos(i * 7.1));
const memory = new WebAssembly.Memory({ initial: Math.ceil((n * 24 + 1e6) / 65536) });
const X = 1024, U = X + 4 * n, Y = U + 4 * n, P = Y + 4 * n;
const h = new Float32Array(memory.buffer); h.set(x, X / 4); h.set(u, U / 4);
const out = new Float32Array(n);
type Work = () => void | Promise<void>;
const works: Record<string, Work> = { memcpy: () => out.set(x) };
for (const name of ['relu', 'elu', 'swish', 'gelu', 'velu']) for (const d of ['forward', 'vjp'] as const) {
  const act = (core as any)[name]() as core.Activation;
  const p = core.plan(act, { shape, dtype: 'float32' }, d, core.sequentialTarget);
  const k = compileWasm(p, memory, { bounds: rangeClasses(act) });
  const call = { inputs: { x: X, upstream: U }, outputs: { y: Y, x: Y }, parameters: { ...act.parameters, [core.upstreamPenalty]: 0 }, scalars: Object.fromEntries(core.scalarOutputs(p).map((s, i) => [s.name, P + 64 * i])), scratch: P + 4096 };
  works[`${name} ${d} | wasm memory`] = () => k.run(call);
  const hk = createKernel(act, { shape, dtype: 'float32' });
  if (d === 'forward') works[`${name} ${d} | wasm arrays`] = () => { hk.forward({ x }, out); };
  else works[`${name} ${d} | wasm arrays`] = () => { hk.vjp({ x, upstream: { y: u } }, out); };
}
const tx = tf.tensor(x, shape), tu = tf.tensor(u, shape);
const T = (f: () => tf.Tensor): Work => () => { const y = tf.tidy(f); y.dispose(); };
works['relu forward | tfjs kernel'] = T(() => tf.relu(tx));
works['elu forward | tfjs kernel'] = T(() => tf.elu(tx));
works['swish forward | tfjs kernels'] = T(() => tf.mul(tx, tf.sigmoid(tx)));
works['gelu forward | tfjs cube-tanh'] = T(() => { const i = tf.mul(tf.add(tx, tf.mul(0.044715, tf.mul(tx, tf.mul(tx, tx)))), 0.7978845608); return tf.mul(tf.mul(tx, 0.5), tf.add(1, tf.tanh(i))); });
works['velu forward | tfjs composed'] = T(() => { const s = tf.reciprocal(tf.sqrt(tf.add(tf.mean(tf.square(tx), -1, true), 1e-6))); const A = tf.add(1, tf.mul(0.1, tf.tanh(tf.mul(0.9, s)))); const sc = tf.mul(tx, 0.1); const g = tf.sigmoid(tf.mul(0.1, tf.add(tf.atan(sc), tf.asin(tf.clipByValue(sc, -1, 1))))); return tf.mul(tf.mul(tx, g), A); });
const session = async (bytes: Uint8Array, threads = 1) => ort.InferenceSession.create(bytes, { executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all' });
const feed = (s: any) => Object.fromEntries(s.inputNames.map((k: string) => [k, new ort.Tensor('float32', k === 'x' ? x : u, shape)]));
const add = async (name: string, model: any) => { try { const s = await session(model.bytes ?? model); const f = feed(s); works[name] = async () => { await s.run(f); }; } catch (e) { console.log(name, String(e).slice(0, 200)); } };
for (const [name, d] of [['velu', 'forward'], ['velu', 'vjp'], ['gelu', 'forward'], ['gelu', 'vjp']] as const) await add(`${name} ${d} | ORT composed`, composedOnnx(name, d, shape));
for (const op of ['Relu', 'Elu']) await add(`${op.toLowerCase()} forward | ORT native`, onnxModel(['x'], shape, ({ node }: any) => ({ y: { value: node(op, 'x'), shape } })));
await add(`swish forward | ORT x*Sigmoid`, onnxModel(['x'], shape, ({ node }: any) => ({ y: { value: node('Mul', 'x', node('Sigmoid', 'x')), shape } })));
await add(`gelu forward | ORT native`, onnxModel(['x'], shape, ({ node }: any) => ({ y: { value: node('Gelu', 'x'), shape } })));
const best: Record<string, number> = {};
for (const w of Object.values(works)) { for (let i = 0; i < 8; i++) { await w(); await new Promise((r) => setTimeout(r, 1)); } }
for (let round = 0; round < +(process.argv[3] ?? 12); round++) for (const [k, w] of Object.entries(works)) { const t = performance.now(); await w(); best[k] = Math.min(best[k] ?? Infinity, performance.now() - t); }
for (const k of Object.keys(best).sort()) console.log(k.padEnd(36), (best[k]! * 1e6 / n).toFixed(3));
process.exit(0);
