/** AdaReLU (Do 2026): keeps the rarer sign of a group. */
import { assembleDefinition, choice, extentOption } from '../definition.ts';
import { count, greater, greaterOrEqual, less, lessOrEqual, select, state } from '../expression/build.ts';
import { undeclaredLimits } from './limits.ts';

/**
 * min(x, 0) where the group has more positive than negative elements, max(x, 0) otherwise; zeros and NaN count for
 * neither. Nothing flows through the choice. The paper gives no rule for inference: in the mode 'frozen' the counts of
 * an earlier call decide, so that a result does not depend on what else is in the batch.
 */
export const adaRelu = assembleDefinition({
  name: 'adaRelu',
  source: 'Do Trung Dung 2026, doi:10.61591/jslhu.26.1075',
  options: { extent: extentOption('tensor'), mode: choice('batch', 'frozen') },
  forward: (x, _, { extent, mode }) => {
    const frozen = mode === 'frozen';
    const positive = frozen ? state('positive', extent) : count(greater(x, 0), extent);
    const negative = frozen ? state('negative', extent) : count(less(x, 0), extent);
    return {
      y: select(greater(positive, negative), select(greaterOrEqual(x, 0), 0, x), select(lessOrEqual(x, 0), 0, x)),
      state: { positive, negative },
    };
  },
  limits: undeclaredLimits,
  kinks: () => [{ at: 0, slope: 0 }],
});
