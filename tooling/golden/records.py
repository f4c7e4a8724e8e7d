"""The cases as they are written: plain data in, one JSON text per activation out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from decimals import input_text, mpf, output_text
from points import SEED

SCHEMA = "isoact.golden/1"
DIGITS = 50


@dataclass(frozen=True)
class Parameter:
    """A trainable parameter: its own shape, and its float32 values in row-major order."""

    shape: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True)
class Question:
    """What a case asks: an activation with its options and parameters, an input and an upstream gradient."""

    id: str
    shape: Sequence[int]
    x: Sequence[float]
    upstream: Sequence[float]
    options: Mapping[str, object] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    preset: str | None = None
    channel_axis: int | None = None
    upstream_penalty: float | None = None
    seed: Sequence[int] | None = None


@dataclass(frozen=True)
class Answer:
    """What a case answers, at high precision."""

    y: Sequence[mpf]
    vjp_x: Sequence[mpf]
    vjp_parameters: Mapping[str, Sequence[mpf]] = field(default_factory=dict)
    penalty: mpf | None = None
    output_shape: Sequence[int] | None = None
    declared_at: Sequence[int] = ()


def case_record(question: Question, answer: Answer) -> dict:
    """The case as JSON data; fields that do not apply are left out."""
    upstream: dict = {"y": [input_text(value) for value in question.upstream]}
    if question.upstream_penalty is not None:
        upstream["penalty"] = input_text(question.upstream_penalty)
    record = {
        "id": question.id,
        "preset": question.preset,
        "options": dict(question.options),
        "parameters": {
            name: {"shape": list(parameter.shape), "values": [input_text(value) for value in parameter.values]}
            for name, parameter in question.parameters.items()
        },
        "shape": list(question.shape),
        "channelAxis": question.channel_axis,
        "seed": None if question.seed is None else list(question.seed),
        "x": [input_text(value) for value in question.x],
        "outputShape": None if answer.output_shape is None else list(answer.output_shape),
        "y": [output_text(value) for value in answer.y],
        "penalty": None if answer.penalty is None else output_text(answer.penalty),
        "upstream": upstream,
        "vjp": {
            "x": [output_text(value) for value in answer.vjp_x],
            "parameters": {
                name: [output_text(value) for value in values] for name, values in answer.vjp_parameters.items()
            },
        },
        "declaredAt": list(answer.declared_at) or None,
    }
    return {name: value for name, value in record.items() if value is not None}


def file_text(activation: str, cases: Sequence[dict]) -> str:
    """The whole file: one field a line, so that a changed value shows as a small difference."""
    head = {"schema": SCHEMA, "seed": SEED, "digits": DIGITS, "activation": activation}
    lines = ["{"]
    lines += [f"  {json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
    lines.append('  "cases": [')
    lines.append(",\n".join(case_text(case) for case in cases))
    lines += ["  ]", "}", ""]
    return "\n".join(lines)


def case_text(case: Mapping[str, object]) -> str:
    """One case, one field a line."""
    fields = [
        f"      {json.dumps(name)}: {json.dumps(value, separators=(',', ':'), allow_nan=False)}"
        for name, value in case.items()
    ]
    return "    {\n" + ",\n".join(fields) + "\n    }"
