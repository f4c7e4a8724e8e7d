"""The inputs of the golden cases: seeded, and every value a float32.

Only `Random.random()` is used: Python promises that its sequence never changes.
"""

from collections.abc import Sequence
from random import Random

from decimals import float32, float32_neighbour

SEED = "isoact/golden/1"

MAGNITUDES = (1e-30, 1e-20, 1e-12, 1e-8, 1e-5, 1e-3, 0.03, 0.3, 0.8, 1.3, 2.6, 6.5, 20.0, 60.0, 300.0, 3e4)
POINTS_PER_TAIL = 7
MIDDLE_POINTS = 6


def seeded(case_id: str) -> Random:
    """A generator of its own for every case: a new case does not change the others."""
    return Random(f"{SEED}/{case_id}")


def uniform(random: Random, low: float, high: float) -> float:
    """A float32 between `low` and `high`, never 0."""
    value = float32(low + (high - low) * random.random())
    return value if value != 0 else float32(high / 2)


def random_values(random: Random, count: int, low: float = -3.0, high: float = 3.0) -> list[float]:
    """`count` float32 values between `low` and `high`."""
    return [uniform(random, low, high) for _ in range(count)]


def random_upstream(random: Random, count: int) -> list[float]:
    """Upstream gradients: nonzero multiples of 1/128 in [-2, 2], which read short."""
    return [(1 + int(random.random() * 256)) / 128 * (1 if random.random() < 0.5 else -1) for _ in range(count)]


def element_points(
    random: Random,
    breakpoints: Sequence[float] = (),
    tails: Sequence[tuple[float, float]] = (),
) -> list[float]:
    """The points of an elementwise activation, ascending: magnitudes of both signs from 1e-30 to 3e4,
    the tails evenly, random points of the middle, 0, and both sides of each breakpoint. The breakpoints
    themselves are left out: their cases are apart."""
    points = {0.0}
    for magnitude in MAGNITUDES:
        for sign in (1.0, -1.0):
            is_end = magnitude in (MAGNITUDES[0], MAGNITUDES[-1])
            points.add(float32(sign * magnitude * (1 if is_end else uniform(random, 0.8, 1.25))))
    for start, end in tails:
        for step in range(POINTS_PER_TAIL):
            points.add(float32(start + (end - start) * step / (POINTS_PER_TAIL - 1)))
    points.update(random_values(random, MIDDLE_POINTS, -4.0, 4.0))
    for breakpoint in breakpoints:
        points.update(around(breakpoint))
    return sorted(points - {float32(breakpoint) for breakpoint in breakpoints})


def around(breakpoint: float) -> list[float]:
    """Points close to a breakpoint on both sides. Beside 0 the magnitudes above are close already."""
    if breakpoint == 0:
        return []
    near = float32(breakpoint)
    return [
        float32_neighbour(near, -1),
        float32_neighbour(near, 1),
        float32(breakpoint - 1e-3),
        float32(breakpoint + 1e-3),
    ]
