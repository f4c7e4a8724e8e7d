/** Checks of where the elements of a call lie and of what it brings, whatever its numbers are stored in. */
import type { Activation } from './activation.ts';
import { refuse, ShapeError } from './errors.ts';
import { type Expression, topologicalOrder } from './expression/node.ts';
import {
  checkParameterShape,
  checkShape,
  elementCount,
  extentAxes,
  groupShape,
  normalizeAxis,
  parameterShape,
  type Shape,
} from './graph/geometry.ts';
import { outputShape, type Placed, rootsOf } from './graph/roots.ts';
import { checkName, checkSetting } from './settings.ts';

/** Checks all of a specification but its dtype. @throws ShapeError or ParameterError. */
export function checkPlacement(activation: Activation, spec: Placed): void {
  const { shape, channelAxis, parameterShapes = {}, parameterGradients = [] } = spec;
  checkShape(shape);
  if (channelAxis !== undefined) normalizeAxis(channelAxis, shape.length, 'channelAxis');
  for (const name of Object.keys(parameterShapes)) {
    checkParameterName(activation, name);
    checkParameterShape(name, spec);
  }
  for (const name of parameterGradients) {
    checkName(`a trainable parameter of ${activation.name}`, activation.trainable, name);
  }
  for (const node of forwardNodes(activation, spec)) if ('extent' in node) extentAxes(node.extent, spec);
}

type InputNode = Extract<Expression, { kind: 'input' }>;

/** What a call brings, as far as its checks look at it. */
interface Inputs {
  readonly x: ArrayLike<number>;
  readonly upstream?: { readonly y: ArrayLike<number> } | undefined;
  readonly parameters?: Readonly<Record<string, ArrayLike<number>>> | undefined;
  readonly state?: Readonly<Record<string, ArrayLike<number>>> | undefined;
}

/**
 * What checks each call against a specification; what is owed is found once.
 *
 * @param checkType refuses data that is not stored as it must be.
 * @param areNumbers whether the elements of a parameter are its values, and not their bits.
 */
export function callChecker(
  activation: Activation,
  spec: Placed,
  checkType?: (subject: string, data: unknown) => void,
  areNumbers = true,
): (inputs: Inputs) => void {
  const check = (subject: string, data: ArrayLike<number> | undefined, length: number): void => {
    checkType?.(subject, data);
    if (data?.length !== length) {
      refuse(ShapeError, `the length of ${subject}`, `${length}, the product of its shape`, data?.length);
    }
  };
  const length = elementCount(spec.shape);
  const outputLength = elementCount(outputShape(activation, spec));
  const states = Object.entries(givenStateShapes(activation, spec));
  const checksOfSeed = forwardNodes(activation, spec).flatMap((node) => (node as Partial<InputNode>).checkSeed ?? []);
  return ({ x, upstream, parameters, state }) => {
    check('x', x, length);
    if (upstream) check('upstream.y', upstream.y, outputLength);
    for (const name in parameters) {
      const values = parameters[name] as ArrayLike<number>;
      checkParameterName(activation, name);
      const size = elementCount(parameterShape(name, spec));
      check(`parameter "${name}"`, values, size);
      if (areNumbers) for (let index = 0; index < size; index++) checkParameter(activation, name, values[index]);
    }
    for (const [name, shape] of states)
      check(`state "${name}" of ${activation.name}`, state?.[name], elementCount(shape));
    for (const checkSeed of checksOfSeed) checkSeed(activation.name, state?.seed);
  };
}

/** The shapes of the state that a call must bring: of what the activation reads, not of all that it leaves. */
export const givenStateShapes = (activation: Activation, spec: Placed): Record<string, Shape> =>
  Object.fromEntries(
    forwardNodes(activation, spec).flatMap((node) =>
      node.kind === 'state' ? [[node.name, groupShape(node.extent, spec)]] : [],
    ),
  );

/** Checks one value of a parameter of an activation. */
export const checkParameter = ({ name, declarations }: Activation, key: string, value: unknown): void =>
  checkSetting(name, key, value, declarations[key]);

const checkParameterName = ({ name: owner, parameters }: Activation, name: string): void =>
  checkName(`a parameter of ${owner}`, Object.keys(parameters), name);

const forwardNodes = (activation: Activation, spec: Placed) =>
  topologicalOrder(rootsOf(activation, spec, 'forward').map(({ expression }) => expression));
