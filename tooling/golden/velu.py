"""VeLU, as activations.md defines it, over whole tensors.

    z = x · σ(α·(atan(β1·x) + asin(clip(β2·x, -1, 1)))) · A        y = λ·z
    A = 1 + γ·tanh(gain·S), optionally clipped
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from decimals import mp, mpf
from element_formulas import clip, logistic
from tensors import groups

DEFAULT_OPTIONS: dict[str, object] = {
    "alpha": 0.1,
    "beta1": 0.1,
    "beta2": 0.1,
    "gamma": 0.1,
    "gain": 0.9,
    "statistic": "inverseRms",
    "epsilon": 1e-6,
    "extent": "row",
    "adaptClip": None,
    "transport": "none",
    "transportWeight": 0.1,
    "detachStatistic": False,
}

PRESETS: dict[str, dict[str, object]] = {
    "official": {},
    "equation1": {"statistic": "std", "extent": "tensor", "transport": "output"},
    "guarded": {"epsilon": 1e-3, "adaptClip": [0.5, 2]},
    "figure2": {"alpha": 2, "beta1": 1, "beta2": 0.7},
}


@dataclass(frozen=True)
class Velu:
    """VeLU with its options set, for one shape of x."""

    options: Mapping[str, object]
    groups: Sequence[Sequence[int]]

    def number(self, name: str) -> mpf:
        """An option that is a number: the float64 that was given, exactly."""
        return mpf(self.options[name])


@dataclass(frozen=True)
class Outputs:
    """What a forward pass computes. `w2_squared` and `z` are there for every transport."""

    y: list[mpf]
    z: list[mpf]
    w2_squared: mpf
    adapted: list[mpf]


@dataclass(frozen=True)
class Held:
    """What a difference holds at its centre: statistics that are detached, and where asin is flat."""

    statistics: Sequence[mpf] | None
    saturated: Sequence[bool]


def make_velu(options: Mapping[str, object], shape: Sequence[int], channel_axis: int | None) -> Velu:
    """Options over the defaults, and the groups of their extent."""
    complete = DEFAULT_OPTIONS | dict(options)
    assert complete.keys() == DEFAULT_OPTIONS.keys(), options
    return Velu(complete, groups(shape, complete["extent"], channel_axis))


def forward(velu: Velu, x: Sequence[mpf], scale: mpf, held: Held | None = None) -> Outputs:
    """y for λ = `scale`, with what `held` says kept constant."""
    saturated = held.saturated if held else saturation(velu, x)
    gated = [xi * gate(velu, xi, flat) for xi, flat in zip(x, saturated, strict=True)]
    statistics = held.statistics if held and held.statistics else group_statistics(velu, x)
    adapted = [adaptation(velu, statistic) for statistic in statistics]
    z = list(gated)
    for members, factor in zip(velu.groups, adapted, strict=True):
        for index in members:
            z[index] = gated[index] * factor
    y = [scale * zi for zi in z]
    if velu.options["transport"] == "output":
        # Eq. 1 as printed: y - λ_OT·W2(x, N(0, 1)), W2 over the whole tensor.
        moved = velu.number("transportWeight") * mp.sqrt(squared_distance(x))
        y = [yi - moved for yi in y]
    return Outputs(y, z, squared_distance(z), adapted)


def saturation(velu: Velu, x: Sequence[mpf]) -> list[bool]:
    """Where |β2·x| ≥ 1: there asin is a constant, its derivative 0."""
    beta2 = velu.number("beta2")
    return [abs(beta2 * xi) >= 1 for xi in x]


def gate(velu: Velu, x: mpf, is_saturated: bool) -> mpf:
    """σ(α·(atan(β1·x) + asin(clip(β2·x, -1, 1))))"""
    angle = mp.atan(velu.number("beta1") * x)
    turned = velu.number("beta2") * x
    angle += mp.sign(turned) * mp.pi / 2 if is_saturated else mp.asin(clip(turned, mpf(-1), mpf(1)))
    return logistic(velu.number("alpha") * angle)


def group_statistics(velu: Velu, x: Sequence[mpf]) -> list[mpf]:
    """S of every group: 1/√(E[x²]+ε), or the centred standard deviation, ddof 0."""
    return [statistic(velu, [x[index] for index in members]) for members in velu.groups]


def statistic(velu: Velu, values: Sequence[mpf]) -> mpf:
    """S of one group."""
    if velu.options["statistic"] == "std":
        return standard_deviation(values)
    assert velu.options["statistic"] == "inverseRms"
    return 1 / mp.sqrt(mean([value * value for value in values]) + velu.number("epsilon"))


def adaptation(velu: Velu, statistic: mpf) -> mpf:
    """A = 1 + γ·tanh(gain·S), clipped to adaptClip where it is given"""
    factor = 1 + velu.number("gamma") * mp.tanh(velu.number("gain") * statistic)
    bounds = velu.options["adaptClip"]
    return factor if bounds is None else clip(factor, mpf(bounds[0]), mpf(bounds[1]))


def mean(values: Sequence[mpf]) -> mpf:
    """E[v], around the first value, so that the mean of a constant group is exactly that constant"""
    pivot = values[0]
    return pivot + mp.fsum(value - pivot for value in values) / len(values)


def standard_deviation(values: Sequence[mpf]) -> mpf:
    """√E[(v - E[v])²]"""
    centre = mean(values)
    return mp.sqrt(mean([(value - centre) ** 2 for value in values]))


def squared_distance(values: Sequence[mpf]) -> mpf:
    """W2² = mean² + (std - 1)², Eq. 3"""
    return mean(values) ** 2 + (standard_deviation(values) - 1) ** 2
