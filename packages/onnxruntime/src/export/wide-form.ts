/** Plain formulas in float64, for results in float32: on a CPU that is exact enough, and has a fraction of the nodes. */
import type { Expression, FunctionName, Node } from '@isoact/core';
import { add, binary, exp, minimum, mul } from '@isoact/core/expression';
import { float64Library } from '@isoact/core/numerics';
import { applied } from './apply-body.ts';
import type { Lower } from './forms.ts';
import { clipped } from './native-form.ts';

export function widely(node: Node, lower: Lower): Expression | undefined {
  if (node.kind !== 'unary') return undefined;
  if (node.name === 'asin') return clipped(node, lower);
  if (node.name === 'tanh' && node.operand.kind === 'unary' && node.operand.name === 'softplus') {
    return tanhOfSoftplus(lower(node.operand.operand));
  }
  const body = float64Library[node.name as FunctionName];
  return body && applied(body, lower(node.operand));
}

/** e·(e + 2) / (e·(e + 2) + 2) with e = e^t, which is 1 from t = 20 up. */
function tanhOfSoftplus(t: Expression): Expression {
  const e = exp(minimum(t, 20));
  const upper = mul(e, add(e, 2));
  return binary('divide', upper, add(upper, 2));
}
