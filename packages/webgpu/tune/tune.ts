/**
 * Measures kernels under different settings on the GPU of this machine: `node tune.mjs [--elements 24,26] [--seconds 90]
 * [--json FILE]`. Prints what the device does where WGSL leaves it open, the roofs, and for each case the settings in order
 * of speed. Results are compared with the reference before anything is timed.
 */
import { writeFileSync } from 'node:fs';
import { generateProgram, type Program } from '@isoact/codegen';
import {
  createReferenceBackend,
  decodeHalf,
  elementCount,
  encodeHalf,
  parameterShape,
  type TensorSpec,
} from '@isoact/core';
import { gpuTarget, plan } from '@isoact/core/plan';
import { describeDevice } from '../src/device.ts';
import { createInstance } from '../src/instance.ts';
import { type Case, cases, type Variant } from './cases.ts';
import { createStopwatch } from './measure.ts';
import { type Patch, patches } from './patches.ts';
import { probe } from './probes.ts';

const option = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};
const [smallLog = 24, largeLog = 26] = option('elements', '24,26').split(',').map(Number);
const seconds = Number(option('seconds', '85'));
const only = option('only', '');
const began = performance.now();
const timeLeft = (): boolean => performance.now() - began < seconds * 1000;

const dawnPackage = 'webgpu';
const { create } = (await import(dawnPackage)) as typeof import('webgpu');
const gpu = create(['disable-dawn-features=timestamp_quantization', 'enable-dawn-features=allow_unsafe_apis']);
const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
if (!adapter) throw new Error('a GPU must be there');
const limitNames = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const;
const device = await adapter.requestDevice({
  requiredFeatures: (['shader-f16', 'subgroups', 'timestamp-query'] as GPUFeatureName[]).filter((name) =>
    adapter.features.has(name),
  ),
  requiredLimits: Object.fromEntries(limitNames.map((name) => [name, adapter.limits[name]])),
});
let uncaptured = 0;
device.addEventListener('uncapturederror', (event) => {
  if (uncaptured++ < 5) console.error('UNCAPTURED', (event as GPUUncapturedErrorEvent).error.message.slice(0, 300));
});
const info = describeDevice(device);
const report: Record<string, unknown> = {
  device: info,
  features: [...device.features],
  limits: Object.fromEntries(limitNames.map((name) => [name, device.limits[name]])),
};
console.log('device', JSON.stringify(info));
console.log('limits', JSON.stringify(report.limits));
console.log('features', [...device.features].join(' '));
const { subgroupMinSize, subgroupMaxSize } = device.adapterInfo as GPUAdapterInfo & Record<string, number>;
const subgroup = device.features.has('subgroups') && subgroupMinSize === subgroupMaxSize ? (subgroupMinSize ?? 0) : 0;
const watch = createStopwatch(device, info.software ? 1 : 5);

// --- memory: sets of buffers that together exceed the cache -------------------------------------------------------
const largest = 2 ** largeLog;
const setBytes = largest * 4;
const setCount = Math.max(2, Math.min(4, Math.ceil(2 ** 29 / setBytes)));
interface BufferSet {
  readonly x: GPUBuffer;
  readonly upstream: GPUBuffer;
  readonly output: GPUBuffer;
}
const storage = 0x80 | 0x8 | 0x4; // STORAGE | COPY_DST | COPY_SRC
const sets: BufferSet[] = Array.from({ length: setCount }, () => ({
  x: device.createBuffer({ size: setBytes, usage: storage }),
  upstream: device.createBuffer({ size: setBytes, usage: storage }),
  output: device.createBuffer({ size: setBytes, usage: storage }),
}));
/** Elements repeat with this period. */
const period = Math.min(2 ** 16, 2 ** smallLog);
const noise = (seed: number): Float32Array =>
  Float32Array.from({ length: period }, (_, i) => {
    const t = Math.imul(i + seed, 2654435761) >>> 0;
    const u = (Math.imul(t ^ (t >>> 15), 2246822519) >>> 8) / 2 ** 24;
    return (u - 0.48) * 8;
  });
const [xs, us] = [noise(1), noise(77)];
function fill(target: GPUBuffer, words: Uint8Array<ArrayBuffer>): void {
  const source = device.createBuffer({ size: words.byteLength, usage: storage });
  device.queue.writeBuffer(source, 0, words);
  const encoder = device.createCommandEncoder();
  for (let done = 0; done < target.size; done += words.byteLength) {
    encoder.copyBufferToBuffer(source, 0, target, done, Math.min(words.byteLength, target.size - done));
  }
  device.queue.submit([encoder.finish()]);
}
async function readBytes(source: GPUBuffer, at: number, bytes: number): Promise<ArrayBuffer> {
  const read = device.createBuffer({ size: bytes, usage: 0x1 | 0x8 });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, at, read, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(1);
  const copy = read.getMappedRange().slice(0);
  read.destroy();
  return copy;
}
let filledWith = '';
function fillAll(kind: 'float32' | 'float16'): void {
  if (filledWith === kind) return;
  filledWith = kind;
  const bytesOf = (values: Float32Array): Uint8Array<ArrayBuffer> =>
    kind === 'float32'
      ? new Uint8Array(values.slice().buffer)
      : new Uint8Array(Uint16Array.from(values, encodeHalf).buffer);
  for (const set of sets) {
    fill(set.x, bytesOf(xs));
    fill(set.upstream, bytesOf(us));
  }
}

// --- roofs ----------------------------------------------------------------------------------------------------------
async function pipelineOf(code: string): Promise<GPUComputePipeline> {
  return device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }) },
  });
}
const dispatch = (pass: GPUComputePassEncoder, workgroups: number): void => {
  const layers = Math.ceil(workgroups / device.limits.maxComputeWorkgroupsPerDimension);
  pass.dispatchWorkgroups(Math.ceil(workgroups / layers), layers);
};
const place = '(w.x + w.y * n.x)';

interface Row {
  readonly case: string;
  readonly variant: string;
  readonly log: number;
  readonly micros: number;
  readonly wallMicros: number;
  readonly gigabytes: number;
  readonly nanos: number;
  readonly dispatches: number;
  readonly note: string;
}
const rows: Row[] = [];
const add = (row: Row): void => {
  rows.push(row);
  console.log(
    `${row.case.padEnd(24)} ${row.variant.padEnd(22)} 2^${row.log} ${row.micros.toFixed(1).padStart(9)} us (wall ${row.wallMicros.toFixed(1)}) ${row.gigabytes.toFixed(0).padStart(5)} GB/s ${row.note}`,
  );
};
const callsFor = (elements: number): number =>
  info.software ? 1 : Math.max(8, Math.min(60, Math.round(2 ** 30 / elements)));

async function copyRoof(log: number): Promise<number> {
  let best = 0;
  for (const [size, packs] of [
    [256, 1],
    [128, 1],
    [64, 1],
    [512, 1],
    [1024, 1],
    [256, 2],
    [256, 4],
    [512, 2],
    [128, 4],
    [256, 8],
  ] as const) {
    if (size > device.limits.maxComputeInvocationsPerWorkgroup) continue;
    const each = Array.from({ length: packs }, (_, p) => `first + ${p * size}u`);
    const code = `@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> b: array<vec4f>;
@compute @workgroup_size(${size})
fn main(@builtin(workgroup_id) w: vec3u, @builtin(num_workgroups) n: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = ${place} * ${size * packs}u + lane;
  ${each.map((at, p) => `let t${p} = a[${at}];`).join('\n  ')}
  ${each.map((at, p) => `b[${at}] = t${p};`).join('\n  ')}
}`;
    const pipeline = await pipelineOf(code);
    const elements = 2 ** log;
    const groups = sets.map((set) =>
      device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [set.x, set.output].map((buffer, binding) => ({ binding, resource: { buffer, size: elements * 4 } })),
      }),
    );
    const timing = await watch.time((pass, turn) => {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, groups[turn % groups.length] as GPUBindGroup);
      dispatch(pass, elements / 4 / size / packs);
    }, callsFor(elements));
    const gigabytes = (elements * 8) / timing.micros / 1000;
    best = Math.max(best, gigabytes);
    add({ case: 'copy', variant: `${size}x${packs}`, log, ...timing, gigabytes, nanos: 0, dispatches: 1, note: '' });
  }
  return best;
}

/** Float operations a second of independent chains of multiply-add, times 10^12. */
async function multiplyAddRoof(): Promise<number> {
  const iterations = info.software ? 16 : 512;
  const workgroups = info.software ? 64 : 132 * 32;
  const code = `@group(0) @binding(0) var<storage, read_write> b: array<vec4f>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  var s = vec4f(f32(id.x), 1.0, 2.0, 3.0); var t = s + 1.0; var u = s + 2.0; var v = s + 3.0;
  let m = vec4f(0.999); let c = vec4f(1e-3);
  for (var i = 0u; i < ${iterations}u; i++) {
    ${'s = fma(s, m, c); t = fma(t, m, c); u = fma(u, m, c); v = fma(v, m, c);\n    '.repeat(4)}
  }
  b[id.x] = s + t + u + v;
}`;
  const pipeline = await pipelineOf(code);
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: (sets[0] as BufferSet).output } }],
  });
  const timing = await watch.time((pass) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(workgroups);
  }, 3);
  return (workgroups * 256 * iterations * 64 * 2) / timing.micros / 1e6;
}

/** Nanoseconds of the function of an element alone, its argument in a register: the arithmetic roof of a kernel. */
async function functionRoof(
  program: Program & { parameters?: Readonly<Record<string, unknown>> },
  patch: Patch = (code) => code,
): Promise<number | null> {
  const kernel = program.kernels.find(({ code }) => /fn (?:value|gradient)\(/.test(code));
  const head = kernel?.code.match(/fn (value|gradient)\(([^)]*)\)/);
  if (!kernel || !head) return null;
  const names = (head[2] as string).split(', ').map((each) => each.split(': '));
  if (names.some(([, type]) => type !== 'f32')) return null;
  const packed = /var<storage, read> \w+: array<vec4f>/.test(kernel.code);
  if (!packed) return null;
  const repeats = info.software ? 1 : 32;
  const call = (component: string): string =>
    `${head[1]}(${names.map(([name]) => (/^(?:x|upstream|kept)\d*$/.test(name as string) ? `t.${component}` : '1.25')).join(', ')})`;
  const reads = [...kernel.code.matchAll(/var<storage, read> (\w+)/g)].map(([, name]) => `_ = &${name};`);
  const writes = [...kernel.code.matchAll(/var<storage, read_write> (\w+)/g)].map(([, name]) => name as string);
  const target = writes.find((name) => name.endsWith('_out')) as string;
  const main = `@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  ${[...reads, ...writes.map((name) => `_ = &${name};`)].join(' ')}${kernel.uniforms.length > 0 ? ' _ = &uniforms;' : ''}
  var t = vec4f(f32(id.x & 1023u)) * 0.007 - vec4f(3.5, 3.6, 3.7, 3.8);
  var total = vec4f();
  for (var i = 0u; i < ${repeats}u; i++) {
    total += vec4f(${['x', 'y', 'z', 'w'].map(call).join(', ')});
    t += 0.013;
  }
  if (total.x == 123.456) { ${target}[id.x] = total; }
}`;
  const code = patch(`${kernel.code.slice(0, kernel.code.indexOf('@compute'))}${main}`);
  const pipeline = await pipelineOf(code);
  const uniforms = device.createBuffer({
    size: Math.max(16, Math.ceil(kernel.uniforms.length / 4) * 16),
    usage: 0x40 | 0x8,
  });
  const values = new Float32Array(kernel.uniforms.length).fill(1);
  kernel.uniforms.forEach((word, w) => {
    if (word.type === 'f32') values[w] = word.value;
    if (word.type === 'parameter') values[w] = (program.parameters?.[word.name] as number | undefined) ?? 1;
  });
  device.queue.writeBuffer(uniforms, 0, values);
  const buffers = kernel.bindings.map(
    (binding) =>
      ({ x: (sets[0] as BufferSet).x, upstream: (sets[0] as BufferSet).upstream })[
        'name' in binding && binding.kind === 'input' ? binding.name : ''
      ] ?? device.createBuffer({ size: 2 ** 20, usage: storage }),
  );
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [...(kernel.uniforms.length > 0 ? [uniforms] : []), ...buffers].map((buffer, binding) => ({
      binding,
      resource: { buffer },
    })),
  });
  const workgroups = info.software ? 1 : 132 * 64;
  const timing = await watch.time((pass) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(workgroups);
  }, 3);
  return (timing.micros * 1000) / (workgroups * 256 * repeats * 4);
}

// --- the cases -------------------------------------------------------------------------------------------------------
/** The program of a variant, compiled. */
async function compiled(each: Case, variant: Variant, log: number) {
  const spec = { ...each.spec(2 ** log), dtype: each.storage } satisfies TensorSpec;
  const elements = elementCount(spec.shape);
  const planned = plan(each.activation, spec, each.direction, gpuTarget);
  const program = generateProgram(
    planned,
    { avoidsBarriers: false, subgroup: variant.subgroup ? subgroup : 0, tuning: variant.tuning },
    each.storage,
  );
  return { spec, elements, planned, program, instance: await createInstance(device, program) };
}

async function measure(
  each: Case,
  variant: Variant,
  log: number,
  { spec, elements, planned, program, instance }: Awaited<ReturnType<typeof compiled>>,
): Promise<void> {
  const elementBytes = each.storage === 'float16' ? 2 : 4;
  const extra = new Map<string, GPUBuffer>();
  const other = (name: string): GPUBuffer => {
    let buffer = extra.get(name);
    if (!buffer) {
      buffer = device.createBuffer({ size: 2 ** 22, usage: storage });
      device.queue.writeBuffer(buffer, 0, new Float32Array(2 ** 16).fill(0.25));
      extra.set(name, buffer);
    }
    return buffer;
  };
  const bytes = Math.ceil((elements * elementBytes) / 4) * 4;
  const calls = sets.map((set) =>
    instance.prepare(
      (binding) => {
        if (binding.kind === 'input')
          return { buffer: binding.name === 'x' ? set.x : set.upstream, offset: 0, size: bytes };
        if (binding.kind === 'output') return { buffer: set.output, offset: 0, size: bytes };
        return { buffer: other(`${binding.kind} ${binding.name}`), offset: 0, size: 2 ** 20 };
      },
      (name) => (name === 'upstreamPenalty' ? 0 : (each.activation.parameters[name] as number)),
    ),
  );
  const error = log === smallLog ? await check(each, spec, calls[0] as never, elementBytes) : 0;
  const timing = await watch.time(
    (pass, turn) => (calls[turn % calls.length] as (pass: GPUComputePassEncoder) => void)(pass),
    callsFor(elements),
  );
  const moved = (planned.valuesRead + planned.valuesWritten) * elements * elementBytes;
  add({
    case: `${each.name} ${each.direction}`,
    variant: variant.name,
    log,
    ...timing,
    gigabytes: moved / timing.micros / 1000,
    nanos: (timing.micros * 1000) / elements,
    dispatches: program.kernels.length,
    note: error > 5e-5 ? `WRONG ${error.toExponential(1)}` : '',
  });
  instance.destroy();
  for (const buffer of extra.values()) buffer.destroy();
}

const expected = new Map<string, Float32Array>();
/** The largest relative error of the first and last elements. */
async function check(
  each: Case,
  spec: TensorSpec,
  call: (pass: GPUComputePassEncoder) => void,
  elementBytes: number,
): Promise<number> {
  const elements = elementCount(spec.shape);
  const [set] = sets as [BufferSet];
  const clear = device.createCommandEncoder();
  clear.clearBuffer(set.output);
  const pass = clear.beginComputePass();
  call(pass);
  pass.end();
  device.queue.submit([clear.finish()]);
  const inner =
    elements % period === 0 ? spec.shape.slice(1).reduce((a, b) => a * b, 1) : (spec.shape.at(-1) as number);
  if (elements % period !== 0 && spec.shape.length === 1) return 0;
  const rows = Math.min(spec.shape[0] ?? 1, Math.max(1, Math.floor(period / inner)));
  const shape = spec.shape.length === 1 ? [Math.min(period, elements)] : [rows, ...spec.shape.slice(1)];
  const count = elementCount(shape);
  const key = `${each.name} ${each.direction}`;
  let wanted = expected.get(key);
  const stored = (values: Float32Array): Float32Array =>
    elementBytes === 2 ? Float32Array.from(values, (t) => decodeHalf(encodeHalf(t))) : values;
  if (!wanted) {
    const small = { ...spec, shape, dtype: 'float32' as const };
    const oracle = await createReferenceBackend().compile(each.activation, small);
    const parameters = Object.fromEntries(
      Object.keys(spec.parameterShapes ?? {})
        .filter((name) => name in each.activation.parameters)
        .map((name) => [name, new Float32Array(elementCount(parameterShape(name, spec))).fill(0.25)]),
    );
    const repeated = (values: Float32Array): Float32Array =>
      Float32Array.from({ length: count }, (_, i) => values[i % period] as number);
    const x = repeated(stored(xs));
    const result =
      each.direction === 'forward'
        ? (await oracle.forward({ x, parameters })).y
        : (await oracle.vjp({ x, parameters, upstream: { y: repeated(stored(us)) } })).x;
    wanted = Float32Array.from(result as ArrayLike<number>);
    expected.set(key, wanted);
  }
  let worst = 0;
  const starts = elements % period === 0 ? [0, elements - count] : [0];
  for (const start of starts) {
    const raw = await readBytes(set.output, start * elementBytes, Math.floor((count * elementBytes) / 4) * 4);
    const got = elementBytes === 2 ? Float32Array.from(new Uint16Array(raw), decodeHalf) : new Float32Array(raw);
    const slack = elementBytes === 2 ? 2 ** -10 : 0;
    for (let i = 0; i < Math.min(got.length, wanted.length); i++) {
      const value = wanted[i] as number;
      const error = Math.abs((got[i] as number) - value) / (Math.abs(value) + 1e-2);
      worst = Math.max(worst, error > slack ? error : 0, Number.isNaN(error) ? 1 : 0);
    }
  }
  return worst;
}

// --- the run ---------------------------------------------------------------------------------------------------------
report.probes = await probe(device);
console.log(JSON.stringify(report.probes, null, 1));
fillAll('float32');
const roofs: Record<number, number> = {};
for (const log of new Set([smallLog, largeLog])) roofs[log] = await copyRoof(log);
const teraflops = await multiplyAddRoof();
console.log(`copy ${JSON.stringify(roofs)} GB/s, multiply-add ${teraflops.toFixed(1)} TFLOP/s`);
report.copyGigabytes = roofs;
report.teraflops = teraflops;
// one empty dispatch after another that depends on it
{
  const pipeline = await pipelineOf(
    '@group(0) @binding(0) var<storage, read_write> b: array<u32>;\n@compute @workgroup_size(32) fn main(@builtin(local_invocation_index) i: u32) { b[i] += 1u; }',
  );
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: device.createBuffer({ size: 256, usage: storage }) } }],
  });
  const { micros } = await watch.time((pass) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(1);
  }, 200);
  report.dependentDispatchMicros = micros;
  console.log(`a dispatch that waits for the one before: ${micros.toFixed(2)} us`);
}
const functionNanos: Record<string, number> = {};
report.functionNanos = functionNanos;
const chosen = cases.filter(({ name, direction }) => `${name} ${direction}`.includes(only));
for (const each of chosen) {
  const key = `${each.name} ${each.direction}`;
  if (!timeLeft() || each.storage === 'float16') continue;
  try {
    const planned = plan(each.activation, each.spec(2 ** smallLog), each.direction, gpuTarget);
    const nanos = await functionRoof(
      Object.assign(generateProgram(planned, { avoidsBarriers: false }, 'float32'), {
        parameters: each.activation.parameters,
      }),
    );
    if (nanos !== null) functionNanos[key] = nanos;
  } catch (failure) {
    console.log(`function of ${key}: ${String(failure).slice(0, 300)}`);
  }
}
console.log('function alone, ns/element', JSON.stringify(functionNanos));
const patchNanos: Record<string, Record<string, number>> = {};
report.patchNanos = patchNanos;
for (const each of cases.filter(({ large, direction }) => large && direction === 'forward')) {
  const key = `${each.name} ${each.direction}`;
  for (const [name, patch] of Object.entries(patches)) {
    if (!key.includes(only) || !timeLeft()) continue;
    try {
      const planned = plan(each.activation, each.spec(2 ** smallLog), each.direction, gpuTarget);
      const program = generateProgram(planned, { avoidsBarriers: false }, 'float32');
      const nanos = await functionRoof(Object.assign(program, { parameters: each.activation.parameters }), patch);
      if (nanos === null) break;
      patchNanos[key] = { ...patchNanos[key], [name]: Number((nanos * 1000).toFixed(3)) };
    } catch (failure) {
      console.log(`${name} of ${key}: ${String(failure).slice(0, 300)}`);
    }
  }
}
console.log('patched functions, ps/element', JSON.stringify(patchNanos));
for (const log of new Set([smallLog, largeLog])) {
  for (const each of chosen) {
    if (log !== smallLog && !each.large) continue;
    fillAll(each.storage);
    // the larger size: the best of the smaller one
    const key = `${each.name} ${each.direction}`;
    const ranked = rows.filter((row) => row.case === key && row.log === smallLog).sort((a, b) => a.micros - b.micros);
    const variants =
      log === smallLog
        ? each.variants
        : each.variants.filter(({ name }) => ranked.slice(0, 5).some((row) => row.variant === name));
    const possible = variants.filter((variant) => {
      if (variant.subgroup && subgroup === 0) return false;
      return !(
        Math.max(
          0,
          ...Object.entries(variant.tuning).map(([name, value]) => (name.endsWith('Workgroup') ? Number(value) : 0)),
        ) > device.limits.maxComputeInvocationsPerWorkgroup
      );
    });
    // all at once: compilers work side by side
    const ready = info.software ? null : timeLeft() ? possible.map((variant) => compiled(each, variant, log)) : [];
    for (const one of ready ?? []) one.catch(() => {});
    for (const [v, variant] of possible.entries()) {
      if (!timeLeft()) break;
      try {
        await measure(each, variant, log, await (ready?.[v] ?? compiled(each, variant, log)));
      } catch (failure) {
        console.log(`${key} ${variant.name}: ${String(failure).slice(0, 300)}`);
      }
    }
  }
}

console.log(
  `\n--- table: percent of the copy roof (2^${smallLog}: ${roofs[smallLog]?.toFixed(0)}, 2^${largeLog}: ${roofs[largeLog]?.toFixed(0)} GB/s)`,
);
for (const each of chosen) {
  const key = `${each.name} ${each.direction}`;
  for (const log of new Set([smallLog, largeLog])) {
    const own = rows.filter((row) => row.case === key && row.log === log).sort((a, b) => a.micros - b.micros);
    if (own.length === 0) continue;
    const scale = 100 / (roofs[log] as number);
    const list = own.map(
      (row) => `${row.variant} ${(row.gigabytes * scale).toFixed(0)}%${row.note ? ` ${row.note}` : ''}`,
    );
    console.log(
      `${key} 2^${log} (${own[0]?.micros.toFixed(1)} us; function alone ${(((functionNanos[key] ?? 0) * 2 ** log) / 1000).toFixed(1)} us): ${list.join(' | ')}`,
    );
  }
}
report.rows = rows;
report.uncaptured = uncaptured;
report.seconds = (performance.now() - began) / 1000;
console.log(`uncaptured errors ${uncaptured}, ${(report.seconds as number).toFixed(1)} s`);
writeFileSync(option('json', 'tune.json'), JSON.stringify(report, null, 1));
device.destroy();
