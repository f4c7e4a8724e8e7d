"""Minimax polynomials with float32 coefficients. Needs mpmath, numpy and scipy.

`minimax` minimises the largest |weight(x)·(P(x) - target(x))| on a dense set of Chebyshev points of an interval, by
least squares and then a linear program for what least squares leaves. The coefficients are rounded to float32 one by
one, lowest power first; after each rounding the rest is fitted anew, so that later coefficients make up for it.
"""
import numpy as np
from mpmath import mp, mpf
from scipy.optimize import linprog

mp.dps = 40
POINTS = 600


def float32(x):
    """x rounded to the nearest float32, as an exact mpf."""
    return mpf(float(np.float32(float(x))))


def cut(x, bits):
    """x rounded to `bits` significant bits."""
    scale = mpf(2) ** (bits - 1 - int(mp.floor(mp.log(abs(x), 2))))
    return mp.nint(x * scale) / scale


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def best(points, values, weights, powers):
    """The real coefficients of the given powers with the least weighted error."""
    reach = max(abs(x) for x in points)
    basis = np.array([[float(w * (x / reach) ** p) for p in powers] for x, w in zip(points, weights)])

    def remainder(c):
        return [w * (v - sum(a * (x / reach) ** p for a, p in zip(c, powers))) for x, v, w in zip(points, values, weights)]

    c = [mpf(a) for a in np.linalg.lstsq(basis, np.array([float(e) for e in remainder([])]), rcond=None)[0]]
    for _ in range(2):
        left = remainder(c)
        level = max(abs(e) for e in left)
        scaled = np.array([float(e / level) for e in left])
        # minimise τ over (correction, τ) with |left - basis·correction| ≤ τ
        one = np.ones((len(points), 1))
        program = linprog(
            np.append(np.zeros(len(powers)), 1),
            A_ub=np.block([[basis, -one], [-basis, -one]]),
            b_ub=np.append(scaled, -scaled),
            bounds=[(None, None)] * len(powers) + [(0, None)],
        )
        c = [a + mpf(d) * level for a, d in zip(c, program.x)]
    return [a / reach**p for a, p in zip(c, powers)]


def minimax(target, weight, interval, terms):
    """`terms` coefficients, lowest power first, and the largest weighted error."""
    a, b = map(mpf, interval)
    # the ends themselves are often removable singularities of the target, so they are left out
    xs = [(a + b) / 2 - (b - a) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * POINTS)) for i in range(POINTS)]
    values = [mpf(target(x)) for x in xs]
    weights = [mpf(weight(x)) for x in xs]
    chosen = []
    while len(chosen) < terms:
        rest = [v - horner(chosen, x) for x, v in zip(xs, values)]
        chosen.append(float32(best(xs, rest, weights, range(len(chosen), terms))[0]))
    return chosen, max(abs(w * (horner(chosen, x) - v)) for x, v, w in zip(xs, values, weights))
