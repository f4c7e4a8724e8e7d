/**
 * Functions with a tail, as significand·2^exponent, for products whose other factor brings the tail back into range:
 * 1000·σ(-106) is a float32 number, though σ(-106) is not. Such a product is
 * `scaleByPowerOfTwo(vanishingProduct(x, significand), exponent)`, rounded once more than the function, and right into
 * the subnormals. Where no x up to 2^100 (for erfc, 2^13) could bring the tail back, the significand is 0.
 */
import { add, argument, div, less, maximum, minimum, scaleByPowerOfTwo, select, sub } from '../expression/build.ts';
import { keepNaN } from './building-blocks.ts';
import { upperErfc } from './error-function.ts';
import { lowerSigmoid, type Split, splitExponential } from './exponential.ts';

const t = argument();

function exp(): Split {
  const { significand, exponent } = splitExponential(minimum(maximum(t, -174), 89));
  return { significand: keepNaN(t, select(less(t, -174), 0, significand)), exponent };
}

function sigmoid(): Split {
  const { k, growth, denominator } = lowerSigmoid(174);
  const numerator = add(1, select(less(t, 0), 0, growth));
  return {
    significand: keepNaN(t, div(select(less(t, -174), 0, numerator), denominator)),
    exponent: select(less(t, 0), k, 0),
  };
}

function erfc(): Split {
  const { significand, exponent } = upperErfc(10.5);
  const whole = sub(2, scaleByPowerOfTwo(significand, exponent));
  return {
    significand: keepNaN(t, select(less(t, 0), whole, select(less(10.5, t), 0, significand))),
    exponent: select(less(t, 0), 0, exponent),
  };
}

export const splitLibrary: Readonly<Record<'exp' | 'sigmoid' | 'erfc', Split>> = {
  exp: exp(),
  sigmoid: sigmoid(),
  erfc: erfc(),
};
