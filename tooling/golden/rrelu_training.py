"""RReLU in training: a slope for each element, drawn from U(1/8, 1/3) or as a divisor from U(3, 8).

Noise is Philox4x32-10 (Salmon et al. 2011): the key is the seed, the counter the element's index, and the upper 24
bits of the first word are scaled to [0, 1).
"""

from collections.abc import Sequence

from decimals import WORKING_DIGITS, mp, mpf
from differences import derivative
from points import random_upstream, random_values, seeded
from records import Answer, Question, case_record
from tensors import size

MASK = 0xFFFFFFFF
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
INCREMENTS = (0x9E3779B9, 0xBB67AE85)

# (name, shape, seed words, preset)
CASES = (
    ("slope", (41,), (0, 0), None),
    ("rows", (3, 7), (0xDEADBEEF, 12345), None),
    ("divisor", (2, 3, 4), (1, 0xFFFFFFFF), "paper"),
)


def philox(counter: Sequence[int], key: Sequence[int]) -> tuple[int, int, int, int]:
    """The four words for a counter of four words and a key of two"""
    a, b, c, d = counter
    low, high = key
    for _ in range(10):
        first, second = MULTIPLIERS[0] * a, MULTIPLIERS[1] * c
        a, b, c, d = (
            (second >> 32) ^ b ^ low,
            second & MASK,
            (first >> 32) ^ d ^ high,
            first & MASK,
        )
        low, high = (low + INCREMENTS[0]) & MASK, (high + INCREMENTS[1]) & MASK
    return a, b, c, d


assert philox((0, 0, 0, 0), (0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8), "Random123's known answer"


def slope(index: int, seed: Sequence[int], preset: str | None) -> mpf:
    """The slope of the element at an index"""
    word = philox((index & MASK, index >> 32, 0, 0), seed)[0]
    noise = mpf(word >> 8) / 2**24
    if preset == "paper":
        return 1 / (3 + 5 * noise)
    return mpf(1) / 8 + (mpf(1) / 3 - mpf(1) / 8) * noise


def rrelu_training_records() -> list[dict]:
    """Every case of RReLU in training"""
    return [case_record(question, answer(question)) for question in questions()]


def questions() -> list[Question]:
    """Random values of both signs under a few seeds"""
    asked = []
    for name, shape, seed, preset in CASES:
        case_id = f"rrelu/train/{name}"
        x = random_values(seeded(f"{case_id}/x"), size(shape))
        upstream = random_upstream(seeded(case_id), size(shape))
        asked.append(Question(case_id, shape, x, upstream, {"mode": "train"}, preset=preset, seed=seed))
    return asked


def answer(asked: Question) -> Answer:
    """x where it is positive, slope·x elsewhere"""
    y, vjp_x = [], []
    with mp.workdps(WORKING_DIGITS):
        for index, (value, upstream) in enumerate(zip(asked.x, asked.upstream, strict=True)):
            own = slope(index, asked.seed or (), asked.preset)

            def formula(x: mpf, own: mpf = own) -> mpf:
                return x if x > 0 else own * x

            y.append(formula(mpf(value)))
            vjp_x.append(derivative(lambda x: upstream * formula(x), mpf(value)))
    return Answer(y, vjp_x)
