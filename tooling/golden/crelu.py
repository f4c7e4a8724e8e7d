"""CReLU: concat(relu(x), relu(-x)) along the channel axis, which doubles the channels."""

from collections.abc import Sequence

from decimals import WORKING_DIGITS, mp, mpf
from differences import derivative
from points import element_points, random_upstream, random_values, seeded
from records import Answer, Question, case_record
from tensors import flat_index, positions, size

# (name, shape, channel axis)
LAYOUTS = (
    ("first-axis", (3, 2), 0),
    ("last-axis", (2, 5), 1),
    ("middle-axis", (2, 3, 4), 1),
    ("rank-4", (2, 2, 1, 3), -1),
)


def crelu_records() -> list[dict]:
    """Every case of CReLU."""
    return [case_record(asked, crelu_answer(asked)) for asked in crelu_questions()]


def crelu_questions() -> list[Question]:
    """Every magnitude on one axis, several channel axes, and 0, where the declared derivative is 0."""
    magnitudes = element_points(seeded("crelu/magnitudes/x"), (0.0,))
    questions = [question("magnitudes", (len(magnitudes),), 0, magnitudes)]
    for name, shape, channel_axis in LAYOUTS:
        x = random_values(seeded(f"crelu/{name}/x"), size(shape))
        questions.append(question(name, shape, channel_axis % len(shape), x))
    questions.append(question("kinks", (2, 3), 1, (0.0, -1.0, 2.0, 0.5, 0.0, -0.25)))
    return questions


def question(name: str, shape: Sequence[int], channel_axis: int, x: Sequence[float]) -> Question:
    """One case; the upstream gradient has the shape of the output."""
    case_id = f"crelu/{name}"
    upstream = random_upstream(seeded(case_id), 2 * len(x))
    return Question(case_id, shape, x, upstream, channel_axis=channel_axis)


def crelu_answer(asked: Question) -> Answer:
    """Each element feeds two outputs: relu(x) in its channel, relu(-x) in its channel + C."""
    output_shape = list(asked.shape)
    output_shape[asked.channel_axis] *= 2
    places = output_places(asked.shape, asked.channel_axis, output_shape)
    y = [mpf(0)] * size(output_shape)
    vjp_x, declared_at = [], []
    with mp.workdps(WORKING_DIGITS):
        for index, (value, (kept, negated)) in enumerate(zip(asked.x, places, strict=True)):
            x = mpf(value)
            y[kept], y[negated] = max(x, mpf(0)), max(-x, mpf(0))
            if x == 0:
                declared_at.append(index)
                vjp_x.append(mpf(0))
                continue
            u_kept, u_negated = asked.upstream[kept], asked.upstream[negated]
            vjp_x.append(
                derivative(lambda moved: u_kept * max(moved, mpf(0)) + u_negated * max(-moved, mpf(0)), x)
            )
    return Answer(y, vjp_x, output_shape=output_shape, declared_at=declared_at)


def output_places(
    shape: Sequence[int], channel_axis: int, output_shape: Sequence[int]
) -> list[tuple[int, int]]:
    """For every element, the flat indices of relu(x) and of relu(-x) in the output."""
    places = []
    for position in positions(shape):
        negated = list(position)
        negated[channel_axis] += shape[channel_axis]
        places.append((flat_index(position, output_shape), flat_index(negated, output_shape)))
    return places
