/** The generated text as people read it, run where it is shown. */
import { type Activation, createReferenceBackend, elementCount, gelu, relu, type TensorSpec, velu } from '@isoact/core';
import { gpuKind } from '@isoact-tooling/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnedDevice, requestDevice } from './device.ts';
import { createKernel } from './index.ts';
import { readNumbers, writeNumbers } from './testing/buffers.ts';

describe.skipIf(gpuKind() === 'none')('generated WGSL', () => {
  let owned: OwnedDevice;
  beforeAll(async () => {
    owned = await requestDevice();
  });
  afterAll(() => owned.release());

  interface Texts {
    readonly forward: string;
    readonly vjp: string;
  }

  /** Text of the first kernel of each direction, after the results are compared with the reference. */
  async function textsOf(activation: Activation, spec: TensorSpec, barriers = false): Promise<Texts> {
    const { device } = owned;
    const kernel = await createKernel(device, activation, spec, { barriers, tuning: { groupElements: 4 } });
    const samples = [-30, -2, -1, -1e-40, -0, 0, 1e-40, 0.5, 1, 2, 30, Number.NaN];
    const values = Float32Array.from({ length: elementCount(spec.shape) }, (_, index) => samples[index % 12] as number);
    const ones = new Float32Array(values.length).fill(1);
    const [x, upstream] = [writeNumbers(device, values), writeNumbers(device, ones)];
    const [y, gradient, lambda] = [writeNumbers(device, ones), writeNumbers(device, ones), writeNumbers(device, ones)];
    const encoder = device.createCommandEncoder();
    kernel.encode(encoder, { x, y });
    kernel.encodeVjp(encoder, { x, upstream, gradient, parameterGradients: { lambda } });
    device.queue.submit([encoder.finish()]);
    const reference = await createReferenceBackend().compile(activation, spec);
    expectClose(await readNumbers(device, y), (await reference.forward({ x: values })).y);
    expectClose(await readNumbers(device, gradient), (await reference.vjp({ x: values, upstream: { y: ones } })).x);
    kernel.dispose();
    return { forward: kernel.forward.code[0] as string, vjp: kernel.vjp?.code[0] as string };
  }

  const row = { shape: [12], dtype: 'float32' } as const;
  const rows = { shape: [2, 12], dtype: 'float32' } as const;

  test('relu', async () => {
    const { forward, vjp } = await textsOf(relu(), row);
    expect(forward).toMatchInlineSnapshot(`
      "struct Uniforms {
        packs: u32,
      }
      @group(0) @binding(0) var<uniform> uniforms: Uniforms;
      @group(0) @binding(1) var<storage, read> x_in: array<vec4f>;
      @group(0) @binding(2) var<storage, read_write> y_out: array<vec4f>;

      fn isNegativeOrZero(t: f32) -> bool {
        return bitcast<u32>(t) - 0x80000000u <= 0x7f800000u || bitcast<u32>(t) == 0u;
      }

      fn value(x: f32) -> f32 {
        return select(x, 0.0, isNegativeOrZero(x));
      }

      @compute @workgroup_size(256)
      fn main(
        @builtin(workgroup_id) workgroup: vec3u,
        @builtin(num_workgroups) workgroups: vec3u,
        @builtin(local_invocation_index) lane: u32,
      ) {
        let pack = (workgroup.x + workgroup.y * workgroups.x) * 256u + lane;
        if (pack >= uniforms.packs) { return; }
        let xs = x_in[pack];
        y_out[pack] = vec4f(value(xs.x), value(xs.y), value(xs.z), value(xs.w));
      }
      "
    `);
    expect(functionsOf(vjp)).toMatchInlineSnapshot(`
      "// with nothing
      fn gradient(x: f32, upstream: f32) -> f32 {
        return select(select(upstream, 0.0, isNegativeOrZero(x)), x, isNaN(x));
      }"
    `);
  });

  test('gelu', async () => {
    const { forward, vjp } = await textsOf(gelu(), row);
    expect(functionsOf(forward)).toMatchInlineSnapshot(`
      "// with erfc_f32
      fn value(x: f32) -> f32 {
        return select(vanishingProduct(x, 0.5 * erfc_f32(-0.70710677 * x)), x, isNaN(x));
      }"
    `);
    expect(functionsOf(vjp)).toMatchInlineSnapshot(`
      "// with erfc_f32, exp_f32
      fn gradient(x: f32, upstream: f32) -> f32 {
        let product = -0.70710677 * x;
        let product2 = vanishingProduct(0.5 * vanishingProduct(x, upstream), -1.1283792 * exp_f32(-(product * product)));
        let total = vanishingProduct(upstream, 0.5 * erfc_f32(product)) + -0.70710677 * product2;
        return select(total, x, isNaN(x));
      }"
    `);
  });

  test('velu, one invocation per row', async () => {
    const { forward, vjp } = await textsOf(velu(), rows);
    expect(mainOf(forward)).toMatchInlineSnapshot(`
      "@compute @workgroup_size(64)
      fn main(
        @builtin(workgroup_id) workgroup: vec3u,
        @builtin(num_workgroups) workgroups: vec3u,
        @builtin(local_invocation_index) lane: u32,
      ) {
        let unit = (workgroup.x + workgroup.y * workgroups.x) * 64u + lane;
        if (unit >= uniforms.units) { return; }
        let group = unit;
        let first = unit * uniforms.group_elements;
        let count = uniforms.group_elements;
        var sum = 0.0;
        var sum_blocks = 0.0;
        for (var start = 0u; start < count; start += 16u) {
          var sum_block = 0.0;
          let end = min(start + 16u, count);
          for (var k = start; k < end; k++) {
            let index = first + k;
            let x = x_in[index];
            sum_block += x * x;
          }
          sum_blocks += sum_block;
          if ((start & 240u) == 240u) {
            sum += sum_blocks;
            sum_blocks = 0.0;
          }
        }
        sum += sum_blocks;
        let mean = sum / uniforms.group_size;
        let product2 = uniforms.gamma * tanh_f32(uniforms.gain * (1.0 / sqrt(mean + uniforms.epsilon)));
        let total = 1.0 + product2;
        for (var k = 0u; k < count; k++) {
          let index = first + k;
          let x2 = x_in[index];
          let product = uniforms.alpha * (atan_f32(uniforms.beta1 * x2) + asin_f32(uniforms.beta2 * x2));
          y_out[index] = select(uniforms.lambda * (x2 * sigmoid_f32(product) * total), x2, isNaN(x2));
        }
      }
      "
    `);
    expect(mainOf(vjp)).toMatchInlineSnapshot(`
      "@compute @workgroup_size(64)
      fn main(
        @builtin(workgroup_id) workgroup: vec3u,
        @builtin(num_workgroups) workgroups: vec3u,
        @builtin(local_invocation_index) lane: u32,
      ) {
        let unit = (workgroup.x + workgroup.y * workgroups.x) * 64u + lane;
        if (unit >= uniforms.units) { return; }
        let group = unit;
        let first = unit * uniforms.group_elements;
        let count = uniforms.group_elements;
        var sum = 0.0;
        var sum_blocks = 0.0;
        var sum2 = 0.0;
        var sum2_blocks = 0.0;
        for (var start = 0u; start < count; start += 16u) {
          var sum_block = 0.0;
          var sum2_block = 0.0;
          let end = min(start + 16u, count);
          for (var k = start; k < end; k++) {
            let index = first + k;
            let x = x_in[index];
            let upstream = upstream_in[index];
            let product = uniforms.alpha * (atan_f32(uniforms.beta1 * x) + asin_f32(uniforms.beta2 * x));
            x_out[index] = product;
            sum_block += x * x;
            sum2_block += vanishingProduct(x * sigmoid_f32(product), uniforms.lambda * upstream);
          }
          sum_blocks += sum_block;
          sum2_blocks += sum2_block;
          if ((start & 240u) == 240u) {
            sum += sum_blocks;
            sum_blocks = 0.0;
            sum2 += sum2_blocks;
            sum2_blocks = 0.0;
          }
        }
        sum += sum_blocks;
        sum2 += sum2_blocks;
        let mean = sum / uniforms.group_size;
        let root = sqrt(mean + uniforms.epsilon);
        let ratio = 1.0 / root;
        let product2 = uniforms.gain * ratio;
        let total = 1.0 + uniforms.gamma * tanh_f32(product2);
        let holds = isInfinity(abs(mean));
        let product3 = vanishingProduct(uniforms.gamma * sum2, 4.0 * sigmoid_f32(2.0 * product2) * sigmoid_f32(-2.0 * product2));
        let product4 = vanishingProduct(-vanishingProduct(uniforms.gain * product3, ratio / root), select(0.5 / root, 0.0, isZero(root)));
        let ratio2 = product4 / uniforms.group_size;
        var sum3 = 0.0;
        var sum3_blocks = 0.0;
        for (var start = 0u; start < count; start += 16u) {
          var sum3_block = 0.0;
          let end = min(start + 16u, count);
          for (var k = start; k < end; k++) {
            let index = first + k;
            let x2 = x_in[index];
            let kept = x_out[index];
            let upstream2 = upstream_in[index];
            let sigmoidValue = sigmoid_f32(kept);
            let chosen = select(vanishingProduct(x2, ratio2), 0.0, holds);
            let product5 = productOrZero(total, uniforms.lambda * upstream2);
            let product6 = vanishingProduct(vanishingProduct(x2, product5), sigmoidValue * sigmoid_f32(-kept));
            let product7 = uniforms.alpha * product6;
            let product8 = uniforms.beta2 * x2;
            let chosen2 = select(0.0, 1.0 / sqrt((1.0 - product8) * (1.0 + product8)), abs(product8) < 1.0);
            let total2 = chosen + chosen + productOrZero(sigmoidValue, product5) + uniforms.beta2 * vanishingProduct(product7, chosen2);
            let product9 = uniforms.beta1 * x2;
            let product10 = uniforms.beta1 * vanishingProduct(product7, 1.0 / (1.0 + product9 * product9));
            sum3_block += vanishingProduct(x2 * sigmoidValue * total, upstream2);
            x_out[index] = select(total2 + product10, x2, isNaN(x2));
          }
          sum3_blocks += sum3_block;
          if ((start & 240u) == 240u) {
            sum3 += sum3_blocks;
            sum3_blocks = 0.0;
          }
        }
        sum3 += sum3_blocks;
        let place = unit;
        scratch[uniforms.sum_partials_at + place] = bitcast<u32>(sum3);
      }
      "
    `);
  });

  test('velu, the lanes of a workgroup together', async () => {
    const { forward } = await textsOf(velu(), rows, true);
    expect(mainOf(forward)).toMatchInlineSnapshot(`
      "@compute @workgroup_size(128)
      fn main(
        @builtin(workgroup_id) workgroup: vec3u,
        @builtin(num_workgroups) workgroups: vec3u,
        @builtin(local_invocation_index) lane: u32,
        @builtin(subgroup_invocation_id) subgroup_lane: u32,
      ) {
        let own_unit = (workgroup.x + workgroup.y * workgroups.x) * 64u + lane / 2u;
        let is_ours = own_unit < uniforms.units;
        let unit = min(own_unit, uniforms.units - 1u);
        let member = lane % 2u;
        let group = unit;
        let first = unit * uniforms.packs;
        let pack0 = first + member;
        let pack1 = first + min(member + 2u, uniforms.packs - 1u);
        let is_there1 = member + 2u < uniforms.packs;
        let x_pack = x_in[pack0];
        let x_pack2 = x_in[pack1];
        let terms_pack = vec4f(terms(x_pack.x), terms(x_pack.y), terms(x_pack.z), terms(x_pack.w));
        let terms_pack2 = vec4f(terms(x_pack2.x), terms(x_pack2.y), terms(x_pack2.z), terms(x_pack2.w));
        let sum = (terms_pack.x + terms_pack.y) + (terms_pack.z + terms_pack.w) + select(0.0, (terms_pack2.x + terms_pack2.y) + (terms_pack2.z + terms_pack2.w), is_there1);
        let whole_sum = sum + subgroupShuffleXor(sum, 1u);
        let mean = whole_sum / uniforms.group_size;
        let product2 = uniforms.gamma * tanh_f32(uniforms.gain * (1.0 / sqrt(mean + uniforms.epsilon)));
        let total = 1.0 + product2;
        let value_pack = vec4f(value(x_pack.x, total), value(x_pack.y, total), value(x_pack.z, total), value(x_pack.w, total));
        let value_pack2 = vec4f(value(x_pack2.x, total), value(x_pack2.y, total), value(x_pack2.z, total), value(x_pack2.w, total));
        if (is_ours) { y_out[pack0] = vec4f(value_pack.x, value_pack.y, value_pack.z, value_pack.w); }
        if (is_there1 && is_ours) { y_out[pack1] = vec4f(value_pack2.x, value_pack2.y, value_pack2.z, value_pack2.w); }
      }
      "
    `);
  });
});

function expectClose(got: Float32Array, wanted: ArrayLike<number>): void {
  for (const [index, value] of got.entries()) {
    const exact = wanted[index] as number;
    if (Number.isNaN(exact)) expect(value).toBeNaN();
    else expect(Math.abs(value - exact)).toBeLessThanOrEqual(2 ** -21 * Math.abs(exact) + 2 ** -126);
  }
}

/** The main function, after the functions that it calls. */
const mainOf = (text: string): string => text.slice(text.indexOf('@compute'));

/** The function of an element, with the names of the library functions before it. */
const functionsOf = (text: string): string => {
  const library = [...text.matchAll(/fn (\w+_f32)\(/g)].map(([, name]) => name);
  const own = text.match(/fn (?:value|gradient)\([\s\S]*?\n}/)?.[0];
  return `// with ${library.join(', ') || 'nothing'}\n${own}`;
};
