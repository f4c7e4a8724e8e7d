"""Which variants of the elementwise activations have golden values: options, presets, parameter shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Each activation's constant options with their defaults. (hardSigmoid's slope 1/6 and rrelu's mean
# slope 11/48 are no float64: their formulas know them.)
DEFAULT_OPTIONS: dict[str, dict[str, float]] = {
    "leakyRelu": {"slope": 0.01},
    "elu": {"alpha": 1.0},
    "selu": {"alpha": 1.6732632423543772848, "lambda": 1.0507009873554804934},
    "celu": {"alpha": 1.0},
    "softplus": {"beta": 1.0},
    "swish": {"beta": 1.0},
}

# Each activation's trainable parameters with their defaults. (swish's beta trains on request: it is an
# option in some cases and a parameter in others.)
DEFAULT_PARAMETERS: dict[str, dict[str, float]] = {
    "prelu": {"slope": 0.25},
    "convRelu": {"theta": 0.0},
    "dyRelu": {"a1": 1.0, "b1": 0.0, "a2": 0.0, "b2": 0.0},
}

# What a preset sets that is no option of activations.md.
PRESET_VALUES: dict[tuple[str, str], dict[str, float]] = {("rrelu", "paper"): {"divisor": 5.5}}


@dataclass(frozen=True)
class Variant:
    """One set of options (and scalar parameters) of one activation, run over its whole point set."""

    name: str = "default"
    options: Mapping[str, float] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    preset: str | None = None


# Activations that are not listed have the default variant alone.
VARIANTS: dict[str, Sequence[Variant]] = {
    "leakyRelu": (
        Variant(),
        Variant("slope-0.2", {"slope": 0.2}),
        Variant("slope-0.3", {"slope": 0.3}),
    ),
    "rrelu": (Variant(), Variant("paper", preset="paper")),
    "elu": (Variant(), Variant("alpha-0.375", {"alpha": 0.375})),
    "celu": (Variant(), Variant("alpha-2", {"alpha": 2.0}), Variant("alpha-0.375", {"alpha": 0.375})),
    "softplus": (Variant(), Variant("beta-2", {"beta": 2.0}), Variant("beta-0.375", {"beta": 0.375})),
    "swish": (Variant(), Variant("beta-1.5", {"beta": 1.5}), Variant("beta-0", {"beta": 0.0})),
    "hardSigmoid": (Variant(), Variant("keras2", {"slope": 0.2}, preset="keras2")),
    "convRelu": (
        Variant(),
        Variant("theta-0.75", parameters={"theta": 0.75}),
        Variant("theta-minus-1.5", parameters={"theta": -1.5}),
    ),
    "dyRelu": (
        Variant(),
        Variant("crossing", parameters={"a1": 1.0, "b1": 0.5, "a2": -1.0, "b2": 1.5}),
        Variant("tied-lines/kinks", parameters={"a1": 0.5, "b1": 0.25, "a2": 0.5, "b2": 0.25}),
    ),
}


@dataclass(frozen=True)
class Layout:
    """A shape of x, and the shape that every trainable parameter has beside it."""

    name: str
    shape: Sequence[int]
    parameter_shape: Sequence[int]


LAYOUTS = (
    Layout("scalar", (2, 5), ()),
    Layout("channel", (2, 3, 4), (3, 1)),
    Layout("column", (3, 4), (4,)),
    Layout("element", (2, 4), (2, 4)),
)

# Dynamic ReLU: one set of coefficients per sample (A), or per sample and channel (B).
DY_RELU_LAYOUTS = (
    Layout("scalar", (2, 5), ()),
    Layout("sample", (2, 3, 4), (2, 1, 1)),
    Layout("sample-channel", (2, 3, 4), (2, 3, 1)),
)


@dataclass(frozen=True)
class Trainable:
    """The layouts in which an activation's parameters are trained, and the ranges they are drawn from."""

    layouts: Sequence[Layout]
    ranges: Mapping[str, tuple[float, float]]


TRAINABLE: dict[str, Trainable] = {
    "prelu": Trainable(LAYOUTS, {"slope": (-0.5, 0.9)}),
    "swish": Trainable(LAYOUTS, {"beta": (0.3, 2.5)}),
    "convRelu": Trainable(LAYOUTS, {"theta": (-1.0, 1.0)}),
    "dyRelu": Trainable(
        DY_RELU_LAYOUTS, {"a1": (0.0, 2.0), "b1": (-0.5, 0.5), "a2": (-1.0, 1.0), "b2": (-0.5, 0.5)}
    ),
}
