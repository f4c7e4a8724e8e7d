import { createBackend } from './src/index.ts';
import { velu } from '@isoact/core';
const b = await createBackend({ backend: 'webgpu' });
console.log(b.name, b.device);
const c = await b.compile(velu(), { shape: [1, 5], dtype: 'float32' });
console.log(await c.forward({ x: Float32Array.of(-2, -1, 0, 1, 2) }));
await b.dispose();
console.log('done');
