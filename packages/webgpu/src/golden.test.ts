/** The generated text as people read it, run where it is shown. */
import { type Activation, createReferenceBackend, elementCount, gelu, relu, type TensorSpec, velu } from '@isoact/core';
import { gpuKind } from '@isoact-tooling/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnedDevice, requestDevice } from './device.ts';
import { createKernel } from './index.ts';
import { readNumbers, writeNumbers } from './test-buffers.ts';

describe.skipIf(gpuKind() === 'none')('generated WGSL', () => {
  let owned: OwnedDevice;
  beforeAll(async () => {
    owned = await requestDevice();
  });
  afterAll(() => owned.release());

  /** Text of the only kernel of a forward, after its results are compared with the reference. */
  async function textOf(activation: Activation, spec: TensorSpec, barriers = false): Promise<string> {
    const { device } = owned;
    const kernel = await createKernel(device, activation, spec, { barriers });
    const samples = [-30, -2, -1, -1e-40, -0, 0, 1e-40, 0.5, 1, 2, 30, Number.NaN];
    const values = Float32Array.from({ length: elementCount(spec.shape) }, (_, index) => samples[index % 12] as number);
    const x = writeNumbers(device, values);
    const y = writeNumbers(device, new Float32Array(values.length).fill(77));
    const encoder = device.createCommandEncoder();
    kernel.encode(encoder, { x, y });
    device.queue.submit([encoder.finish()]);
    const reference = await createReferenceBackend().compile(activation, spec);
    const { y: expected } = await reference.forward({ x: values });
    const got = await readNumbers(device, y);
    got.forEach((value, index) => {
      const wanted = expected[index] as number;
      if (Number.isNaN(wanted)) expect(value).toBeNaN();
      else expect(Math.abs(value - wanted)).toBeLessThanOrEqual(2 ** -21 * Math.abs(wanted) + 2 ** -126);
    });
    kernel.dispose();
    expect(kernel.forward.code).toHaveLength(1);
    return kernel.forward.code.join('\n');
  }

  test('relu', async () => {
    expect(await textOf(relu(), { shape: [12], dtype: 'float32' })).toMatchInlineSnapshot(`
      "struct Uniforms {
        elements: u32,
      }
      @group(0) @binding(0) var<uniform> uniforms: Uniforms;
      @group(0) @binding(1) var<storage, read> x_in: array<f32>;
      @group(0) @binding(2) var<storage, read_write> y_out: array<f32>;

      fn isNegativeOrZero(t: f32) -> bool {
        return bitcast<u32>(t) - 0x80000000u <= 0x7f800000u || bitcast<u32>(t) == 0u;
      }

      @compute @workgroup_size(256)
      fn main(
        @builtin(workgroup_id) workgroup: vec3u,
        @builtin(num_workgroups) workgroups: vec3u,
        @builtin(local_invocation_index) lane: u32,
      ) {
        let index = (workgroup.x + workgroup.y * workgroups.x) * 256u + lane;
        if (index >= uniforms.elements) { return; }
        let x = x_in[index];
        y_out[index] = select(x, 0.0, isNegativeOrZero(x));
      }
      "
    `);
  });

  test('gelu', async () => {
    expect(await textOf(gelu(), { shape: [12], dtype: 'float32' })).toMatchInlineSnapshot(`
      "struct Uniforms {
        elements: u32,
      }
      @group(0) @binding(0) var<uniform> uniforms: Uniforms;
      @group(0) @binding(1) var<storage, read> x_in: array<f32>;
      @group(0) @binding(2) var<storage, read_write> y_out: array<f32>;

      fn isNaN(t: f32) -> bool {
        return (bitcast<u32>(t) & 0x7fffffffu) > 0x7f800000u;
      }

      fn isNegative(t: f32) -> bool {
        return bitcast<u32>(t) - 0x80000001u < 0x7f800000u;
      }

      fn highPart(t: f32) -> f32 {
        return bitcast<f32>(bitcast<u32>(t) & 0xfffff000u);
      }

      // a·2^k for whole k from -252 to 254, in two steps, each by a power that float32 holds.
      fn scaleByPowerOfTwo(a: f32, k: f32) -> f32 {
        let power = i32(k);
        let half = power >> 1u;
        return a * bitcast<f32>((half + 127) << 23u) * bitcast<f32>((power - half + 127) << 23u);
      }

      // a·b, and 0 where b is 0, or so small that a device may take it for 0, and a is infinite.
      fn vanishingProduct(a: f32, b: f32) -> f32 {
        let boundless = (bitcast<u32>(a) & 0x7f800000u) == 0x7f800000u;
        let vanishes = (bitcast<u32>(b) & 0x7fffffffu) < select(1u, 0x00800000u, boundless);
        return select(a * b, 0.0, vanishes);
      }

      fn erfc_f32(t: f32) -> f32 {
        let least = min(abs(t), 10.1);
        let total = least + least + 1.0;
        let total2 = least + 2.0;
        let ratio = 1.0 / (total * total2);
        let product = ratio * total2;
        let high = highPart(product);
        let difference = least * (ratio * total) - 0.5;
        let total3 = 0.16754343 + (-0.31656846 + -0.20598131 * difference) * difference;
        let product2 = (-0.25774577 + (0.5527641 + total3 * difference) * difference) * difference;
        let total4 = -0.6641257 + (1.3124298 + (-0.86728626 + product2) * difference) * difference;
        let total5 = 0.2769784 + (-0.18552768 + total4 * difference) * difference;
        let total6 = high + high;
        let high2 = highPart(least);
        let difference2 = least - high2;
        let product3 = product * (1.0 - high - total6 * high2 - total6 * difference2) * (total5 + 1.0);
        let total7 = high * total5 + product3;
        let rounded = round(least * least * -1.442695);
        let difference3 = rounded * -0.69314575 - high2 * high2 - (difference2 * (least + high2) + rounded * 0.0000014286068);
        let total8 = 0.041667435 + (0.008366272 + 0.0013870692 * difference3) * difference3;
        let product4 = difference3 * difference3 * (0.49999997 + (0.16666546 + total8 * difference3) * difference3);
        let scaled = scaleByPowerOfTwo(high + (total7 + (high + total7) * (product4 + difference3)), rounded);
        return select(select(scaled, 2.0 - scaled, isNegative(t)), t, isNaN(t));
      }

      @compute @workgroup_size(256)
      fn main(
        @builtin(workgroup_id) workgroup: vec3u,
        @builtin(num_workgroups) workgroups: vec3u,
        @builtin(local_invocation_index) lane: u32,
      ) {
        let index = (workgroup.x + workgroup.y * workgroups.x) * 256u + lane;
        if (index >= uniforms.elements) { return; }
        let x = x_in[index];
        y_out[index] = select(vanishingProduct(x, 0.5 * erfc_f32(-0.70710677 * x)), x, isNaN(x));
      }
      "
    `);
  });

  test('velu, one invocation per row', async () => {
    const text = await textOf(velu(), { shape: [2, 6], dtype: 'float32' });
    expect(mainOf(text)).toMatchInlineSnapshot(`
      "@compute @workgroup_size(64)
      fn main(
        @builtin(workgroup_id) workgroup: vec3u,
        @builtin(num_workgroups) workgroups: vec3u,
        @builtin(local_invocation_index) lane: u32,
      ) {
        let unit = (workgroup.x + workgroup.y * workgroups.x) * 64u + lane;
        if (unit >= uniforms.units) { return; }
        let group = unit;
        let first = group * uniforms.group_elements;
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
  });

  test('velu, the lanes of a workgroup together', async () => {
    const text = await textOf(velu(), { shape: [2, 12], dtype: 'float32' }, true);
    expect(mainOf(text)).toMatchInlineSnapshot(`
      "@compute @workgroup_size(256)
      fn main(
        @builtin(workgroup_id) workgroup: vec3u,
        @builtin(num_workgroups) workgroups: vec3u,
        @builtin(local_invocation_index) lane: u32,
      ) {
        let unit = (workgroup.x + workgroup.y * workgroups.x) * 128u + lane / 2u;
        let member = lane % 2u;
        let group = unit;
        let first = group * uniforms.group_elements;
        let count = select(0u, uniforms.group_elements, unit < uniforms.units);
        var x_kept: array<f32, 8>;
        var sum = 0.0;
        for (var e = 0u; e < 8u; e++) {
          let k = e * 2u + member;
          if (k < count) {
            let index = first + k;
            let x = x_in[index];
            x_kept[e] = x;
            sum += x * x;
          }
        }
        workgroupBarrier();
        shared_f32[lane] = sum;
        for (var width = 1u; width > 0u; width >>= 1u) {
          workgroupBarrier();
          if (member < width) {
            shared_f32[lane] = shared_f32[lane] + shared_f32[lane + width];
          }
        }
        workgroupBarrier();
        let whole_sum = shared_f32[lane - member];
        let mean = whole_sum / uniforms.group_size;
        let product2 = uniforms.gamma * tanh_f32(uniforms.gain * (1.0 / sqrt(mean + uniforms.epsilon)));
        let total = 1.0 + product2;
        for (var e = 0u; e < 8u; e++) {
          let k = e * 2u + member;
          if (k < count) {
            let index = first + k;
            let x2 = x_kept[e];
            let product = uniforms.alpha * (atan_f32(uniforms.beta1 * x2) + asin_f32(uniforms.beta2 * x2));
            y_out[index] = select(uniforms.lambda * (x2 * sigmoid_f32(product) * total), x2, isNaN(x2));
          }
        }
      }
      "
    `);
  });
});

/** The main function, after the functions that it calls. */
const mainOf = (text: string): string => text.slice(text.indexOf('@compute'));
