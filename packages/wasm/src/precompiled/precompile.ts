/** Modules made ahead of time, for places that compile none and for those that are to load as little as possible. */
import {
  encodeModule,
  generalWasmOptions,
  generateWasm,
  rangeClasses,
  type WasmModule,
  type WasmOptions,
  withCustomSection,
} from '@isoact/codegen';
import { type Activation, checkSpec, type Direction, type Plan, refuse, ShapeError, type SpecFor } from '@isoact/core';
import { plan, sequentialTarget } from '@isoact/core/plan';
import { worksInPlace } from '../generated.ts';
import { kernelDtypes } from '../memory-kernel.ts';
import {
  type DescribedCode,
  type DescribedDirection,
  type Description,
  format,
  outlineOf,
  sectionName,
} from './description.ts';

export interface PrecompileOptions {
  /** Whether gradients can be had beside values. Default true. */
  readonly gradient?: boolean | undefined;
  /**
   * The values of parameters that calls may bring. 'any', the default, has code for those up to the next power of two
   * above the activation's own, and slower code for all others; 'near' has the first alone, and refuses a call with others.
   */
  readonly values?: 'any' | 'near' | undefined;
  /**
   * Whether to use relaxed SIMD, which is faster and nearer to the truth, where it runs; other engines refuse such a
   * module. Default false.
   */
  readonly relaxed?: boolean | undefined;
}

/**
 * Compiles an activation to the bytes of a `.wasm` file, which `@isoact/wasm/precompiled` runs. The lengths of the
 * specification are those of an example: the module takes any in their place, but an axis of length 1 stays of length 1.
 *
 * @example
 * ```ts
 * await writeFile('velu.wasm', precompile(velu(), { shape: [32, 1024], dtype: 'float32' }));
 * ```
 * @throws UnsupportedError, ShapeError, DtypeError or ParameterError for what cannot be compiled.
 */
export function precompile<Trainable extends string, Named extends string>(
  activation: Activation<Trainable>,
  example: SpecFor<Trainable, Named>,
  { gradient = true, values = 'any', relaxed = false }: PrecompileOptions = {},
): Uint8Array<ArrayBuffer> {
  checkSpec(activation, example, 'wasm', kernelDtypes);
  const { shape } = example;
  if (shape.includes(0)) refuse(ShapeError, 'the shape of an example', 'without lengths of 0', shape);
  const mains: WasmFunction[] = [];
  const helpers = new Set<WasmFunction>();
  const codeOf = (planned: Plan, options: WasmOptions, suffix: string): DescribedCode => {
    const { module, ...code } = generateWasm(planned, { ...options, relaxed });
    const [main, ...others] = module.functions as readonly [WasmFunction, ...WasmFunction[]]; // the first is exported
    const name = main.name + suffix;
    mains.push({ ...main, name });
    for (const helper of others) helpers.add(helper);
    return { name, ...code };
  };
  const describe = (direction: Direction): DescribedDirection => {
    const planned = plan(activation, example, direction, sequentialTarget);
    const bounded = codeOf(planned, { bounds: rangeClasses(activation) }, '');
    const isEnough = values === 'near' || Object.keys(bounded.assumed).length === 0;
    return {
      inPlace: worksInPlace(planned),
      bounded,
      ...(!isEnough && { general: codeOf(planned, generalWasmOptions, 'General') }),
    };
  };
  const description: Description = {
    format,
    activation: outlineOf(activation),
    example,
    directions: { forward: describe('forward'), ...(gradient && { vjp: describe('vjp') }) },
  };
  const module = encodeModule({ functions: [...mains, ...helpers], exported: mains.length });
  return withCustomSection(module, sectionName, new TextEncoder().encode(JSON.stringify(description)));
}

type WasmFunction = WasmModule['functions'][number];
