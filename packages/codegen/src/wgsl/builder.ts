/** Collects what a kernel uses while its statements are written, and puts the text together at the end. */
import type { FunctionName } from '@isoact/core';
import type { Dialect, HelperName } from '../shader/dialect.ts';
import { createFunctionSet, type Library } from '../shader/functions.ts';
import { createNames, identifier, type Names } from '../shader/names.ts';
import { type AccumulatorType, load, type MomentsPart, momentsParts, momentsStructure, store } from './accumulator.ts';
import { wgslDialect } from './dialect.ts';
import { type Binding, indent, type Kernel, type UniformValue } from './kernel.ts';

export interface KernelBuilder {
  readonly names: Names;
  /** Names that were declared, and their types. */
  readonly types: Map<string, string>;
  /** The statement that names a value of a type. */
  readonly declare: (name: string, type: AccumulatorType | 'bool', value: string) => string;
  /** WGSL, with `types` kept. */
  readonly dialect: Dialect;
  /** Text of a uniform of this name; the same name is the same uniform. */
  readonly size: (name: string, value: number) => string;
  readonly number: (name: string, value: number) => string;
  readonly parameter: (name: string) => string;
  /** Text of a word of the seed. */
  readonly seed: (word: 0 | 1) => string;
  /** Text of a storage buffer's name; its elements are f32 unless said otherwise. */
  readonly buffer: (binding: Binding, element?: string) => string;
  readonly useHelper: (name: HelperName) => string;
  readonly useFunction: (name: FunctionName) => string;
  /** Adds a structure or function of the kernel's own. */
  readonly useText: (text: string) => void;
  /** Says that the text names moments and these functions on them. */
  readonly useMoments: (...parts: readonly MomentsPart[]) => void;
  /** The expression that reads a value at this word of the scratch buffer. */
  readonly load: (type: AccumulatorType, at: string) => string;
  /** The statement that writes one there. */
  readonly store: (type: AccumulatorType, at: string, value: string) => string;
  /** Text of the n-th array of this type in workgroup memory, one value per lane unless said otherwise. */
  readonly shared: (type: AccumulatorType, index: number, length?: number) => string;
  /** Says that the text uses subgroup operations, and `subgroup_lane`. */
  readonly useSubgroups: () => void;
  readonly build: (label: string, workgroups: number, main: readonly string[], functions?: readonly string[]) => Kernel;
}

export function createKernelBuilder(lanes: number, library: Library): KernelBuilder {
  const functions = createFunctionSet(wgslDialect, library);
  const names = createNames();
  const uniforms = new Map<string, UniformValue>();
  const bindings = new Map<string, { binding: Binding; name: string; element: string }>();
  const types = new Map<string, string>();
  const shared = new Map<string, { type: AccumulatorType; length: number }>();
  let usesSubgroups = false;
  const texts = new Set<string>();

  const uniform = (name: string, value: UniformValue): string => {
    // a parameter may be called like one of our sizes
    let field = identifier(name);
    while (uniforms.has(field) && uniforms.get(field)?.type !== value.type) field += '_';
    if (!uniforms.has(field)) uniforms.set(field, value);
    return `uniforms.${field}`;
  };

  const buffer = (binding: Binding, element = binding.kind === 'scratch' ? 'u32' : 'f32'): string => {
    const key = binding.kind === 'scratch' ? 'scratch' : `${binding.kind}:${binding.name}`;
    const existing = bindings.get(key);
    if (existing) {
      if (binding.access === 'write' && existing.binding.access === 'read') bindings.set(key, { ...existing, binding });
      return existing.name;
    }
    const name = binding.kind === 'scratch' ? 'scratch' : names.unique(`${binding.name}_${suffixes[binding.kind]}`);
    bindings.set(key, { binding, name, element });
    return name;
  };

  const useMoments = (...parts: readonly MomentsPart[]): void => {
    texts.add(momentsStructure);
    for (const part of parts) {
      useMoments(...momentsParts[part].uses);
      texts.add(momentsParts[part].text);
    }
  };

  const declare: KernelBuilder['declare'] = (name, type, value) => {
    types.set(name, type);
    return `let ${name} = ${value};`;
  };
  const typeNames = { number: 'f32', integer: 'u32', condition: 'bool' } as const;

  return {
    names,
    types,
    declare,
    dialect: { ...wgslDialect, declare: (name, type, value) => declare(name, typeNames[type], value) },
    size: (name, value) => uniform(name, { type: 'u32', value }),
    number: (name, value) => uniform(name, { type: 'f32', value }),
    parameter: (name) => uniform(name, { type: 'parameter', name }),
    seed: (word) => uniform(word ? 'seed_high' : 'seed_low', { type: 'seed', word }),
    buffer,
    useHelper: functions.useHelper,
    useFunction: functions.useFunction,
    useText: (text) => texts.add(text),
    useMoments,
    load(type, at) {
      buffer({ kind: 'scratch', access: 'read' });
      if (type === 'Moments') useMoments('load');
      return load(type, at);
    },
    store(type, at, value) {
      buffer({ kind: 'scratch', access: 'write' });
      if (type === 'Moments') useMoments('store');
      return store(type, at, value);
    },
    useSubgroups() {
      usesSubgroups = true;
    },
    shared(type, index, length = lanes) {
      if (type === 'Moments') useMoments();
      const name = `shared_${type.toLowerCase()}${index === 0 ? '' : index + 1}`;
      shared.set(name, { type, length: Math.max(length, shared.get(name)?.length ?? 0) });
      return name;
    },
    build(label, workgroups, main, own = []) {
      const declarations: string[] = [];
      let slot = 0;
      if (uniforms.size > 0) {
        const fields = [...uniforms].map(
          ([field, { type }]) => `  ${field}: ${type === 'u32' || type === 'seed' ? 'u32' : 'f32'},`,
        );
        declarations.push(
          'struct Uniforms {',
          ...fields,
          '}',
          `@group(0) @binding(${slot++}) var<uniform> uniforms: Uniforms;`,
        );
      }
      for (const { binding, name, element } of bindings.values()) {
        const access = binding.access === 'read' ? 'read' : 'read_write';
        declarations.push(`@group(0) @binding(${slot++}) var<storage, ${access}> ${name}: array<${element}>;`);
      }
      for (const [name, { type, length }] of shared)
        declarations.push(`var<workgroup> ${name}: array<${type}, ${length}>;`);
      const code = [
        ...(usesSubgroups ? ['enable subgroups;', ''] : []),
        ...declarations,
        '',
        ...[...texts].flatMap((text) => [text, '']),
        ...functions.text().flatMap((text) => [text, '']),
        ...(own.length > 0 ? [...own, ''] : []),
        `@compute @workgroup_size(${lanes})`,
        'fn main(',
        '  @builtin(workgroup_id) workgroup: vec3u,',
        '  @builtin(num_workgroups) workgroups: vec3u,',
        '  @builtin(local_invocation_index) lane: u32,',
        ...(usesSubgroups ? ['  @builtin(subgroup_invocation_id) subgroup_lane: u32,'] : []),
        ') {',
        ...indent(main),
        '}',
        '',
      ].join('\n');
      return {
        label,
        code,
        uniforms: [...uniforms.values()],
        bindings: [...bindings.values()].map(({ binding }) => binding),
        workgroups,
      };
    },
  };
}

const suffixes = { input: 'in', parameter: 'in', state: 'in', output: 'out', scalar: 'out' } as const;
