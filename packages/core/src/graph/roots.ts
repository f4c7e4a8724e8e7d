/** What an activation is asked for: the graphs whose values a direction gives back, and where each varies. */
import type { TensorSpec } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import { type Expression, type Extent, topologicalOrder } from '../expression/node.ts';
import { extentAxes, groupShape, type Layout, parameterShape, type Shape } from './geometry.ts';
import { forwardRoots } from './graph.ts';
import { partedShape } from './parts.ts';

export type Direction = 'forward' | 'vjp';

/** A specification without its dtype: where elements lie, and which gradients are asked for. */
export type Placed = Omit<TensorSpec, 'dtype'>;

/** A value that is asked for. */
export interface Root {
  readonly name: string;
  /** Which part of y it is; 0 of all else. */
  readonly part: number;
  readonly expression: Expression;
  /** The axes along which it has one value. */
  readonly spanned: readonly number[];
  readonly shape: Shape;
}

/** The parameters whose gradients a compiled activation gives. */
export const gradientNames = (activation: Activation, spec: Placed): readonly string[] =>
  spec.parameterGradients ?? activation.trainable;

/** The shape of y, and of its upstream gradient: that of x, longer along the channel axis where y has several parts. */
export const outputShape = ({ forward }: Activation, layout: Layout): Shape => partedShape(forward.y.length, layout);

/** What a direction gives back: the parts of y, or x, one number per element, and then numbers per group. */
export function rootsOf(activation: Activation, spec: Placed, direction: Direction): readonly [Root, ...Root[]] {
  const { shape } = spec;
  if (direction === 'vjp') {
    const { x, parameters } = activation.vjp;
    const gradients = gradientNames(activation, spec).map((name) => ({
      name,
      part: 0,
      expression: parameters[name] as Expression, // of a trainable parameter, as checkSpec has seen
      spanned: extentAxes({ broadcastOf: name }, spec),
      shape: parameterShape(name, spec),
    }));
    return [{ name: 'x', part: 0, expression: x, spanned: [], shape }, ...gradients];
  }
  const { y, penalty } = activation.forward;
  const whole = outputShape(activation, spec);
  const [first, ...others] = y.map((expression, part) => ({ name: 'y', part, expression, spanned: [], shape: whole }));
  const spanned = extentAxes('tensor', spec);
  return [
    first as Root,
    ...others,
    ...(penalty ? [{ name: 'penalty', part: 0, expression: penalty, spanned, shape: [] }] : []),
    ...stateRoots(activation, spec),
  ];
}

/** A state has one number per group; the axes that its extent spans are of length 1. */
function stateRoots(activation: Activation, layout: Layout): Root[] {
  return Object.entries(activation.forward.state ?? {}).map(([name, expression]) => {
    const { extent } = expression as { readonly extent: Extent }; // a definition has no state without one
    return { name, part: 0, expression, spanned: extentAxes(extent, layout), shape: groupShape(extent, layout) };
  });
}

const noisy = new WeakMap<object, boolean>();

/** Whether the activation draws noise, so that a call needs a seed. */
export function drawsNoise({ forward }: Activation): boolean {
  const known =
    noisy.get(forward) ??
    topologicalOrder(forwardRoots(forward)).some((node) => node.kind === 'input' && node.name === 'noise');
  noisy.set(forward, known);
  return known;
}

/** Shape of each state: one value per group, the spanned axes of length 1. */
export const stateShapes = (activation: Activation, layout: Layout): Record<string, Shape> =>
  Object.fromEntries(stateRoots(activation, layout).map(({ name, shape }) => [name, shape]));
