/**
 * What a precompiled module says of itself, in a custom section: all that its calls need to know, so that neither the
 * activation nor its plan is there when it runs.
 */
import type { WasmCode } from '@isoact/codegen';
import {
  type Activation,
  type Direction,
  type Domain,
  drawsNoise,
  type Expression,
  type Extent,
  fixed,
  forwardRoots,
  type Parts,
  type TensorSpec,
  topologicalOrder,
  trainable,
} from '@isoact/core';
import { input, size, state } from '@isoact/core/expression';
import { checkSeed } from '@isoact/core/plan';

export const sectionName = 'isoact';

/** Changes when a module of one release can no longer be run by another. */
export const format = 1;

export interface Description {
  readonly format: number;
  readonly activation: Outline;
  /** The specification that it was compiled for; its lengths, but for those of 1, stand for any. */
  readonly example: TensorSpec;
  readonly directions: Readonly<Partial<Record<Direction, DescribedDirection>>>;
}

export interface DescribedDirection {
  readonly inPlace: boolean;
  readonly bounded: DescribedCode;
  /** The code for parameters beyond the bounds that the other relies on, if any. */
  readonly general?: DescribedCode;
}

export type DescribedCode = Pick<WasmCode, 'name' | 'arguments' | 'assumed'>;

/** An activation without its formulas: what a call brings and gets. */
export interface Outline extends Pick<Activation, 'name' | 'parameters' | 'trainable'> {
  readonly domains: Readonly<Record<string, Domain>>;
  readonly parts: number;
  readonly hasPenalty: boolean;
  readonly drawsNoise: boolean;
  /** The state that a call brings. */
  readonly given: Readonly<Record<string, Extent>>;
  /** The state that it leaves. */
  readonly left: Readonly<Record<string, Extent>>;
}

export function outlineOf(activation: Activation): Outline {
  const { name, parameters, declarations, forward } = activation;
  const left = Object.entries(forward.state ?? {});
  const nodes = topologicalOrder([...forwardRoots(forward), ...left.map(([, expression]) => expression)]);
  return {
    ...{ name, parameters, trainable: activation.trainable },
    domains: Object.fromEntries(Object.entries(declarations).map(([key, { domain }]) => [key, finite(domain)])),
    parts: forward.y.length,
    hasPenalty: forward.penalty !== undefined,
    drawsNoise: drawsNoise(activation),
    given: Object.fromEntries(nodes.flatMap((node) => (node.kind === 'state' ? [[node.name, node.extent]] : []))),
    left: Object.fromEntries(left.map(([key, node]) => [key, (node as { readonly extent: Extent }).extent])),
  };
}

/** JSON has no infinities, and they bound nothing. */
const finite = (domain: Domain): Domain =>
  Object.fromEntries(Object.entries(domain).filter(([, bound]) => Number.isFinite(bound)));

/** An activation whose graphs have the leaves of the one outlined, and nothing between: enough for all checks of calls. */
export function activationOf(outline: Outline): Activation {
  const { name, parameters, domains, parts, hasPenalty, given, left } = outline;
  const x = input('x');
  const states = Object.entries(given).map(([key, extent]) => state(key, extent));
  const noise = outline.drawsNoise ? { kind: 'input', name: 'noise', checkSeed } : null; // drawn in the module
  // looked through for its leaves, and computed by nothing
  const outlined = { kind: 'outline', ...states, noise } as unknown as Expression;
  const y = Array.from({ length: parts }, (_, part) => (part === 0 ? outlined : x));
  const roots = Object.entries(left).map(([key, extent]) => [key, size(extent)]);
  const none = { value: null, slope: null };
  return {
    ...{ name, parameters, trainable: outline.trainable },
    declarations: Object.fromEntries(
      Object.entries(domains).map(([key, domain]) => [
        key,
        (outline.trainable.includes(key) ? trainable : fixed)(parameters[key] as number, domain),
      ]),
    ),
    forward: {
      y: y as unknown as Parts, // of one part or more
      ...(hasPenalty && { penalty: x }),
      // the shape of a state is that of its extent
      ...(roots.length > 0 && { state: Object.fromEntries(roots) }),
    },
    vjp: { x, parameters: {} },
    ...{ options: {}, limits: { negative: none, positive: none }, kinks: [], breakpoints: [] },
  };
}
