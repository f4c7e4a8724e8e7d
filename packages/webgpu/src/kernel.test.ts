import {
  adaRelu,
  createReference,
  createReferenceBackend,
  DeviceError,
  DisposedError,
  encodeHalf,
  ParameterError,
  prelu,
  relu,
  swish,
  type TensorSpec,
  velu,
} from '@isoact/core';
import { gpuKind } from '@isoact-tooling/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnedDevice, requestDevice } from './device.ts';
import { createBackend, createKernel } from './index.ts';
import { readNumbers, writeNumbers } from './testing/buffers.ts';

describe.skipIf(gpuKind() === 'none')('createKernel', () => {
  let owned: OwnedDevice;
  let device: GPUDevice;
  beforeAll(async () => {
    owned = await requestDevice();
    device = owned.device;
  });
  afterAll(() => owned.release());

  const submit = (record: (encoder: GPUCommandEncoder) => void): void => {
    const encoder = device.createCommandEncoder();
    record(encoder);
    device.queue.submit([encoder.finish()]);
  };
  const values = Float32Array.from({ length: 96 }, (_, index) => Math.sin(index));

  test('both directions in one pass of the caller', async () => {
    const spec = { shape: [8, 12], dtype: 'float32' } as const;
    const kernel = await createKernel(device, velu({ lambda: 0.5 }), spec);
    const [x, upstream] = [writeNumbers(device, values), writeNumbers(device, values.toReversed())];
    const empty = new Float32Array(96);
    const [y, gradient, lambda] = [
      writeNumbers(device, empty),
      writeNumbers(device, empty),
      writeNumbers(device, new Float32Array(1)),
    ];
    submit((encoder) => {
      const pass = encoder.beginComputePass();
      kernel.encode(pass, { x, y });
      kernel.encodeVjp(pass, { x, upstream, gradient, parameterGradients: { lambda } });
      pass.end();
    });
    const oracle = await createReferenceBackend().compile(velu({ lambda: 0.5 }), spec);
    const wanted = await oracle.vjp({ x: values, upstream: { y: values.toReversed() } });
    const forward = await oracle.forward({ x: values });
    const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] as number))));
    expect(distance(await readNumbers(device, y), forward.y)).toBeLessThan(2e-7);
    expect(distance(await readNumbers(device, gradient), wanted.x)).toBeLessThan(5e-7);
    expect(distance(await readNumbers(device, lambda), wanted.parameters.lambda as Float32Array)).toBeLessThan(1e-6);
    expect(kernel.forward).toMatchObject({ passes: 1, dispatches: 1, bytes: 96 * 8 });
    expect(kernel.vjp).toMatchObject({ passes: 1, bytes: 96 * 12 });
    kernel.dispose();
    expect(() => submit((encoder) => kernel.encode(encoder, { x, y }))).toThrow(DisposedError);
  });

  // Where asin(0.1·x) is steep, and among 64 numbers, the last bits of 0.1 and of 0.3 show in float16.
  test('parameters as float16 has them, like the backend behind the contract', async () => {
    const spec = { shape: [1, 64], dtype: 'float16' } as const;
    const x = Uint16Array.from({ length: 64 }, (_, index) => encodeHalf((index - 31.5) / 3.195));
    const words = new Float32Array(x.buffer);
    const backend = await createBackend({ device });
    const compiled = await backend.compile(velu(), spec);
    const lambda = Uint16Array.of(encodeHalf(0.3));
    const wanted = await compiled.vjp({ x, upstream: { y: x } });
    const scaled = await compiled.forward({ x, parameters: { lambda } });
    const kernel = await createKernel(device, velu(), spec);
    const [source, gradient, y] = [words, words, words].map((each) => writeNumbers(device, each)) as [
      GPUBuffer,
      GPUBuffer,
      GPUBuffer,
    ];
    submit((encoder) => {
      const parameterGradients = { lambda: writeNumbers(device, new Float32Array(1)) };
      kernel.encodeVjp(encoder, { x: source, upstream: source, gradient, parameterGradients });
      kernel.encode(encoder, { x: source, y, parameters: { lambda: 0.3 } });
    });
    const bits = async (buffer: GPUBuffer) => new Uint16Array((await readNumbers(device, buffer)).buffer, 0, 64);
    expect(await bits(gradient)).toEqual(wanted.x);
    expect(await bits(y)).toEqual(scaled.y);
    kernel.dispose();
    await backend.dispose();
  });

  test('x and y as parts of one buffer', async () => {
    const kernel = await createKernel(device, relu(), { shape: [3], dtype: 'float32' });
    const buffer = writeNumbers(device, new Float32Array(192).fill(5));
    device.queue.writeBuffer(buffer, 256, Float32Array.of(-1, 0, 2));
    submit((encoder) => kernel.encode(encoder, { x: { buffer, offset: 256, size: 12 }, y: { buffer, offset: 512 } }));
    const numbers = await readNumbers(device, buffer);
    expect([...numbers.subarray(126, 134)]).toEqual([5, 5, 0, 0, 2, 5, 5, 5]);
    expect([...numbers.subarray(64, 67)]).toEqual([-1, 0, 2]);
  });

  test('new parameter values and sizes compile nothing', async () => {
    const compiled: string[] = [];
    const original = device.createShaderModule.bind(device);
    device.createShaderModule = (descriptor) => {
      compiled.push(descriptor.code);
      return original(descriptor);
    };
    const [x, y] = [writeNumbers(device, values), writeNumbers(device, new Float32Array(96))];
    const kernel = await createKernel(device, swish(), { shape: [48], dtype: 'float32' });
    expect(compiled.length).toBeGreaterThan(0);
    compiled.length = 0;
    const results: number[][] = [];
    for (const beta of [1, 2]) {
      submit((encoder) => kernel.encode(encoder, { x, y, parameters: { beta } }));
      results.push([...(await readNumbers(device, y))]);
    }
    expect(results[0]).not.toEqual(results[1]);
    (await createKernel(device, swish({ beta: 3 }), { shape: [7, 4], dtype: 'float32' })).dispose();
    expect(compiled).toEqual([]);
    device.createShaderModule = original;
  });

  test.each([false, true])('a new batch and a new λ of velu compile nothing, with barriers %s', async (barriers) => {
    const options = { barriers, tuning: { widest: 1, groupElements: 1 } } as const;
    const [rows, more] = [{ shape: [300, 8] }, { shape: [4000, 8] }].map((each) => ({
      ...each,
      dtype: 'float32' as const,
    }));
    const first = await createKernel(device, velu(), rows as TensorSpec, options);
    let pipelines = 0;
    const original = device.createComputePipelineAsync.bind(device);
    device.createComputePipelineAsync = (descriptor) => {
      pipelines++;
      return original(descriptor);
    };
    const second = await createKernel(device, velu({ lambda: 0.5, alpha: 2 }), more as TensorSpec, options);
    device.createComputePipelineAsync = original;
    expect(pipelines).toBe(0);
    for (const kernel of [first, second]) kernel.dispose();
  });

  test('ten thousand calls hold on to nothing', { timeout: 120_000 }, async () => {
    const kernel = await createKernel(device, swish(), { shape: [96], dtype: 'float32' });
    const [x, y] = [writeNumbers(device, values), writeNumbers(device, values)];
    const [gradient, beta] = [writeNumbers(device, values), writeNumbers(device, new Float32Array(1))];
    const betas = [0.5, 1, 1.5, 2];
    const calls = async (count: number): Promise<void> => {
      for (let batch = 0; batch < count / 100; batch++) {
        submit((encoder) => {
          for (let call = 0; call < 50; call++) {
            const parameters = { beta: betas[call % betas.length] as number };
            kernel.encode(encoder, { x, y, parameters });
            kernel.encodeVjp(encoder, { x, upstream: y, gradient, parameterGradients: { beta }, parameters });
          }
        });
        await device.queue.onSubmittedWorkDone();
      }
    };
    await calls(100);
    const made: string[] = [];
    const [createBuffer, createBindGroup] = [device.createBuffer.bind(device), device.createBindGroup.bind(device)];
    device.createBuffer = (descriptor) => {
      made.push(`buffer ${descriptor.label}`);
      return createBuffer(descriptor);
    };
    device.createBindGroup = (descriptor) => {
      made.push('bind group');
      return createBindGroup(descriptor);
    };
    await calls(10_000);
    Object.assign(device, { createBuffer, createBindGroup });
    expect(made).toEqual([]);
    kernel.dispose();
  });

  test('a parameter that lives on the device', async () => {
    const spec = { shape: [2, 3], dtype: 'float32', parameterShapes: { slope: [3] } } as const;
    const kernel = await createKernel(device, prelu(), spec);
    const x = writeNumbers(device, Float32Array.of(-1, -1, -1, 2, -2, -2));
    const [y, slope] = [writeNumbers(device, new Float32Array(6)), writeNumbers(device, Float32Array.of(0.5, 1, 2))];
    submit((encoder) => kernel.encode(encoder, { x, y, parameters: { slope } }));
    expect([...(await readNumbers(device, y))]).toEqual([-0.5, -1, -2, 2, -2, -4]);
    expect(() => submit((encoder) => kernel.encode(encoder, { x, y, parameters: { slope: 1 } }))).toThrow(
      ParameterError,
    );
  });

  test('more workgroups than fit one dimension', async () => {
    const { limits } = device;
    const few: Partial<GPUSupportedLimits> = {
      maxComputeWorkgroupsPerDimension: 3,
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      minStorageBufferOffsetAlignment: limits.minStorageBufferOffsetAlignment,
      minUniformBufferOffsetAlignment: limits.minUniformBufferOffsetAlignment,
    };
    Object.defineProperty(device, 'limits', { configurable: true, value: few });
    const x = writeNumbers(
      device,
      Float32Array.from({ length: 70_000 }, (_, index) => (index % 3) - 1.25),
    );
    const y = writeNumbers(device, new Float32Array(70_000).fill(9));
    const [positive, negative] = [writeNumbers(device, new Float32Array(1)), writeNumbers(device, new Float32Array(1))];
    const kernel = await createKernel(device, adaRelu(), { shape: [70_000], dtype: 'float32' }, { gradients: false });
    submit((encoder) => kernel.encode(encoder, { x, y, newState: { positive, negative } }));
    Object.defineProperty(device, 'limits', { configurable: true, value: limits });
    expect([...(await readNumbers(device, positive)), ...(await readNumbers(device, negative))]).toEqual([
      23_333, 46_667,
    ]);
    const results = await readNumbers(device, y);
    expect(results.every((value, index) => value === Math.max((index % 3) - 1.25, 0))).toBe(true);
  });

  test('buffers that do not fit are refused before any work', async () => {
    const kernel = await createKernel(device, relu(), { shape: [96], dtype: 'float32' });
    const x = writeNumbers(device, values);
    const small = writeNumbers(device, new Float32Array(95));
    const encoder = device.createCommandEncoder();
    expect(() => kernel.encode(encoder, { x, y: small })).toThrow(
      /the bytes of output "y" of relu must be at least 384 \(was 380\)/,
    );
    expect(() => kernel.encode(encoder, { x, y: { buffer: small, offset: 4 } })).toThrow(DeviceError);
    expect(() => kernel.encode(encoder, { x, y: x })).toThrow(
      /the range of output "y" must be apart from that of input "x"/,
    );
    encoder.finish();
  });
});

describe.skipIf(gpuKind() === 'none')('a backend of its own', () => {
  test('calls make no new buffers', async () => {
    const { device, release } = await requestDevice();
    const backend = await createBackend({ device });
    const compiled = await backend.compile(swish(), { shape: [100], dtype: 'float32' });
    const x = new Float32Array(100).fill(1);
    const call = () => compiled.vjp({ x, upstream: { y: x } });
    await call();
    let made = 0;
    const original = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      made++;
      return original(descriptor);
    };
    for (let repeat = 0; repeat < 100; repeat++) await call();
    expect(made).toBe(0);
    await backend.dispose();
    release();
  });

  test('eight parameters per channel, on a device with eight storage buffers', async () => {
    const { device, release } = await requestDevice();
    const limits = new Proxy(device.limits, {
      get: (all, name) => (name === 'maxStorageBuffersPerShaderStage' ? 8 : Reflect.get(all, name, all)),
    });
    Object.defineProperty(device, 'limits', { value: limits });
    const backend = await createBackend({ device });
    const activation = velu();
    const names = Object.keys(activation.parameters);
    const spec = {
      shape: [20, 3],
      channelAxis: 1,
      parameterShapes: Object.fromEntries(names.map((name) => [name, [3]])),
    };
    const compiled = await backend.compile(activation, { ...spec, dtype: 'float32' });
    const reference = createReference(activation, spec);
    const x = Float32Array.from({ length: 60 }, (_, index) => Math.sin(index) * 3);
    const upstream = { y: x.map((value) => 1 - value) };
    // each of its own, so that one taken for another shows
    const parameters = Object.fromEntries(
      names.map((name, k) => [name, Float32Array.of(0.4, 0.5, 0.6).map((value) => value + k / 50)]),
    );
    const { y } = await compiled.forward({ x, parameters });
    const right = reference.forward({ x, parameters });
    for (const [index, value] of y.entries()) expect(value).toBeCloseTo(right.y[index] as number, 5);
    const gradient = await compiled.vjp({ x, parameters, upstream });
    const rightGradient = reference.vjp({ x, parameters, upstream });
    for (const [index, value] of gradient.x.entries()) expect(value).toBeCloseTo(rightGradient.x[index] as number, 4);
    for (const [name, values] of Object.entries(rightGradient.parameters)) {
      for (const [k, value] of values.entries()) expect(gradient.parameters[name]?.[k]).toBeCloseTo(value, 3);
    }
    await backend.dispose();
    release();
  });

  test('the loss of the device reaches the caller, and a new backend works', async () => {
    const { device } = await requestDevice();
    const backend = await createBackend({ device });
    const compiled = await backend.compile(relu(), { shape: [4], dtype: 'float32' });
    const x = Float32Array.of(-1, 0, 1, 2);
    const interrupted = compiled.forward({ x });
    device.destroy();
    await expect(interrupted).rejects.toThrow(DeviceError);
    await device.lost;
    await expect(compiled.forward({ x })).rejects.toThrow(DeviceError);
    await expect(backend.compile(swish(), { shape: [4], dtype: 'float32' })).rejects.toThrow(DeviceError);
    const next = await createBackend();
    const again = await next.compile(relu(), { shape: [4], dtype: 'float32' });
    expect([...(await again.forward({ x })).y]).toEqual([0, 0, 1, 2]);
    await next.dispose();
    await expect(next.compile(relu(), { shape: [4], dtype: 'float32' })).rejects.toThrow(DisposedError);
  });
});
