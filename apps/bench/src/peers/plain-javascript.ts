/**
 * Plain JavaScript as someone without a library writes it: one loop per walk over the data, Math.* and float64 in
 * between. The parameters are the activations' defaults, as constants.
 */

/** y, and for a vjp x's gradient with those of the trainable parameters. */
export interface PlainKernel {
  /** Walks over the data. */
  readonly passes: number;
  /** Values read and written per element. */
  readonly traffic: number;
  run(
    x: Float32Array,
    upstream: Float32Array,
    columns: number,
    out: Float32Array,
  ): Readonly<Record<string, Float64Array>>;
}

const none = {};
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** VeLU's angle, scaled: 0.1·(atan(0.1·x) + asin(clip(0.1·x))). */
const angle = (x: number) => 0.1 * (Math.atan(0.1 * x) + Math.asin(Math.max(-1, Math.min(1, 0.1 * x))));

function inverseRms(x: Float32Array, start: number, columns: number): number {
  let sum = 0;
  for (let index = start; index < start + columns; index++) sum += (x[index] ?? 0) ** 2;
  return 1 / Math.sqrt(sum / columns + 1e-6);
}

const velu: PlainKernel = {
  passes: 2,
  traffic: 3,
  run(x, _, columns, y) {
    for (let start = 0; start < x.length; start += columns) {
      const scale = 1 + 0.1 * Math.tanh(0.9 * inverseRms(x, start, columns));
      for (let index = start; index < start + columns; index++) {
        const value = x[index] ?? 0;
        y[index] = value * sigmoid(angle(value)) * scale;
      }
    }
    return none;
  },
};

const veluVjp: PlainKernel = {
  passes: 2,
  traffic: 5,
  run(x, upstream, columns, gradient) {
    let lambda = 0;
    for (let start = 0; start < x.length; start += columns) {
      const end = start + columns;
      let [squares, products] = [0, 0];
      for (let index = start; index < end; index++) {
        const value = x[index] ?? 0;
        squares += value * value;
        products += (upstream[index] ?? 0) * value * sigmoid(angle(value));
      }
      const statistic = 1 / Math.sqrt(squares / columns + 1e-6);
      const adaptation = Math.tanh(0.9 * statistic);
      const scale = 1 + 0.1 * adaptation;
      const throughStatistic = (-0.1 * 0.9 * (1 - adaptation * adaptation) * products * statistic ** 3) / columns;
      lambda += products * scale;
      for (let index = start; index < end; index++) {
        const value = x[index] ?? 0;
        const s = sigmoid(angle(value));
        const t = 0.1 * value;
        const slope = 0.1 * (0.1 / (1 + t * t) + (Math.abs(t) < 1 ? 0.1 / Math.sqrt(1 - t * t) : 0));
        gradient[index] = (upstream[index] ?? 0) * scale * (s + value * s * (1 - s) * slope) + throughStatistic * value;
      }
    }
    return { lambda: Float64Array.of(lambda) };
  },
};

/** Whether min(x, 0) is kept: more positive than negative elements. */
function keepsNegative(x: Float32Array): boolean {
  let balance = 0;
  for (const value of x) {
    if (value > 0) balance++;
    else if (value < 0) balance--;
  }
  return balance > 0;
}

const adaRelu: PlainKernel = {
  passes: 2,
  traffic: 3,
  run(x, _, _columns, y) {
    const negative = keepsNegative(x);
    for (let index = 0; index < x.length; index++) {
      const value = x[index] ?? 0;
      y[index] = negative ? Math.min(value, 0) : Math.max(value, 0);
    }
    return none;
  },
};

const adaReluVjp: PlainKernel = {
  passes: 2,
  traffic: 4,
  run(x, upstream, _columns, gradient) {
    const negative = keepsNegative(x);
    for (let index = 0; index < x.length; index++) {
      const value = x[index] ?? 0;
      gradient[index] = (negative ? value < 0 : value > 0) ? (upstream[index] ?? 0) : 0;
    }
    return none;
  },
};

/** erf by Abramowitz and Stegun 7.1.26, which is what one finds when looking for erf in JavaScript. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const polynomial = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - polynomial * Math.exp(-x * x));
}

const gelu: PlainKernel = {
  passes: 1,
  traffic: 2,
  run(x, _, _columns, y) {
    for (let index = 0; index < x.length; index++) {
      const value = x[index] ?? 0;
      y[index] = 0.5 * value * (1 + erf(value * Math.SQRT1_2));
    }
    return none;
  },
};

const geluVjp: PlainKernel = {
  passes: 1,
  traffic: 3,
  run(x, upstream, _columns, gradient) {
    const density = 1 / Math.sqrt(2 * Math.PI);
    for (let index = 0; index < x.length; index++) {
      const value = x[index] ?? 0;
      const slope = 0.5 * (1 + erf(value * Math.SQRT1_2)) + value * density * Math.exp(-0.5 * value * value);
      gradient[index] = (upstream[index] ?? 0) * slope;
    }
    return none;
  },
};

export const plainKernels: Readonly<Record<string, Readonly<Record<'forward' | 'vjp', PlainKernel>>>> = {
  velu: { forward: velu, vjp: veluVjp },
  adaRelu: { forward: adaRelu, vjp: adaReluVjp },
  gelu: { forward: gelu, vjp: geluVjp },
};
