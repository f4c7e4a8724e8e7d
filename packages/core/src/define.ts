/** The way to an activation of one's own. */
import { type ActivationDefinition, assembleDefinition, type DefinitionContents } from './definition.ts';
import { checkDefinition } from './definition-checks.ts';
import type { Options, Parameters } from './settings.ts';

/**
 * Defines an activation.
 *
 * @example
 * ```ts
 * const swish = defineActivation({
 *   name: 'swish',
 *   parameters: { beta: trainable(1) },
 *   forward: (x, { beta }) => vanishingProduct(x, sigmoid(mul(beta, x))),
 *   limits: () => ({ negative: { value: -0, slope: 0 }, positive: { value: Infinity, slope: 1 } }),
 * });
 * swish({ beta: 2 });
 * ```
 * @throws DefinitionError where the definition contradicts itself.
 */
export function defineActivation<
  const P extends Parameters = Record<never, never>,
  const O extends Options = Record<never, never>,
>(contents: DefinitionContents<P, O>): ActivationDefinition<P, O> {
  const definition = assembleDefinition(contents);
  checkDefinition(definition);
  return definition;
}
