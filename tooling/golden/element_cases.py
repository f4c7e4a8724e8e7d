"""The cases of the elementwise activations, with constant options or trainable parameters."""

from collections.abc import Iterator, Mapping

from decimals import WORKING_DIGITS, mp, mpf
from differences import derivative
from element_formulas import ELEMENT_FORMULAS, ElementFormula
from element_variants import (
    DEFAULT_OPTIONS,
    DEFAULT_PARAMETERS,
    PRESET_VALUES,
    TRAINABLE,
    VARIANTS,
    Layout,
    Variant,
)
from points import element_points, random_upstream, random_values, seeded
from records import Answer, Parameter, Question, case_record
from tensors import broadcast_indices, size


def element_records(activation: str) -> list[dict]:
    """Every case of one elementwise activation."""
    formula = ELEMENT_FORMULAS[activation]
    questions = list(element_questions(activation, formula))
    return [case_record(asked, element_answer(activation, formula, asked)) for asked in questions]


# --- questions ------------------------------------------------------------------------------------


def element_questions(activation: str, formula: ElementFormula) -> Iterator[Question]:
    """The variants over their point sets, then the trainable parameters in their layouts."""
    for variant in VARIANTS.get(activation, (Variant(),)):
        yield from variant_questions(activation, formula, variant)
    if activation in TRAINABLE:
        for layout in TRAINABLE[activation].layouts:
            yield layout_question(activation, layout, TRAINABLE[activation].ranges)


def variant_questions(activation: str, formula: ElementFormula, variant: Variant) -> Iterator[Question]:
    """The point set of one variant, and its kinks as a case of their own."""
    case_id = f"{activation}/{variant.name}"
    random = seeded(case_id)
    scalars = DEFAULT_PARAMETERS.get(activation, {}) | dict(variant.parameters)
    parameters = {name: Parameter((), (value,)) for name, value in scalars.items()}
    values = {name: mpf(value) for name, value in (constants(activation, variant.preset) | scalars).items()}
    values |= {name: mpf(value) for name, value in variant.options.items()}
    kinks = formula.breakpoints(values)

    def over(name: str, x: list[float]) -> Question:
        upstream = random_upstream(random, len(x))
        return Question(name, (len(x),), x, upstream, variant.options, parameters, variant.preset)

    yield over(case_id, element_points(random, kinks, formula.tails))
    if kinks:
        yield over(f"{case_id}/kinks", kinks)


def layout_question(
    activation: str, layout: Layout, ranges: Mapping[str, tuple[float, float]]
) -> Question:
    """Random x, and parameters drawn from their ranges, in one layout."""
    case_id = f"{activation}/parameters/{layout.name}"
    random = seeded(case_id)
    x = random_values(random, size(layout.shape))
    upstream = random_upstream(random, len(x))
    parameters = {
        name: Parameter(layout.parameter_shape, random_values(random, size(layout.parameter_shape), low, high))
        for name, (low, high) in ranges.items()
    }
    return Question(case_id, layout.shape, x, upstream, {}, parameters)


def constants(activation: str, preset: str | None) -> dict[str, float]:
    """The default options, and what the preset sets beside options."""
    return DEFAULT_OPTIONS.get(activation, {}) | PRESET_VALUES.get((activation, preset or ""), {})


# --- answers --------------------------------------------------------------------------------------


def element_answer(activation: str, formula: ElementFormula, asked: Question) -> Answer:
    """y, and the upstream gradient times the derivative by x and by each parameter.

    A parameter's entry collects Σ u·∂y/∂parameter over the elements that use it."""
    fixed = constants(activation, asked.preset) | dict(asked.options)
    entries = {
        name: broadcast_indices(parameter.shape, asked.shape) for name, parameter in asked.parameters.items()
    }
    y, vjp_x, declared_at = [], [], []
    vjp_parameters = {name: [mpf(0)] * len(parameter.values) for name, parameter in asked.parameters.items()}
    with mp.workdps(WORKING_DIGITS):
        for index, (x, u) in enumerate(zip(asked.x, asked.upstream, strict=True)):
            point = {name: mpf(value) for name, value in fixed.items()}
            for name, parameter in asked.parameters.items():
                point[name] = mpf(parameter.values[entries[name][index]])
            point["x"] = mpf(x)
            y.append(formula.formula(point["x"], point))
            declared = formula.declared(point["x"], point)
            if declared is not None:
                declared_at.append(index)
            vjp_x.append(u * slope(formula, point, "x", declared))
            for name in asked.parameters:
                vjp_parameters[name][entries[name][index]] += u * slope(formula, point, name, declared)
    return Answer(y, vjp_x, vjp_parameters, declared_at=declared_at)


def slope(
    formula: ElementFormula, point: Mapping[str, mpf], name: str, declared: Mapping[str, mpf] | None
) -> mpf:
    """∂y/∂name at a point: the declared value at a kink, else by differences."""
    if declared is not None:
        return declared[name]

    def moved(value: mpf) -> mpf:
        values = dict(point) | {name: value}
        return formula.formula(values["x"], values)

    return derivative(moved, point[name])
