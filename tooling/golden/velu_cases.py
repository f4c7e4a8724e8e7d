"""The cases of VeLU: presets, statistics, extents, transports, and the points where derivatives are declared."""

from collections.abc import Iterator, Mapping, Sequence

from checks import check_velu
from decimals import WORKING_DIGITS, float32, float32_neighbour, mp, mpf
from differences import derivative
from points import random_upstream, random_values, seeded, uniform
from records import Answer, Parameter, Question, case_record
from tensors import size
from velu import (
    DEFAULT_OPTIONS,
    PRESETS,
    Held,
    Velu,
    forward,
    group_statistics,
    make_velu,
    saturation,
    squared_distance,
    standard_deviation,
)

GOLDEN_ROW = (-2.0, -1.0, 0.0, 1.0, 2.0)


def velu_records() -> list[dict]:
    """Every case of VeLU, checked against activations.md."""
    answers = [(asked, velu_answer(asked)) for asked in velu_questions()]
    check_velu(answers)
    return [case_record(asked, answer) for asked, answer in answers]


# --- questions ------------------------------------------------------------------------------------


def question(
    name: str,
    shape: Sequence[int],
    x: Sequence[float] | None = None,
    preset: str | None = None,
    options: Mapping[str, object] | None = None,
    scale: float = 1.0,
    channel_axis: int | None = None,
    upstream: Sequence[float] | None = None,
    upstream_penalty: float | None = None,
) -> Question:
    """A case with the preset's options spelled out; random x and upstream unless given."""
    case_id = f"velu/{name}"
    random = seeded(case_id)
    x = random_values(random, size(shape)) if x is None else x
    upstream = random_upstream(random, size(shape)) if upstream is None else upstream
    complete = (DEFAULT_OPTIONS | PRESETS[preset] if preset else {}) | dict(options or {})
    has_penalty = complete.get("transport") == "penalty"
    if has_penalty and upstream_penalty is None:
        upstream_penalty = random_upstream(random, 1)[0]
    assert has_penalty or upstream_penalty is None
    return Question(
        case_id,
        shape,
        x,
        upstream,
        complete,
        {"lambda": Parameter((), (scale,))},
        preset,
        channel_axis,
        upstream_penalty,
    )


def velu_questions() -> Iterator[Question]:
    """Every question about VeLU."""
    yield from preset_questions()
    yield from statistic_questions()
    yield from option_questions()
    yield from data_questions()
    yield from declared_questions()


def preset_questions() -> Iterator[Question]:
    """The golden row of activations.md, and every preset."""
    penalty = {"transport": "penalty"}
    yield question("defaults/row", (1, 5), GOLDEN_ROW)
    yield question(
        "official/golden-row", (1, 5), GOLDEN_ROW, "official", penalty, upstream=[1.0] * 5, upstream_penalty=0.0
    )
    yield question("official/row", (1, 5), GOLDEN_ROW, "official", penalty, 0.75)
    yield question("official/rows", (2, 5), None, "official", penalty, -1.25)
    yield question("official/rank-3", (2, 3, 4), None, "official", penalty, 1.5)
    yield question("equation1/row", (1, 5), (-2.0, -1.0, 0.25, 1.0, 2.0), "equation1")
    yield question("equation1/rows", (3, 4), None, "equation1", None, 0.75)
    yield question("guarded/rows", (2, 5), None, "guarded", penalty)
    yield question("figure2/row", (1, 12), figure2_row(), "figure2", None, 1.25)


def figure2_row() -> list[float]:
    """Twelve points across [-1.5, 1.5], the figure's range; the figure itself has 300."""
    return [float32(-1.5 + 3 * step / 11) for step in range(12)]


def statistic_questions() -> Iterator[Question]:
    """Both statistics over every extent, with every transport on some of them."""
    extents = (
        ("row", "row", (2, 5), None),
        ("tensor", "tensor", (3, 4), None),
        ("sample", "sample", (2, 2, 3), None),
        ("channel", "channel", (2, 3, 2), 1),
        ("last-channel", "channel", (2, 2, 3), 2),
        ("axes", [0, 2], (2, 3, 2), None),
    )
    for statistic in ("inverseRms", "std"):
        for name, extent, shape, channel_axis in extents:
            options = {"statistic": statistic, "extent": extent, "gamma": 0.75, "transport": "penalty"}
            yield question(f"{statistic}/{name}", shape, None, None, options, 0.875, channel_axis)
        options = {"statistic": statistic, "transport": "output", "transportWeight": 0.25, "gamma": 0.5}
        yield question(f"{statistic}/transport-output", (2, 5), None, None, options, 1.125)


def option_questions() -> Iterator[Question]:
    """Options one by one, each large enough to matter."""
    strong = {"alpha": 1.5, "beta1": 0.8, "beta2": 0.25, "gamma": 0.9, "gain": 0.6}
    yield question("strong", (2, 5), None, None, strong)
    for name in ("alpha", "beta1", "beta2"):
        yield question(f"zero-{name}", (1, 4), None, None, strong | {name: 0.0})
    yield question("negative", (2, 4), None, None, strong | {"alpha": -1.5, "gamma": -0.4, "gain": -0.7}, -0.5)
    for statistic in ("inverseRms", "std"):
        detached = strong | {"statistic": statistic, "detachStatistic": True, "transport": "penalty"}
        yield question(f"detached/{statistic}", (2, 5), None, None, detached)
    output = {"statistic": "std", "detachStatistic": True, "transport": "output"}
    yield question("detached/transport-output", (2, 4), None, None, strong | output)
    # γ = 3 and -2 push A beyond [0.5, 2] in the first group, not in the second.
    spread = (0.5, -0.75, 0.25, -0.375, 8.0, -6.0, 7.0, -9.0)
    for name, gamma in (("above", 3.0), ("below", -2.0)):
        clipped = {"gamma": gamma, "adaptClip": [0.5, 2], "transport": "penalty"}
        yield question(f"adaptClip/{name}", (2, 4), spread, None, clipped)


def data_questions() -> Iterator[Question]:
    """Awkward data: every magnitude, one outlier, small groups, a large offset."""
    magnitudes = [1e-30, 1e-20, 1e-10, 1e-5, 1e-3, 0.1, 3.0, 9.5, 10.5, 200.0, 3e4]
    both_signs = [float32(sign * magnitude) for magnitude in magnitudes for sign in (1, -1)]
    for statistic in ("inverseRms", "std"):
        options = {"statistic": statistic, "transport": "penalty"}
        yield question(f"magnitudes/{statistic}", (1, len(both_signs)), both_signs, None, options)
        yield question(f"outlier/{statistic}", (1, 6), (0.5, -0.25, 1.0, 1000.0, -0.75, 0.125), None, options)
        yield question(f"tiny/{statistic}", (1, 4), [float32(v) for v in (1e-3, -2e-3, 5e-4, -1e-4)], None, options)
        yield question(f"offset/{statistic}", (2, 5), offset_values(statistic), None, options)
        whole = options | {"extent": "tensor", "gamma": 0.75}
        yield question(f"offset/{statistic}-tensor", (2, 3, 2), offset_values("tensor")[:12], None, whole)
    yield question("single/inverseRms", (3, 1), None, None, {"transport": "penalty"})


def offset_values(name: str) -> list[float]:
    """1e4 ± 1e-2: the spread is a few float32 steps, and E[x²] - E[x]² would lose it."""
    random = seeded(f"velu/offset-values/{name}")
    return [float32(1e4 + uniform(random, -1e-2, 1e-2)) for _ in range(12 if name == "tensor" else 10)]


def declared_questions() -> Iterator[Question]:
    """Points where the derivative is declared, and points close to them."""
    penalty = {"transport": "penalty"}
    std = penalty | {"statistic": "std"}
    # β2 = 0.5 makes β2·x exact: |β2·x| is 1 at ±2.
    half = penalty | {"alpha": 1.0, "beta2": 0.5}
    beside = [float32_neighbour(value, direction) for value in (-2.0, 2.0) for direction in (-1, 1)]
    yield question("asin/near", (1, 4), beside, None, half)
    yield question("asin/kinks", (1, 6), (-2.0, -1.0, 0.5, 1.5, 2.0, 3.0), None, half)
    # A standard deviation of 0: of the group where S is one, of z in the penalty, of x in W2.
    yield question("constant-std/kinks", (2, 4), (1.5,) * 4 + (0.5, -1.0, 2.0, 0.25), None, std)
    yield question("single-std/kinks", (3, 1), (-0.75, 1.25, 2.5), None, std)
    yield question("zeros-std/kinks", (1, 4), (0.0,) * 4, None, std)
    yield question("constant-inverseRms/kinks", (2, 3), (1.5,) * 6, None, penalty)
    yield question("zeros-inverseRms/kinks", (1, 4), (0.0,) * 4, None, penalty)
    yield question("constant-transport-output/kinks", (1, 3), (1.5,) * 3, "equation1")
    # mean 0 and std 1: W2 is 0, and so is its declared gradient.
    yield question("zero-transport-output/kinks", (2, 2), (-1.0, 1.0, 1.0, -1.0), "equation1")


# --- answers --------------------------------------------------------------------------------------


def velu_answer(asked: Question) -> Answer:
    """The vector-Jacobian product as the derivative of Σ u·y + upstreamPenalty·penalty by each x and λ.

    Where asin is flat at the point itself it is held flat, so that its declared derivative 0 holds at
    |β2·x| = 1. A standard deviation of 0 and a W2 of 0 behave like |h| there: the central difference
    is the declared 0 by symmetry."""
    velu = make_velu(asked.options, asked.shape, asked.channel_axis)
    (scale,) = asked.parameters["lambda"].values

    with mp.workdps(WORKING_DIGITS):
        x = [mpf(value) for value in asked.x]
        outputs = forward(velu, x, mpf(scale))

    def held_at_centre() -> Held:
        """Computed anew in each precision."""
        detached = velu.options["detachStatistic"]
        return Held(group_statistics(velu, x) if detached else None, saturation(velu, x))

    def loss(values: Sequence[mpf], scale: mpf) -> mpf:
        moved = forward(velu, values, scale, held_at_centre())
        total = mp.fsum(u * y for u, y in zip(asked.upstream, moved.y, strict=True))
        if asked.upstream_penalty is not None:
            total += asked.upstream_penalty * moved.w2_squared
        return total

    vjp_x = [
        derivative(lambda value: loss([*x[:index], value, *x[index + 1 :]], mpf(scale)), x[index])
        for index in range(len(x))
    ]
    vjp_scale = derivative(lambda value: loss(x, value), mpf(scale))
    return Answer(
        outputs.y,
        vjp_x,
        {"lambda": [vjp_scale]},
        outputs.w2_squared if velu.options["transport"] == "penalty" else None,
        declared_at=declared_points(velu, x, outputs.z),
    )


def declared_points(velu: Velu, x: Sequence[mpf], z: Sequence[mpf]) -> list[int]:
    """Where a declared derivative takes part: |β2·x| = 1, a standard deviation of 0, a W2 of 0."""
    everywhere = range(len(x))
    transport = velu.options["transport"]
    with mp.workdps(WORKING_DIGITS):
        if transport == "penalty" and standard_deviation(z) == 0:
            return list(everywhere)
        if transport == "output" and (standard_deviation(x) == 0 or squared_distance(x) == 0):
            return list(everywhere)
        points = {index for index in everywhere if abs(velu.number("beta2") * x[index]) == 1}
        if velu.options["statistic"] == "std":
            for members, statistic in zip(velu.groups, group_statistics(velu, x), strict=True):
                points.update(members if statistic == 0 else ())
    return sorted(points)
