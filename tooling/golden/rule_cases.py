"""A function of no use but one: its gradient needs every differentiation rule that no activation needs.

    y = 4·(min(2x, ln(x² + 1) + ln(1 + β·x²)) + (e^(-β·x) - erf(x)) / Σ(x² + 1))        (sum over the last axis)
"""

from collections.abc import Sequence

from decimals import WORKING_DIGITS, float32, mp, mpf
from differences import derivative
from points import random_upstream, random_values, seeded
from records import Answer, Parameter, Question, case_record

SHAPES = ((1, 4), (3, 5))
BETAS = (0.7, 1.25)


def rule_records() -> list[dict]:
    """Every case."""
    return [case_record(asked, rule_answer(asked)) for asked in rule_questions()]


def rule_questions() -> list[Question]:
    """Rows in which either side of the minimum is the smaller one."""
    questions = []
    for shape, beta in zip(SHAPES, BETAS, strict=True):
        name = f"rules/{'x'.join(map(str, shape))}"
        count = shape[0] * shape[1]
        x = random_values(seeded(f"{name}/x"), count)
        parameters = {"beta": Parameter((), (float32(beta),))}
        questions.append(Question(name, shape, x, random_upstream(seeded(name), count), parameters=parameters))
    return questions


def rule_answer(asked: Question) -> Answer:
    """Values by the formula, derivatives by differences of it."""
    width = asked.shape[-1]
    (beta,) = asked.parameters["beta"].values
    x = [mpf(value) for value in asked.x]
    upstream = [mpf(value) for value in asked.upstream]
    rows = [slice(start, start + width) for start in range(0, len(x), width)]
    with mp.workdps(WORKING_DIGITS):
        y = [value for row in rows for value in row_values(x[row], mpf(beta))]
        vjp_x = []
        for row in rows:
            for place in range(width):

                def loss(moved: mpf, row: slice = row, place: int = place) -> mpf:
                    values = list(x[row])
                    values[place] = moved
                    return weighted(upstream[row], row_values(values, mpf(beta)))

                vjp_x.append(derivative(loss, x[row][place]))
        vjp_beta = derivative(
            lambda moved: sum(weighted(upstream[row], row_values(x[row], moved)) for row in rows), mpf(beta)
        )
    return Answer(y, vjp_x, {"beta": [vjp_beta]})


def row_values(x: Sequence[mpf], beta: mpf) -> list[mpf]:
    """The formula over one row."""
    total = sum(value * value + 1 for value in x)
    return [
        4
        * (
            min(2 * value, mp.log(value * value + 1) + mp.log(1 + beta * value * value))
            + (mp.exp(-beta * value) - mp.erf(value)) / total
        )
        for value in x
    ]


def weighted(weights: Sequence[mpf], values: Sequence[mpf]) -> mpf:
    """Σ weight·value."""
    return sum(weight * value for weight, value in zip(weights, values, strict=True))
