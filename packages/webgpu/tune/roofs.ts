/** What the device could do at best: copies, arithmetic, and the functions of elements without their memory. */
import type { Kernel, Program } from '@isoact/codegen';
import type { Activation } from '@isoact/core';
import { type Bench, storageUsage } from './bench.ts';
import type { Patch } from './patches.ts';

/** Workgroup sizes and packs of each invocation that copies are tried with. */
const copies = [
  [256, 1],
  [512, 1],
  [1024, 1],
  [256, 2],
  [512, 2],
  [256, 4],
] as const;

/** The fastest copy's microseconds, for each size. */
export async function copyMicros(bench: Bench, log: number): Promise<{ best: number; each: Record<string, number> }> {
  const { device, sets, watch } = bench;
  const elements = 2 ** log;
  const each: Record<string, number> = {};
  for (const [size, packs] of copies) {
    if (size > device.limits.maxComputeInvocationsPerWorkgroup) continue;
    const places = Array.from({ length: packs }, (_, p) => `first + ${p * size}u`);
    const pipeline = await bench.compile(`@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> b: array<vec4f>;
@compute @workgroup_size(${size})
fn main(@builtin(workgroup_id) w: vec3u, @builtin(num_workgroups) n: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = (w.x + w.y * n.x) * ${size * packs}u + lane;
  ${places.map((at, p) => `let t${p} = a[${at}];`).join('\n  ')}
  ${places.map((at, p) => `b[${at}] = t${p};`).join('\n  ')}
}`);
    const groups = sets.map(({ x, output }) =>
      device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [x, output].map((buffer, binding) => ({ binding, resource: { buffer, size: elements * 4 } })),
      }),
    );
    const { micros } = await watch.time((pass, turn) => {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, groups[turn % groups.length] as GPUBindGroup);
      bench.dispatch(pass, elements / 4 / size / packs);
    }, bench.callsFor(elements));
    each[`${size}x${packs}`] = Number(micros.toFixed(1));
  }
  return { best: Math.min(...Object.values(each)), each };
}

/** Float operations a second, times 10^12, of independent chains t² + c, of which no compiler makes fewer. */
export async function teraflops(bench: Bench): Promise<number> {
  const iterations = bench.software ? 16 : 256;
  const workgroups = bench.software ? 4 : 4096;
  const steps = 's = fma(s, s, c); t = fma(t, t, c); u = fma(u, u, c); v = fma(v, v, c);';
  const pipeline = await bench.compile(`@group(0) @binding(0) var<storage, read_write> b: array<vec4f>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  var s = vec4f(f32(id.x & 255u)) * 0.001; var t = s + 0.1; var u = s + 0.2; var v = s + 0.3;
  let c = vec4f(-0.9, -0.8, -0.7, -0.6);
  for (var i = 0u; i < ${iterations}u; i++) {
    ${Array.from({ length: 4 }, () => steps).join('\n    ')}
  }
  b[id.x] = s + t + u + v;
}`);
  const buffer = bench.device.createBuffer({ size: workgroups * 256 * 16, usage: storageUsage });
  const group = bench.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer } }],
  });
  const { micros } = await bench.watch.time((pass) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(workgroups);
  }, 3);
  return (workgroups * 256 * iterations * 64 * 2) / micros / 1e6;
}

/** Microseconds from one dispatch to the next, which needs its result. */
export async function dispatchMicros(bench: Bench): Promise<number> {
  const pipeline = await bench.compile(`@group(0) @binding(0) var<storage, read_write> b: array<u32>;
@compute @workgroup_size(32)
fn main(@builtin(local_invocation_index) i: u32) { b[i] += 1u; }`);
  const buffer = bench.device.createBuffer({ size: 256, usage: storageUsage });
  const group = bench.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer } }],
  });
  const { micros } = await bench.watch.time(
    (pass) => {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(1);
    },
    bench.software ? 2 : 200,
  );
  return micros;
}

/**
 * Picoseconds of the functions of an element that a program's largest kernel calls, on arguments in registers: what its
 * arithmetic takes with no memory at all. Null for a program without such functions.
 */
export async function functionPicos(
  bench: Bench,
  program: Program,
  activation: Activation,
  patch: Patch = (code) => code,
): Promise<number | null> {
  const kernel = [...program.kernels].sort(
    (a, b) => functionsIn(b).length - functionsIn(a).length || b.code.length - a.code.length,
  )[0];
  const heads = kernel ? functionsIn(kernel) : [];
  if (!kernel || heads.length === 0 || !/var<storage, read> \w+: array<vec4f>/.test(kernel.code)) return null;
  const repeats = bench.software ? 1 : 32;
  const names = [...kernel.code.matchAll(/var<storage, (?:read|read_write)> (\w+)/g)].map(([, name]) => name as string);
  const target = names.find((name) => name.endsWith('_out'));
  if (!target) return null;
  const main = `@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  ${[...names, ...(kernel.uniforms.length > 0 ? ['uniforms'] : [])].map((name) => `_ = &${name};`).join(' ')}
  var t = vec4f(f32(id.x & 1023u)) * 0.007 - vec4f(3.5, 3.6, 3.7, 3.8);
  var total = vec4f();
  for (var i = 0u; i < ${repeats}u; i++) {
    total += vec4f(${['x', 'y', 'z', 'w'].map((component) => sumOfResults(kernel, component)).join(', ')});
    t += 0.013;
  }
  if (total.x == 123.456) { ${target}[id.x] = total; }
}`;
  const pipeline = await bench.compile(patch(`${kernel.code.slice(0, kernel.code.indexOf('@compute'))}${main}`));
  const { device, sets } = bench;
  const words = new Float32Array(Math.max(4, kernel.uniforms.length)).fill(1);
  kernel.uniforms.forEach((word, w) => {
    if (word.type === 'f32') words[w] = word.value;
    if (word.type === 'parameter') words[w] = activation.parameters[word.name] ?? 1;
  });
  const uniforms = device.createBuffer({ size: Math.ceil(words.length / 4) * 16, usage: 0x40 | 0x8 });
  device.queue.writeBuffer(uniforms, 0, words);
  const buffers = kernel.bindings.map((binding) =>
    binding.kind === 'input' ? sets[0]?.x : device.createBuffer({ size: 2 ** 20, usage: storageUsage }),
  );
  // one buffer must not be bound twice for writing; inputs are only read
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [...(kernel.uniforms.length > 0 ? [uniforms] : []), ...buffers].map((buffer, binding) => ({
      binding,
      resource: { buffer: buffer as GPUBuffer },
    })),
  });
  const workgroups = bench.software ? 1 : 8192;
  const { micros } = await bench.watch.time((pass) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(workgroups);
  }, 3);
  return (micros * 1e6) / (workgroups * 256 * repeats * 4);
}

const functionsIn = ({ code }: Kernel): RegExpMatchArray[] => [
  ...code.matchAll(/fn (value|gradient|terms\d*)\(([^)]*)\) -> (\w+)/g),
];

/** Every function of an element called once, and all that they yield added up. */
function sumOfResults(kernel: Kernel, component: string): string {
  const given = (declared: string): string => {
    const [name = '', type] = declared.split(': ');
    if (type === 'bool') return 'false';
    if (type === 'u32') return '1u';
    return /^(?:x|upstream|kept)\d*$/.test(name) ? `t.${component}` : '1.25';
  };
  return functionsIn(kernel)
    .flatMap(([, name, parameters = '', result]) => {
      const call = `${name}(${parameters.split(', ').map(given).join(', ')})`;
      const structure = kernel.code.match(new RegExp(`struct ${result} \\{([^}]*)\\}`))?.[1] ?? '';
      const fields = [...structure.matchAll(/(\w+): \w+/g)].map(([, field]) => field);
      return fields.length === 0 ? [`f32(${call})`] : fields.map((field) => `f32(${call}.${field})`);
    })
    .join(' + ');
}
