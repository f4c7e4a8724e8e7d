"""Fits every polynomial of the float32 library and writes packages/core/src/numerics/coefficients.ts.

    python3 tooling/numerics/fit.py          # some seconds

Each entry of `FITS` states the polynomial P by the identity it serves, so `target` is that identity solved for P, and
`weight` turns an error of P into a relative error of the function.
"""
from pathlib import Path
from textwrap import wrap

import numpy
from mpmath import mp, mpf
from minimax import cut, float32, minimax

LN2, HALF_PI = mp.log(2), mp.pi / 2
ROOM = mpf('1.02')  # range reduction rounds, so that an argument may pass the end of its interval
root = mp.sqrt
scaled_complement = lambda a: (1 + 2 * a) * mp.exp(a * a) * mp.erfc(a)
HALF = mpf(1) / 2
FADED_SCALE = mpf('0.6')
before_fade = lambda v: v / (1 - v) / FADED_SCALE
faded_complement = lambda v: mp.exp(before_fade(v) ** 2) * mp.erfc(before_fade(v))
ERFC_SHIFT, ERFC_CENTRE = mpf(5) / 2, mpf(3) / 8
before_map = lambda u: ERFC_SHIFT * u / (1 - u)

# name: (formula, target, weight, interval, number of coefficients)
FITS = {
    'exponentialTail': (
        'e^r = 1 + r + r²·P(r), |r| ≤ ln2/2',
        lambda r: (mp.expm1(r) - r) / r**2,
        lambda r: r**2 / abs(mp.expm1(r)),
        (-LN2 / 2 * ROOM, LN2 / 2 * ROOM),
        5,
    ),
    'arcTangentTail': (
        'atan(u) = u + u³·P(u²), |u| ≤ 1',
        lambda z: (mp.atan(root(z)) / root(z) - 1) / z,
        lambda z: z * root(z) / mp.atan(root(z)),
        (0, 1),
        8,
    ),
    'arcSineTail': (
        'asin(u) = u + u³·P(u²), |u| ≤ 1/2',
        lambda z: (mp.asin(root(z)) / root(z) - 1) / z,
        lambda z: z * root(z) / mp.asin(root(z)),
        (0, mpf(1) / 4),
        5,
    ),
    'erfNearZero': (
        'erf(a) = a + a·P(a²), 0 ≤ a ≤ 0.875',
        lambda z: mp.erf(root(z)) / root(z) - 1,
        lambda z: root(z) / mp.erf(root(z)),
        (0, mpf('0.875') ** 2),
        6,
    ),
    'erfcExponent': (
        'erf(a) = 1 - e^{-P(a)}, 0.875 ≤ a ≤ 3.95',
        lambda a: -mp.log(mp.erfc(a)),
        lambda a: mp.erfc(a) / mp.erf(a),
        (mpf('0.875'), mpf('3.95')),
        6,
    ),
    'scaledComplement': (
        '(1 + 2a)·e^{a²}·erfc(a) = 1 + P(u - 3/8), u = a/(a + 5/2), 0 ≤ a ≤ 10.1',
        lambda v: scaled_complement(before_map(v + ERFC_CENTRE)) - 1,
        lambda v: 1 / scaled_complement(before_map(v + ERFC_CENTRE)),
        (-ERFC_CENTRE, mpf('10.1') / (mpf('10.1') + ERFC_SHIFT) - ERFC_CENTRE),
        11,
    ),
    'logarithmTail': (
        'log(1 + f) = f + f²·P(f), 2^-0.52 ≤ 1 + f ≤ 2^0.52',
        lambda f: (mp.log1p(f) - f) / f**2,
        lambda f: f**2 / abs(mp.log1p(f)),
        (mpf(2) ** mpf('-0.52') - 1, mpf(2) ** mpf('0.52') - 1),
        9,
    ),
    'logarithmTailToTwo': (
        'log(1 + f) = f + f²·P(f - 1/2), 0 ≤ f ≤ 1',
        lambda v: (mp.log1p(v + HALF) - v - HALF) / (v + HALF) ** 2,
        lambda v: (v + HALF) ** 2 / mp.log1p(v + HALF),
        (-HALF, HALF),
        9,
    ),
    'sigmoidNearZero': (
        'σ(t) = 1/2 + t·P(t²), |t| ≤ 1/2',
        lambda z: mp.tanh(root(z) / 2) / root(z) / 2,
        lambda z: root(z) * (1 + mp.exp(root(z))),
        (0, mpf(1) / 4),
        4,
    ),
    'tanhNearZero': (
        'tanh(t) = t·(1 + t²·P(t²)), |t| ≤ 1/2',
        lambda z: (mp.tanh(root(z)) / root(z) - 1) / z,
        lambda z: z * root(z) / mp.tanh(root(z)),
        (0, mpf(1) / 4),
        5,
    ),
    'binaryExponential': (
        '2^f = 1 + f·P(f), |f| ≤ 1/2',
        lambda f: mp.expm1(f * LN2) / f if f else LN2,
        lambda f: abs(f / mp.expm1(f * LN2)) if f else 1 / LN2,
        (-HALF * ROOM, HALF * ROOM),
        6,
    ),
    'arcTangentNearZero': (
        'atan(u) = u + u³·P(u²), |u| ≤ 1/2',
        lambda z: (mp.atan(root(z)) / root(z) - 1) / z,
        lambda z: z * root(z) / mp.atan(root(z)),
        (0, mpf(1) / 4),
        5,
    ),
    'arcTangentSlope': (
        "atan'(u) = 1/(1 + u²) = P(u²), |u| ≤ 1/2",
        lambda z: 1 / (1 + z),
        lambda z: 1 + z,
        (0, mpf(1) / 4),
        6,
    ),
    'arcSineSlope': (
        "asin'(u) = 1/√(1 - u²) = P(u²), |u| ≤ 1/2",
        lambda z: 1 / root(1 - z),
        lambda z: root(1 - z),
        (0, mpf(1) / 4),
        6,
    ),
    'sigmoidNearerZero': (
        'σ(t) = 1/2 + t·P(t²), |t| ≤ 1/8',
        lambda z: mp.tanh(root(z) / 2) / root(z) / 2,
        lambda z: root(z) * (1 + mp.exp(root(z))),
        (0, mpf(1) / 64),
        2,
    ),
    'fadedComplement': (
        'e^{a²}·erfc(a) = P(v), v = w/(1 + w), w = 0.6·a, 0 ≤ a ≤ 5.7',
        lambda v: faded_complement(v),
        lambda v: 1 / faded_complement(v),
        (0, FADED_SCALE * mpf('5.7') / (1 + FADED_SCALE * mpf('5.7'))),
        10,
    ),
    'exponentOfRoot': (
        'log2(a) = P(a^(1/256)), 2^-149 ≤ a ≤ 2^128, the error not relative but absolute',
        lambda s: 256 * mp.log(s, 2),
        lambda s: 1,
        (mpf(2) ** (mpf(-149) / 256), mpf(2) ** mpf('0.5')),
        6,
    ),
}


def two_part(value, bits):
    """value ≈ high + low, high with few enough bits that its product with a small integer is exact."""
    high = cut(value, bits)
    return high, float32(value - high)


def digits(x):
    """The shortest decimal to which this is the nearest float32."""
    return str(numpy.float32(float(x))).removesuffix('.0').replace('e-0', 'e-')


def declaration(name, numbers):
    """A constant of several numbers, on one line where that is short enough."""
    text = ', '.join(map(digits, numbers))
    opening = f'export const {name} = /* @__PURE__ */ float32(['
    if len(opening + text) + 3 <= 120:
        return [opening + text + ']);']
    return [opening, *wrap(text + ',', 118, initial_indent='  ', subsequent_indent='  '), ']);']


def table():
    lines = [
        '/**',
        ' * Constants of the float32 library. Written by tooling/numerics/fit.py; do not edit.',
        ' *',
        ' * Each polynomial is a minimax fit, lowest power first; the error is that of the formula, relative, in units of',
        ' * 2^-24 (half an ulp of 1), before any rounding of the evaluation.',
        ' *',
        ' * Numbers have as many digits as tell them from other float32.',
        ' */',
        '',
        '// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: the nearest float32 of a constant is meant',
        '',
        'const float32 = (coefficients: readonly number[]): readonly number[] => coefficients.map(Math.fround);',
        '',
    ]
    constants = [('log2OfE', 'log2(e)', 1 / LN2)]
    for name, formula, value, bits in [('ln2', 'ln 2', LN2, 16), ('halfPi', 'π/2', HALF_PI, 24)]:
        high, low = two_part(value, bits)
        constants += [(name + 'High', f'{formula} to {bits} bits', high), (name + 'Low', f'{formula} - {name}High', low)]
    constants.append(('halfPiRest', 'π/2 - 1.5', HALF_PI - mpf('1.5')))
    for name, formula, value in constants:
        lines += [f'/** {formula} */', f'export const {name} = /* @__PURE__ */ Math.fround({digits(value)});']
    for name, (formula, target, weight, interval, terms) in FITS.items():
        coefficients, error = minimax(target, weight, interval, terms)
        lines += ['', f'/** {formula}. Error {mp.nstr(error * 2**24, 2)}. */', *declaration(name, coefficients)]
    return '\n'.join(lines) + '\n'


if __name__ == '__main__':
    path = Path(__file__).parents[2] / 'packages/core/src/numerics/coefficients.ts'
    path.write_text(table())
    print(f'wrote {path}')
