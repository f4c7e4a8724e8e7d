"""The formulas of the activations that work on one element at a time.

A formula gets x and `values`, its options and parameters by name. `declared` gives the derivatives
that activations.md declares at a kink, by name ('x' and the parameters), and None where the function is smooth.

Formulas are evaluated in the precision that is set when they are called.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from decimals import float32, mp, mpf

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


def relu6(x: mpf, values: Values) -> mpf:
    """min(max(x, 0), 6)"""
    return clip(x, mpf(0), mpf(6))


def relu6_declared(x: mpf, values: Values) -> Declared:
    """0 at 0 and at 6"""
    return {"x": mpf(0)} if x in (0, 6) else None


def leaky_relu(x: mpf, values: Values) -> mpf:
    """x > 0 ? x : slope·x        also prelu"""
    return x if x > 0 else values["slope"] * x


def leaky_relu_declared(x: mpf, values: Values) -> Declared:
    """The slope of the left branch at 0; the slope's own derivative x is 0 there."""
    return {"x": values["slope"], "slope": mpf(0)} if x == 0 else None


def rrelu_slope(values: Values) -> mpf:
    """The slope in evaluation: the mean of U(1/8, 1/3), or 1/divisor in the paper's form"""
    if "divisor" in values:
        return 1 / values["divisor"]
    return (mpf(1) / 8 + mpf(1) / 3) / 2


def rrelu(x: mpf, values: Values) -> mpf:
    """x > 0 ? x : slope·x, in evaluation"""
    return x if x > 0 else rrelu_slope(values) * x


def rrelu_declared(x: mpf, values: Values) -> Declared:
    """The slope of the left branch at 0."""
    return {"x": rrelu_slope(values)} if x == 0 else None


def conv_relu(x: mpf, values: Values) -> mpf:
    """max(x, θ)"""
    return max(x, values["theta"])


def conv_relu_declared(x: mpf, values: Values) -> Declared:
    """A tie goes to θ."""
    return {"x": mpf(0), "theta": mpf(1)} if x == values["theta"] else None


def conv_relu_breakpoints(values: Values) -> list[float]:
    """θ"""
    return [float(values["theta"])]


def dy_relu(x: mpf, values: Values) -> mpf:
    """max(a1·x + b1, a2·x + b2)"""
    return max(values["a1"] * x + values["b1"], values["a2"] * x + values["b2"])


def dy_relu_declared(x: mpf, values: Values) -> Declared:
    """A tie goes to k = 1."""
    if values["a1"] * x + values["b1"] != values["a2"] * x + values["b2"]:
        return None
    return {"x": values["a1"], "a1": x, "b1": mpf(1), "a2": mpf(0), "b2": mpf(0)}


def dy_relu_breakpoints(values: Values) -> list[float]:
    """Where the two lines cross."""
    if values["a1"] == values["a2"]:
        return []
    return [float((values["b2"] - values["b1"]) / (values["a1"] - values["a2"]))]


# --- the exponential ones -------------------------------------------------------------------------


def sigmoid(x: mpf, values: Values) -> mpf:
    """σ(x)"""
    return logistic(x)


def tanh(x: mpf, values: Values) -> mpf:
    """tanh x"""
    return mp.tanh(x)


def elu(x: mpf, values: Values) -> mpf:
    """x > 0 ? x : α·expm1(x)"""
    return x if x > 0 else values["alpha"] * mp.expm1(x)


def elu_declared(x: mpf, values: Values) -> Declared:
    """The slope of the left branch at 0, α."""
    return {"x": values["alpha"]} if x == 0 else None


def selu(x: mpf, values: Values) -> mpf:
    """λ·(x > 0 ? x : α·expm1(x))"""
    return values["lambda"] * elu(x, values)


def selu_declared(x: mpf, values: Values) -> Declared:
    """The slope of the left branch at 0, λ·α."""
    return {"x": values["lambda"] * values["alpha"]} if x == 0 else None


def celu(x: mpf, values: Values) -> mpf:
    """max(x, 0) + min(0, α·expm1(x/α)), which has the slope 1 on both sides of 0"""
    alpha = values["alpha"]
    return max(x, mpf(0)) + min(mpf(0), alpha * mp.expm1(min(x, mpf(0)) / alpha))


def softplus(x: mpf, values: Values) -> mpf:
    """max(x, 0) + log1p(e^(-β·|x|))/β"""
    beta = values["beta"]
    return max(x, mpf(0)) + mp.log1p(mp.exp(-beta * abs(x))) / beta


def softsign(x: mpf, values: Values) -> mpf:
    """x / (1 + |x|)"""
    return x / (1 + abs(x))


# --- x times a gate -------------------------------------------------------------------------------


def swish(x: mpf, values: Values) -> mpf:
    """x·σ(βx)"""
    return x * logistic(values["beta"] * x)


def hard_sigmoid(x: mpf, values: Values) -> mpf:
    """clip(slope·x + 1/2, 0, 1), the slope exactly 1/6 unless given"""
    scaled = values["slope"] * x if "slope" in values else x / 6
    return clip(scaled + mpf(1) / 2, mpf(0), mpf(1))


def hard_sigmoid_breakpoints(values: Values) -> list[float]:
    """±1/(2·slope), as a float32: the float64 0.2 is not 1/5, but its bounds are meant at ±2.5."""
    end = float32(float(1 / (2 * values["slope"]))) if "slope" in values else 3.0
    return [-end, end]


def hard_sigmoid_declared(x: mpf, values: Values) -> Declared:
    """0 at both bounds"""
    return {"x": mpf(0)} if x in hard_sigmoid_breakpoints(values) else None


def hard_swish(x: mpf, values: Values) -> mpf:
    """x·clip(x/6 + 1/2, 0, 1)"""
    return x * hard_sigmoid(x, {})


def hard_swish_declared(x: mpf, values: Values) -> Declared:
    """0 at -3, 1 at 3"""
    return {-3: {"x": mpf(0)}, 3: {"x": mpf(1)}}.get(x)


def gelu(x: mpf, values: Values) -> mpf:
    """x·½·erfc(-x/√2)"""
    return x * mp.erfc(-x / mp.sqrt(2)) / 2


def gelu_tanh(x: mpf, values: Values) -> mpf:
    """x·σ(2·√(2/π)·(x + 0.044715·x³)), the constants as exact decimals"""
    return x * logistic(2 * mp.sqrt(2 / mp.pi) * (x + mpf("0.044715") * x**3))


def mish(x: mpf, values: Values) -> mpf:
    """x·tanh(softplus x)"""
    return x * mp.tanh(softplus(x, {"beta": mpf(1)}))


# --- the table, in the order of the catalogue ------------------------------------------------------

LEFT_TAIL = ((-87.3, -18.4),)
GATED_TAIL = ((-92.0, -22.0),)

ELEMENT_FORMULAS: dict[str, ElementFormula] = {
    "sigmoid": ElementFormula(sigmoid, tails=((-87.3, -18.4), (18.4, 87.3))),
    "tanh": ElementFormula(tanh, tails=((-44.3, -9.9), (9.9, 44.3))),
    "relu": ElementFormula(relu, relu_declared, breakpoint_at_zero),
    "relu6": ElementFormula(relu6, relu6_declared, lambda values: [0.0, 6.0]),
    "leakyRelu": ElementFormula(leaky_relu, leaky_relu_declared, breakpoint_at_zero),
    "prelu": ElementFormula(leaky_relu, leaky_relu_declared, breakpoint_at_zero),
    "rrelu": ElementFormula(rrelu, rrelu_declared, breakpoint_at_zero),
    "elu": ElementFormula(elu, elu_declared, breakpoint_at_zero, LEFT_TAIL),
    "selu": ElementFormula(selu, selu_declared, breakpoint_at_zero, LEFT_TAIL),
    "celu": ElementFormula(celu, tails=LEFT_TAIL),
    "softplus": ElementFormula(softplus, tails=LEFT_TAIL),
    "softsign": ElementFormula(softsign),
    "swish": ElementFormula(swish, tails=GATED_TAIL),
    "hardSigmoid": ElementFormula(hard_sigmoid, hard_sigmoid_declared, hard_sigmoid_breakpoints),
    "hardSwish": ElementFormula(hard_swish, hard_swish_declared, lambda values: [-3.0, 3.0]),
    "gelu": ElementFormula(gelu, tails=((-12.9, -5.6),)),
    "geluTanh": ElementFormula(gelu_tanh, tails=((-10.05, -5.45),)),
    "mish": ElementFormula(mish, tails=GATED_TAIL),
    "convRelu": ElementFormula(conv_relu, conv_relu_declared, conv_relu_breakpoints),
    "dyRelu": ElementFormula(dy_relu, dy_relu_declared, dy_relu_breakpoints),
}
