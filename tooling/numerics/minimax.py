"""Minimax polynomials with float32 coefficients.

`minimax` minimises the largest |weight(x)·(P(x) - target(x))| over an interval by Remez exchange on a dense set of
Chebyshev points (40 digits). The coefficients are rounded to float32 one by one, lowest power first; after each
rounding the rest is fitted anew, so that later coefficients make up for it.
"""
from mpmath import mp, mpf
import struct

mp.dps = 40
GRID = 500


def float32(x):
    """x rounded to the nearest float32, as an exact mpf."""
    return mpf(struct.unpack('f', struct.pack('f', float(x)))[0])


def cut(x, bits):
    """x rounded to `bits` significant bits."""
    scale = mpf(2) ** (bits - 1 - int(mp.floor(mp.log(abs(x), 2))))
    return mp.nint(x * scale) / scale


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def exchange(points, values, weights, powers):
    """The best coefficients of the given powers on a discrete set of points, and the error they reach."""
    n = len(powers) + 1
    index = [round(i * (len(points) - 1) / (n - 1)) for i in range(n)]
    for _ in range(60):
        rows = [[points[i] ** p for p in powers] + [(-1) ** j / weights[i]] for j, i in enumerate(index)]
        solution = mp.lu_solve(mp.matrix(rows), mp.matrix([values[i] for i in index]))
        c, level = list(solution[:-1]), abs(solution[n - 1])
        error = [w * (sum(a * x**p for a, p in zip(c, powers)) - v) for x, v, w in zip(points, values, weights)]
        # one extremum for each run of equal sign; then the n largest that stay alternating
        runs = []
        for i, e in enumerate(error):
            if runs and (error[runs[-1]] > 0) == (e > 0):
                if abs(e) > abs(error[runs[-1]]):
                    runs[-1] = i
            else:
                runs.append(i)
        while len(runs) > n:
            runs.pop(0 if abs(error[runs[0]]) < abs(error[runs[-1]]) else -1)
        worst = max(abs(e) for e in error)
        if len(runs) < n or worst < level * mpf('1.001'):
            break
        index = runs
    return c, worst


def minimax(target, weight, interval, terms, fixed=(), points=GRID):
    """`terms` coefficients, lowest power first, and the largest weighted error. `fixed` are given leading ones."""
    a, b = map(mpf, interval)
    # Chebyshev points of the first kind: the ends themselves are often removable singularities of the target
    xs = [(a + b) / 2 - (b - a) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * points)) for i in range(points)]
    values = [mpf(target(x)) for x in xs]
    weights = [mpf(weight(x)) for x in xs]
    chosen = [float32(c) for c in fixed]
    while len(chosen) < terms:
        powers = list(range(len(chosen), terms))
        rest = [v - horner(chosen, x) for x, v in zip(xs, values)]
        c, _ = exchange(xs, rest, weights, powers)
        chosen.append(float32(c[0]))
    return chosen, max(abs(w * (horner(chosen, x) - v)) for x, v, w in zip(xs, values, weights))
