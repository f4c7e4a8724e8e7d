/** A Worker that answers rows of numbers with their VeLU. An edge runtime compiles nothing: it is handed the module. */
import { createKernel } from '@isoact/wasm/precompiled';
import module from './velu.wasm';

export default {
  async fetch(request) {
    try {
      const rows = await request.json();
      const shape = [rows.length, rows[0].length];
      const { y } = createKernel(module, { shape }).forward({ x: Float32Array.from(rows.flat()) });
      return Response.json(rows.map((_, row) => [...y.subarray(row * shape[1], (row + 1) * shape[1])]));
    } catch (error) {
      return new Response(error.message, { status: 400 });
    }
  },
};
