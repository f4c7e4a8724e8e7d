/**
 * Which activation a function is, by its values. A spelling does not matter, nor do constants that an exporter rounded;
 * a parameter is read off at a point, and then all points decide.
 */
import {
  type Activation,
  celu,
  convRelu,
  elu,
  gelu,
  geluTanh,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  mish,
  type Node,
  relu,
  relu6,
  selu,
  sigmoid,
  softplus,
  softsign,
  swish,
  tanh,
} from '@isoact/core';
import type { Cone } from './cones.ts';

export interface Recognised {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
}

const points = [
  -30, -10, -7, -6, -5, -4, -3.5, -3, -2.5, -2, -1.5, -1, -0.7, -0.5, -0.3, -0.1, -0.01, 0, 0.01, 0.1, 0.3, 0.5, 0.7, 1,
  1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 10, 30,
];
/** Constants are given in float32, or with as few as 6 digits. */
const tolerance = 1e-5;

type At = (point: number) => number;

/** Activations without parameters: their values need to be had but once. */
const fixedOnes = [relu, relu6, sigmoid, tanh, softsign, selu, gelu, geluTanh, mish, hardSwish];
let knownValues: readonly { readonly activation: Activation; readonly values: readonly number[] }[] | undefined;
const valuesOfFixed = () =>
  (knownValues ??= fixedOnes.map((define) => {
    const activation = define();
    return { activation, values: points.map((point) => valueAt(activation, point)) };
  }));

/** The others, simple ones first, for some are special cases of others; null where a parameter cannot be had. */
const fitted: readonly ((at: At) => Activation | null)[] = [
  (at) => withFinite(at(0.5) - at(-0.5), (slope) => (slope > 0 ? hardSigmoid({ slope }) : null)),
  (at) => withFinite(-at(-1), (slope) => (slope !== 0 && slope !== 1 ? leakyRelu({ slope }) : null)),
  (at) => withFinite(-at(-30), (alpha) => (alpha > 0 ? elu({ alpha }) : null)),
  (at) => withFinite(celuAlpha(-at(-30)), (alpha) => (alpha > 0 ? celu({ alpha }) : null)),
  (at) => withFinite(Math.LN2 / at(0), (beta) => (beta > 0 ? softplus({ beta }) : null)),
  (at) => withFinite(-Math.log(1 / at(1) - 1), (beta) => (beta > 0 ? swish({ beta }) : null)),
  (at) => withFinite(at(-30), (theta) => (theta > -30 && theta < 30 ? convRelu({ theta }) : null)),
];

/** The α of the celu that is -v at -30: v = α·(1 - e^(-30/α)), by substitution. */
function celuAlpha(v: number): number {
  let alpha = v;
  for (let step = 0; step < 8; step++) alpha = v / -Math.expm1(-30 / alpha);
  return alpha;
}

const withFinite = (value: number, make: (value: number) => Activation | null): Activation | null =>
  Number.isFinite(value) ? make(nearby(value)) : null;

/** A float32 that was meant to be a decimal number, as that one. */
function nearby(value: number): number {
  const short = Number(value.toPrecision(6));
  return Math.abs(short - value) <= 1e-7 * Math.abs(value) ? short : value;
}

/**
 * What activations are at 30: x itself, selu's multiple of it, relu6's bound, the bound of sigmoid, tanh and hardSigmoid,
 * or softsign's value. Most of what a model computes is ruled out by that alone.
 */
const farPoint = 30;
const farValues = [farPoint, 1.0507009873554805 * farPoint, 6, 1, farPoint / (1 + farPoint)];

/** @returns undefined for a function that is no known activation */
export function recognise(cone: Cone): Recognised | undefined {
  const [far] = cone.evaluate([farPoint]) as [number];
  if (!farValues.some((value) => near(far, value))) return undefined;
  const values = cone.evaluate(points);
  if (values.some((value) => Number.isNaN(value))) return undefined;
  const known = valuesOfFixed().find((one) => one.values.every((value, k) => near(values[k] as number, value)));
  if (known) return recognised(known.activation);
  const at: At = (point) => values[points.indexOf(point)] as number;
  for (const fit of fitted) {
    const activation = fit(at);
    if (activation && points.every((point, k) => near(values[k] as number, valueAt(activation, point)))) {
      return recognised(activation);
    }
  }
  return undefined;
}

const recognised = ({ name, parameters }: Activation): Recognised => ({ name, parameters });
const near = (got: number, want: number): boolean => Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want));

/** An elementwise activation at one point. */
function valueAt({ forward, parameters }: Activation, x: number): number {
  const known = new Map<Node, number>();
  const value = (node: Node): number => {
    let result = known.get(node);
    if (result === undefined) {
      result = compute(node);
      known.set(node, result);
    }
    return result;
  };
  return value(forward.y[0]);

  function compute(node: Node): number {
    switch (node.kind) {
      case 'constant':
        return node.value;
      case 'input':
        return x;
      case 'parameter':
        return parameters[node.name] as number;
      case 'unary':
        return node.operation.evaluate(value(node.operand));
      case 'binary':
      case 'comparison':
        return Number(node.operation.evaluate(value(node.left), value(node.right)));
      case 'select':
        return value(node.condition) ? value(node.whenTrue) : value(node.whenFalse);
      case 'isNaN':
        return Number(Number.isNaN(value(node.operand)));
      case 'not':
        return 1 - value(node.operand);
      case 'both':
        return value(node.left) && value(node.right);
      case 'either':
        return value(node.left) || value(node.right);
      default:
        return Number.NaN; // statistics: no elementwise function
    }
  }
}
