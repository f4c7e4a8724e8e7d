"""Derivatives by central differences at high precision, on purpose without any formula.

    f'(x) ≈ (f(x + h) - f(x - h)) / 2h,    error ≈ h²·f'''/6 + 10^-digits·f/h

With h = 1e-40 and 400 digits the first part is near 1e-80 and the second near 1e-360, so that a
gradient tail of 1e-320 beside f = 1 still has its 30 digits. (At a point where only the second
derivative jumps, the first part is near h.) Each derivative is computed twice, with different
steps and digits, and the two must agree.
"""

from collections.abc import Callable

from decimals import WORKING_DIGITS, mp, mpf

FIRST_STEP, FIRST_DIGITS = mpf(10) ** -40, WORKING_DIGITS
SECOND_STEP, SECOND_DIGITS = mpf(10) ** -45, WORKING_DIGITS + 20

AGREEMENT = mpf(10) ** -30
NOISE = mpf(10) ** -345


def derivative(function: Callable[[mpf], mpf], at: mpf) -> mpf:
    """The derivative of `function` at `at`, with at least 30 right digits. `function` must be smooth there."""
    first = central_difference(function, at, FIRST_STEP, FIRST_DIGITS)
    second = central_difference(function, at, SECOND_STEP, SECOND_DIGITS)
    if abs(first - second) > AGREEMENT * abs(second) + NOISE:
        raise ArithmeticError(
            f"two central differences must agree to 30 digits (were {mp.nstr(first, 35)} and "
            f"{mp.nstr(second, 35)} at {mp.nstr(at, 20)}). Is the point on a kink?"
        )
    return second


def central_difference(function: Callable[[mpf], mpf], at: mpf, step: mpf, digits: int) -> mpf:
    """(f(x + h) - f(x - h)) / 2h, with `digits` decimal digits."""
    with mp.workdps(digits):
        # 10^-40 is not a binary fraction: use the step that was really taken.
        above, below = at + step, at - step
        return (function(above) - function(below)) / (above - below)
