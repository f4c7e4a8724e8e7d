/**
 * How functions become operators: the runtime's own, or core's float32 library in operators that round as they should.
 * What a function is rewritten into is again an expression, so the rules read like the formulas that they are.
 */
import type { Expression, Node } from '@isoact/core';
import { mapOperands, mul } from '@isoact/core/expression';
import { isAlwaysFinite } from '@isoact/core/plan';
import { accurately } from './accurate-form.ts';
import { natively } from './native-form.ts';
import type { Target } from './target.ts';
import { widely } from './wide-form.ts';

/**
 * `native`: the runtime's operator wherever it has one; small, fast, and as accurate as the runtime makes it.
 * `accurate`: within 2 ulp of each function on every provider: arithmetic alone in float32, or plain formulas in float64.
 */
export type Form = 'native' | 'accurate';

export type Lower = <T extends Node>(node: T) => T;

/** What a node is in a form; undefined where it is itself over lowered operands. */
export type Rewrite = (node: Node, lower: Lower) => Expression | undefined;

function rewriteOf(form: Form, { arithmetic }: Target): Rewrite {
  if (form === 'native') return natively;
  return arithmetic === 'float64' ? widely : accurately();
}

/** Rewrites expressions so that no function is left that ONNX has no operator for; nodes are rewritten once. */
export function loweringTo(form: Form, target: Target): Lower {
  const rewrite = rewriteOf(form, target);
  const lowered = new Map<Node, Node>();
  const lower: Lower = <T extends Node>(node: T): T => {
    let result = lowered.get(node);
    if (!result) {
      result = rewrite(node, lower) ?? plain(node, lower);
      lowered.set(node, result);
    }
    return result as T; // an expression becomes an expression, a predicate a predicate
  };
  return lower;
}

function plain(node: Node, lower: Lower): Node {
  // a product that cannot meet 0·∞ needs no care
  if (node.kind === 'binary' && node.name === 'vanishingProduct' && isAlwaysFinite(node.left)) {
    return mul(lower(node.left), lower(node.right));
  }
  return mapOperands(node, lower);
}
