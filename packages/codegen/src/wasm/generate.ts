/** A plan as a WebAssembly module. */
import { type Plan, parameterAxes } from '@isoact/core';
import { parameter } from '@isoact/core/expression';
import type { WasmArgument } from './arguments.ts';
import type { WasmModule } from './binary/instruction.ts';
import type { Facts, Interval } from './expression/range.ts';
import { Leaves } from './leaves.ts';
import { Kernel } from './loops/kernel.ts';
import { noiseVector } from './loops/noise.ts';
import { loadTail, storeTail } from './loops/tail.ts';
import { PassWriter } from './pass-writer.ts';
import { chooseVersions } from './versions.ts';

export interface GeneratedWasm {
  readonly module: WasmModule;
  /** What the exported function takes, in order. */
  readonly arguments: readonly WasmArgument[];
  /** Intervals of parameters that the code relies on. */
  readonly assumed: ParameterBounds;
}

/** Intervals that parameters lie in, by name. */
export type ParameterBounds = Readonly<Record<string, Interval>>;

export interface WasmOptions {
  /** Intervals that parameters will lie in, which let cheaper forms of functions be chosen; see `rangeClasses`. */
  readonly bounds?: ParameterBounds;
  /** Whether values may be kept in scratch memory from one loop over a group to the next; true unless said otherwise. */
  readonly keeps?: boolean;
  /** Whether to use relaxed SIMD (see `hasRelaxedSimd`); false unless said otherwise. */
  readonly relaxed?: boolean;
}

/** Those of code that serves any parameters. It keeps no values, so that it needs no more scratch memory than any other. */
export const generalWasmOptions = { bounds: {}, keeps: false } as const satisfies WasmOptions;

/**
 * Generates the module of a plan made for `sequentialTarget`. Its function is named after the plan's direction.
 */
export function generateWasm(
  plan: Plan,
  { bounds = {}, keeps = true, relaxed = false }: WasmOptions = {},
): GeneratedWasm {
  const numbers = Object.entries(bounds).filter(([name]) => parameterAxes(name, plan.layout).length === 0);
  const facts: Facts = new Map(numbers.map(([name, interval]) => [parameter(name), interval]));
  const versions = chooseVersions(plan, facts);
  const kernel = new Kernel(plan);
  const leaves = new Leaves(kernel, plan, versions, relaxed);
  const writer = new PassWriter(kernel, plan, leaves, versions, keeps);
  for (const pass of plan.passes) writer.pass(pass);
  for (const scalar of plan.scalars) writer.scalar(scalar);
  const { parameters, locals } = kernel.builder;
  const draws = kernel.arguments.some(({ kind }) => kind === 'seed');
  const main = { name: plan.direction, parameters, results: [], locals, body: kernel.builder.finish() };
  return {
    module: { functions: [main, loadTail, storeTail, ...(draws ? [noiseVector] : [])] },
    arguments: kernel.arguments,
    assumed: Object.fromEntries(numbers.filter(([name]) => versions.relied.has(name))),
  };
}
