/** How definitions of the catalogue write their limits. */
import type { Limit } from '../activation.ts';

interface Limits {
  readonly negative: Limit;
  readonly positive: Limit;
}

/** Value and slope at -∞ and at +∞, null where there is none; at +∞ those of the identity unless given. */
export const limitsAt = (
  negativeValue: number | null,
  negativeSlope: number | null,
  value: number | null = Infinity,
  slope: number | null = 1,
): Limits => ({ negative: { value: negativeValue, slope: negativeSlope }, positive: { value, slope } });

/** Where the limits depend on the group, or on too many parameters to be told. */
export const undeclaredLimits = (): Limits => limitsAt(null, null, null, null);
