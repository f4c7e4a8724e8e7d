"""The formulas of the activations that work on one element at a time.

A formula gets x and `values`, its options and parameters by name. `declared` gives the derivatives
that activations.md declares at a kink, by name ('x' and the parameters), and None where the function is smooth.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from decimals import mp, mpf

Values = Mapping[str, mpf]
Declared = dict[str, mpf] | None


def smooth(x: mpf, values: Values) -> Declared:
    """No kink anywhere."""
    return None


def no_breakpoints(values: Values) -> list[float]:
    """Nowhere does the form change."""
    return []


def breakpoint_at_zero(values: Values) -> list[float]:
    """The form changes at 0."""
    return [0.0]


@dataclass(frozen=True)
class ElementFormula:
    """One elementwise activation: its formula, its kinks, and where its tails are."""

    formula: Callable[[mpf, Values], mpf]
    declared: Callable[[mpf, Values], Declared] = smooth
    breakpoints: Callable[[Values], list[float]] = no_breakpoints
    # Ranges of x where |y| or |y'| runs from about 1e-8 to 1e-38.
    tails: Sequence[tuple[float, float]] = ()


# --- pieces ---------------------------------------------------------------------------------------


def logistic(x: mpf) -> mpf:
    """σ(x) = 1 / (1 + e^-x)"""
    return 1 / (1 + mp.exp(-x))


def clip(x: mpf, low: mpf, high: mpf) -> mpf:
    """min(max(x, low), high)"""
    return min(max(x, low), high)


# --- the rectifiers -------------------------------------------------------------------------------


def relu(x: mpf, values: Values) -> mpf:
    """max(x, 0)"""
    return max(x, mpf(0))


def relu_declared(x: mpf, values: Values) -> Declared:
    """0 at 0"""
    return {"x": mpf(0)} if x == 0 else None


def leaky_relu(x: mpf, values: Values) -> mpf:
    """x > 0 ? x : slope·x        also prelu, and rrelu in evaluation"""
    return x if x > 0 else values["slope"] * x


def leaky_relu_declared(x: mpf, values: Values) -> Declared:
    """The slope of the left branch at 0; the slope's own derivative x is 0 there."""
    return {"x": values["slope"], "slope": mpf(0)} if x == 0 else None


# --- the exponential ones -------------------------------------------------------------------------


def elu(x: mpf, values: Values) -> mpf:
    """x > 0 ? x : α·expm1(x)"""
    return x if x > 0 else values["alpha"] * mp.expm1(x)


def elu_declared(x: mpf, values: Values) -> Declared:
    """The slope of the left branch at 0, α."""
    return {"x": values["alpha"]} if x == 0 else None


# --- x times a gate -------------------------------------------------------------------------------


def swish(x: mpf, values: Values) -> mpf:
    """x·σ(βx)"""
    return x * logistic(values["beta"] * x)


def gelu(x: mpf, values: Values) -> mpf:
    """x·½·erfc(-x/√2)"""
    return x * mp.erfc(-x / mp.sqrt(2)) / 2


EXPONENTIAL_TAIL = ((-87.3, -18.4),)

ELEMENT_FORMULAS: dict[str, ElementFormula] = {
    "relu": ElementFormula(relu, relu_declared, breakpoint_at_zero),
    "leakyRelu": ElementFormula(leaky_relu, leaky_relu_declared, breakpoint_at_zero),
    "prelu": ElementFormula(leaky_relu, leaky_relu_declared, breakpoint_at_zero),
    "elu": ElementFormula(elu, elu_declared, breakpoint_at_zero, EXPONENTIAL_TAIL),
    "swish": ElementFormula(swish, tails=((-92.0, -22.0),)),
    "gelu": ElementFormula(gelu, tails=((-12.9, -5.6),)),
}
