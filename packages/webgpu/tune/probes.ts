/** What a device does where WGSL leaves it open: kept subnormals, contraction, rounding, the layout of subgroups. */

const run = async (device: GPUDevice, code: string, words: number, input: ArrayBuffer): Promise<ArrayBuffer> => {
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }) },
  });
  const source = device.createBuffer({ size: input.byteLength, usage: 0x80 | 0x8 });
  device.queue.writeBuffer(source, 0, input);
  const target = device.createBuffer({ size: words * 4, usage: 0x80 | 0x4 });
  const read = device.createBuffer({ size: words * 4, usage: 0x8 | 0x1 });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: source } },
        { binding: 1, resource: { buffer: target } },
      ],
    }),
  );
  pass.dispatchWorkgroups(Math.max(1, Math.ceil(words / 256)));
  pass.end();
  encoder.copyBufferToBuffer(target, 0, read, 0, words * 4);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(1);
  const bytes = read.getMappedRange().slice(0);
  for (const buffer of [source, target, read]) buffer.destroy();
  return bytes;
};

const kernel = (body: string, head = '', builtins = ''): string => `${head}
@group(0) @binding(0) var<storage, read> given: array<u32>;
@group(0) @binding(1) var<storage, read_write> found: array<u32>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) lane: u32${builtins}) {
  let i = id.x;
  if (i >= arrayLength(&found)) { return; }
  ${body}
}`;

/** Applies an expression of a, b (floats) to pairs; gives the results. */
async function apply(device: GPUDevice, expression: string, a: Float32Array, b: Float32Array): Promise<Float32Array> {
  const input = new Float32Array(a.length * 2);
  input.set(a);
  input.set(b, a.length);
  const body = `let a = bitcast<f32>(given[i]); let b = bitcast<f32>(given[i + ${a.length}u]);
  found[i] = bitcast<u32>(f32(${expression}));`;
  return new Float32Array(await run(device, kernel(body), a.length, input.buffer));
}

const ulp = (t: number): number => 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(t)))) - 23);

async function worstUlp(
  device: GPUDevice,
  expression: string,
  truth: (a: number, b: number) => number,
): Promise<number> {
  const length = 1 << 16;
  const a = Float32Array.from({ length }, (_, i) => (((i * 2654435761) % 4294967296) / 4294967296 + 0.001) * 8);
  const b = Float32Array.from({ length }, (_, i) => (((i * 40503 + 17) % 65521) / 65521 + 0.01) * 3);
  const got = await apply(device, expression, a, b);
  let worst = 0;
  for (let i = 0; i < length; i++) {
    const exact = truth(a[i] as number, b[i] as number);
    worst = Math.max(worst, Math.abs((got[i] as number) - exact) / ulp(exact));
  }
  return Number(worst.toFixed(3));
}

export async function probe(device: GPUDevice): Promise<Record<string, unknown>> {
  const one = async (expression: string, a: number, b = 0): Promise<number> =>
    (await apply(device, expression, Float32Array.of(a), Float32Array.of(b)))[0] as number;
  const found: Record<string, unknown> = {
    'subnormal kept by *': (await one('a * b', 2 ** -100, 2 ** -40)) !== 0,
    'subnormal kept by +': (await one('a + b', 2 ** -140, 2 ** -141)) !== 0,
    'subnormal seen by <': (await one('select(0.0, 1.0, a > 0.0)', 2 ** -140)) === 1,
    'subnormal kept by select': (await one('select(0.0, a, b < 1.0)', 2 ** -140)) !== 0,
    'subnormal kept by min': (await one('min(a, b)', 2 ** -140, 1)) !== 0,
    'NaN seen by !=': (await one('select(0.0, 1.0, a != a)', Number.NaN)) === 1,
    'max(NaN, 1)': await one('max(a, b)', Number.NaN, 1),
    'inf - inf': await one('a - b', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
    'inf * 0': await one('a * b', Number.POSITIVE_INFINITY, 0),
    'overflow of *': await one('a * b', 2 ** 100, 2 ** 100),
    // (1 + 2^-12)² - 1 - 2^-11 is 2^-24 unrounded, 0 rounded
    'contracts a*b - c': (await one('a * a - b', 1 + 2 ** -12, 1 + 2 ** -11)) !== 0,
    'reassociates (a + b) - a': (await one('(a + b) - a', 1, 2 ** -30)) !== 0,
    'reassociates (a - b) + b': (await one('(a - b) + b', 2 ** -30, 1)) === 2 ** -30,
    'reassociates with constants': (await one('(a + 12582912.0) - 12582912.0', 2.3)) !== 2,
    'division ulp': await worstUlp(device, 'a / b', (a, b) => a / b),
    'reciprocal ulp': await worstUlp(device, '1.0 / b', (_, b) => 1 / b),
    'sqrt ulp': await worstUlp(device, 'sqrt(b)', (_, b) => Math.sqrt(b)),
    'inverseSqrt ulp': await worstUlp(device, 'inverseSqrt(b)', (_, b) => 1 / Math.sqrt(b)),
    'exp2 ulp': await worstUlp(device, 'exp2(-b)', (_, b) => 2 ** -b),
    'exp ulp': await worstUlp(device, 'exp(-b)', (_, b) => Math.exp(-b)),
    'tanh ulp': await worstUlp(device, 'tanh(b)', (_, b) => Math.tanh(b)),
    'round(2.5)': await one('round(a)', 2.5),
  };
  // float16, by the device's own conversions
  const halves = new Uint32Array(65536).map((_, i) => i);
  const decoded = new Float32Array(
    await run(device, kernel('found[i] = bitcast<u32>(unpack2x16float(given[i]).x);'), 65536, halves.buffer),
  );
  const exact = (bits: number): number => {
    const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  };
  found['unpack2x16float wrong'] = decoded.reduce((n, t, i) => n + (Object.is(t, exact(i)) ? 0 : 1), 0);
  const between = Float32Array.from({ length: 63488 }, (_, i) => {
    const [low, high] = [exact(i % 31744), exact((i % 31744) + 1)];
    return i < 31744 ? (low + Math.min(high, 65536)) / 2 : low + (Math.min(high, 65536) - low) * 0.51;
  });
  const encoded = new Uint32Array(
    await run(device, kernel('found[i] = pack2x16float(vec2f(bitcast<f32>(given[i]), 0.0));'), 63488, between.buffer),
  );
  // ties to even in the first half, up in the second
  let wrong = 0;
  for (let i = 0; i < 63488; i++) {
    const bits = i % 31744;
    const wanted = i < 31744 ? bits + (bits & 1) : bits + 1;
    if ((encoded[i] as number) !== wanted) wrong++;
  }
  found['pack2x16float not nearest'] = wrong;
  if (device.features.has('subgroups')) {
    const { subgroupMinSize, subgroupMaxSize } = device.adapterInfo as GPUAdapterInfo & Record<string, number>;
    const code = kernel(
      '_ = &given; found[i] = (subgroup_lane << 16u) | subgroup_size;',
      'enable subgroups;',
      ', @builtin(subgroup_invocation_id) subgroup_lane: u32, @builtin(subgroup_size) subgroup_size: u32',
    );
    const lanes = new Uint32Array(await run(device, code, 1024, new ArrayBuffer(4096)));
    const sizes = new Set(lanes.map((word) => word & 0xffff));
    found['subgroup sizes'] = `${subgroupMinSize}..${subgroupMaxSize}, seen ${[...sizes].join()}`;
    found['subgroups in order'] = lanes.every((word, i) => word >> 16 === i % (word & 0xffff));
  }
  return found;
}
