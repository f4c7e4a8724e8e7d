"""The cases of the elementwise activations, with constant options or trainable parameters."""

from collections.abc import Iterator, Mapping, Sequence

from decimals import WORKING_DIGITS, mp, mpf
from differences import derivative
from element_formulas import ELEMENT_FORMULAS, ElementFormula
from points import element_points, random_upstream, random_values, seeded
from records import Answer, Parameter, Question, case_record
from tensors import broadcast_indices, size

Options = Mapping[str, float]

# Each activation's constant options, and their defaults in the order of the catalogue.
DEFAULT_OPTIONS: dict[str, dict[str, float]] = {
    "leakyRelu": {"slope": 0.01},
    "elu": {"alpha": 1.0},
    "swish": {"beta": 1.0},
}

# Each activation's trainable parameters, and their defaults.
DEFAULT_PARAMETERS: dict[str, dict[str, float]] = {
    "prelu": {"slope": 0.25},
}

# (activation, name of the variant, preset, options that differ from the defaults)
VARIANTS: list[tuple[str, str, str | None, dict[str, float]]] = [
    ("relu", "default", None, {}),
    ("leakyRelu", "default", None, {}),
    ("leakyRelu", "slope-0.2", None, {"slope": 0.2}),
    ("leakyRelu", "slope-0.3", None, {"slope": 0.3}),
    ("prelu", "default", None, {}),
    ("elu", "default", None, {}),
    ("elu", "alpha-0.375", None, {"alpha": 0.375}),
    ("swish", "default", None, {}),
    ("swish", "beta-1.5", None, {"beta": 1.5}),
    ("gelu", "default", None, {}),
]


def element_records(activation: str) -> list[dict]:
    """Every case of one elementwise activation."""
    formula = ELEMENT_FORMULAS[activation]
    questions = [
        question
        for owner, variant, preset, options in VARIANTS
        if owner == activation
        for question in variant_questions(activation, variant, preset, options)
    ]
    questions += parameter_questions(activation)
    return [case_record(question, element_answer(activation, formula, question)) for question in questions]


# --- questions ------------------------------------------------------------------------------------


def variant_questions(
    activation: str, variant: str, preset: str | None, options: Options
) -> Iterator[Question]:
    """The point set of one variant, and its kinks as a case of their own."""
    formula = ELEMENT_FORMULAS[activation]
    parameters = {
        name: Parameter((), (default,)) for name, default in DEFAULT_PARAMETERS.get(activation, {}).items()
    }
    defaults = DEFAULT_OPTIONS.get(activation, {}) | DEFAULT_PARAMETERS.get(activation, {})
    values = {name: mpf(value) for name, value in (defaults | dict(options)).items()}
    kinks = formula.breakpoints(values)
    case_id = f"{activation}/{variant}"
    random = seeded(case_id)
    x = element_points(random, kinks, formula.tails)
    upstream = random_upstream(random, len(x))
    yield Question(case_id, (len(x),), x, upstream, options, parameters, preset)
    if kinks:
        upstream = random_upstream(random, len(kinks))
        yield Question(f"{case_id}/kinks", (len(kinks),), kinks, upstream, options, parameters, preset)


def parameter_questions(activation: str) -> Iterator[Question]:
    """Trainable parameters of several shapes: a scalar, one per channel, one per column, one per element."""
    if activation == "prelu":
        yield from shaped_questions("prelu", {"slope": (-0.5, 0.9)})
    if activation == "swish":
        yield from shaped_questions("swish", {"beta": (0.3, 2.5)})


SHAPES = (
    ("scalar", (2, 5), ()),
    ("channel", (2, 3, 4), (3, 1)),
    ("column", (3, 4), (4,)),
    ("element", (2, 4), (2, 4)),
)


def shaped_questions(
    activation: str, ranges: Mapping[str, tuple[float, float]], shapes: Sequence = SHAPES
) -> Iterator[Question]:
    """One case per shape of the parameters, whose values are drawn from `ranges`."""
    for name, shape, parameter_shape in shapes:
        case_id = f"{activation}/parameters/{name}"
        random = seeded(case_id)
        x = random_values(random, size(shape))
        upstream = random_upstream(random, len(x))
        parameters = {
            parameter: Parameter(parameter_shape, random_values(random, size(parameter_shape), low, high))
            for parameter, (low, high) in ranges.items()
        }
        yield Question(case_id, shape, x, upstream, {}, parameters)


# --- answers --------------------------------------------------------------------------------------


def element_answer(activation: str, formula: ElementFormula, question: Question) -> Answer:
    """y, and the upstream gradient times the derivative by x and by each parameter.

    A parameter's entry collects Σ u·∂y/∂parameter over the elements that use it."""
    constants = {name: mpf(value) for name, value in DEFAULT_OPTIONS.get(activation, {}).items()}
    constants |= {name: mpf(value) for name, value in question.options.items()}
    entries = {
        name: broadcast_indices(parameter.shape, question.shape)
        for name, parameter in question.parameters.items()
    }
    y, vjp_x, declared_at = [], [], []
    vjp_parameters = {
        name: [mpf(0)] * len(parameter.values) for name, parameter in question.parameters.items()
    }
    with mp.workdps(WORKING_DIGITS):
        for index, (x, u) in enumerate(zip(question.x, question.upstream, strict=True)):
            point = constants | {
                name: mpf(parameter.values[entries[name][index]])
                for name, parameter in question.parameters.items()
            }
            point["x"] = mpf(x)
            y.append(formula.formula(point["x"], point))
            declared = formula.declared(point["x"], point)
            if declared is not None:
                declared_at.append(index)
            vjp_x.append(u * slope(formula, point, "x", declared))
            for name in question.parameters:
                vjp_parameters[name][entries[name][index]] += u * slope(formula, point, name, declared)
    return Answer(y, vjp_x, vjp_parameters, declared_at=declared_at)


def slope(formula: ElementFormula, point: Mapping[str, mpf], name: str, declared: Mapping | None) -> mpf:
    """∂y/∂name at a point: the declared value at a kink, else by differences."""
    if declared is not None:
        return declared[name]

    def moved(value: mpf) -> mpf:
        values = dict(point) | {name: value}
        return formula.formula(values["x"], values)

    return derivative(moved, point[name])
