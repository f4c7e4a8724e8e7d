"""AdaReLU: each group takes the branch that its signs choose.

    P = number of x > 0, M = number of x < 0 in the extent
    y = P > M ? min(x, 0) : max(x, 0)          a tie takes max
"""

from collections.abc import Sequence

from decimals import WORKING_DIGITS, float32, mp, mpf
from differences import derivative
from points import random_upstream, random_values, seeded
from records import Answer, Question, case_record
from tensors import groups, size

SIGNS: dict[str, tuple[float, float]] = {"mixed": (-3.0, 3.0), "positive": (-1.0, 3.0), "negative": (-3.0, 1.0)}

# (name, extent, shape, channel axis)
EXTENTS = (
    ("tensor", "tensor", (3, 4), None),
    ("row", "row", (4, 5), None),
    ("sample", "sample", (3, 2, 3), None),
    ("channel", "channel", (2, 3, 3), 1),
    ("last-channel", "channel", (3, 2, 4), 2),
    ("axes", [0, 2], (3, 2, 3), None),
)


def adarelu_records() -> list[dict]:
    """Every case of AdaReLU."""
    questions = random_questions() + chosen_questions()
    return [case_record(question, adarelu_answer(question)) for question in questions]


def random_questions() -> list[Question]:
    """Every extent, over data that leans either way."""
    questions = []
    for name, extent, shape, channel_axis in EXTENTS:
        for sign, (low, high) in SIGNS.items():
            case_id = f"adaRelu/{name}/{sign}"
            random = seeded(case_id)
            x = random_values(random, size(shape), low, high)
            upstream = random_upstream(random, len(x))
            questions.append(Question(case_id, shape, x, upstream, {"extent": extent}, channel_axis=channel_axis))
    return questions


def chosen_questions() -> list[Question]:
    """Ties, zeros (which count for neither side, and have the declared derivative 0), one-signed groups, tiny values."""
    chosen = {
        "defaults": ({}, (2, 2), (1.5, 2.0, -0.5, 0.25)),
        "tie": ({"extent": "row"}, (2, 4), (-1.0, 2.0, -3.0, 0.5, 1.0, -2.0, 3.0, -0.5)),
        "tie/kinks": ({"extent": "row"}, (2, 5), (-1.0, 2.0, 0.0, -3.0, 0.5, 0.0, 0.0, 1.0, -2.0, 0.0)),
        "zeros/kinks": ({"extent": "tensor"}, (1, 4), (0.0, 0.0, 0.0, 0.0)),
        "zeros-outnumber/kinks": ({"extent": "row"}, (2, 5), (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, -2.0, 0.0, 0.0, 0.0)),
        "majority-with-zeros/kinks": ({"extent": "row"}, (2, 5), (1.0, 0.0, 2.0, -3.0, 0.0, -1.0, 0.0, 2.0, -3.0, 0.0)),
        "one-signed": ({"extent": "row"}, (4, 1), (2.0, -3.0, 0.25, -0.125)),
        "tiny": ({"extent": "row"}, (2, 3), (1e-30, 2e-30, -1e-30, -1e-30, -2e-30, 1e-30)),
        "huge": ({"extent": "row"}, (2, 3), (1e30, 2e30, -1e30, -1e30, -2e30, 1e30)),
    }
    questions = []
    for name, (options, shape, x) in chosen.items():
        case_id = f"adaRelu/{name}"
        upstream = random_upstream(seeded(case_id), size(shape))
        questions.append(Question(case_id, shape, rounded(x), upstream, options))
    return questions


def rounded(values: Sequence[float]) -> list[float]:
    """The float32 next to each value."""
    return [float32(value) for value in values]


def adarelu_answer(question: Question) -> Answer:
    """The gradient moves one element at a time; the counts cannot change away from 0."""
    members_of = groups(question.shape, question.options.get("extent", "tensor"), question.channel_axis)
    x = [mpf(value) for value in question.x]

    def loss(values: Sequence[mpf]) -> mpf:
        y = forward(values, members_of)
        return mp.fsum(u * yi for u, yi in zip(question.upstream, y, strict=True))

    def gradient(index: int) -> mpf:
        if x[index] == 0:
            return mpf(0)
        return derivative(lambda value: loss([*x[:index], value, *x[index + 1 :]]), x[index])

    with mp.workdps(WORKING_DIGITS):
        y = forward(x, members_of)
    declared_at = [index for index, value in enumerate(x) if value == 0]
    return Answer(y, [gradient(index) for index in range(len(x))], declared_at=declared_at)


def forward(x: Sequence[mpf], members_of: Sequence[Sequence[int]]) -> list[mpf]:
    """y of every element."""
    y = list(x)
    for members in members_of:
        positive = sum(x[index] > 0 for index in members)
        negative = sum(x[index] < 0 for index in members)
        for index in members:
            y[index] = min(x[index], mpf(0)) if positive > negative else max(x[index], mpf(0))
    return y
