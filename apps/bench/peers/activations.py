"""The activations as users of PyTorch write them: its built-in where it has one, composed operators elsewhere.

The same functions in float64 are what the answers are checked against, with gradients from autograd. A wrong formula
would be wrong for both, so each is first compared with the golden values of the repository.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Activation:
    """`forward(x, *parameters)`, the parameters being those that train, as scalar tensors."""

    forward: Callable[..., Tensor]
    trainable: dict[str, float] = field(default_factory=dict)
    # Of several operators, each of which rounds; a built-in computes float16 in float32 and rounds once.
    composed: bool = False


def velu(x: Tensor, scale: Tensor) -> Tensor:
    statistic = torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6)
    adaptation = 1 + 0.1 * torch.tanh(0.9 * statistic)
    scaled = 0.1 * x
    angle = torch.atan(scaled) + torch.asin(scaled.clamp(-1, 1))
    return scale * (x * torch.sigmoid(0.1 * angle)) * adaptation


def ada_relu(x: Tensor) -> Tensor:
    keeps_negative = (x > 0).sum() > (x < 0).sum()
    return torch.where(keeps_negative, x.clamp(max=0), x.clamp(min=0))


def swish(x: Tensor, beta: Tensor) -> Tensor:
    return x * torch.sigmoid(beta * x)


# By the names of the catalogue, with its default parameters.
ACTIVATIONS: dict[str, Activation] = {
    "velu": Activation(velu, {"lambda": 1.0}, composed=True),
    "adaRelu": Activation(ada_relu),
    "gelu": Activation(F.gelu),
    "geluTanh": Activation(lambda x: F.gelu(x, approximate="tanh")),
    "relu": Activation(F.relu),
    "relu6": Activation(F.relu6),
    "leakyRelu": Activation(lambda x: F.leaky_relu(x, 0.01)),
    "sigmoid": Activation(torch.sigmoid),
    "tanh": Activation(torch.tanh),
    "elu": Activation(F.elu),
    "selu": Activation(F.selu),
    "celu": Activation(F.celu),
    "softplus": Activation(F.softplus),
    "softsign": Activation(F.softsign),
    "swish": Activation(swish, {"beta": 1.0}, composed=True),
    "hardSwish": Activation(F.hardswish),
    "hardSigmoid": Activation(F.hardsigmoid),
    "mish": Activation(F.mish),
}


HERE = Path(__file__).resolve().parent
# Beside this file in an offline kit, elsewhere in the repository.
GOLDEN_FOLDERS = (HERE / "golden", HERE.parents[2] / "packages/core/src/conformance/golden")


def check_definition(name: str) -> str:
    """'passed', or where the float64 form departs from the golden values (softplus is a line above 20 in PyTorch). The gradients follow from it by autograd."""
    file = next((folder / f"{name}.json" for folder in GOLDEN_FOLDERS if (folder / f"{name}.json").is_file()), None)
    if file is None:
        return f"golden values of {name} must lie in {GOLDEN_FOLDERS[0]} (do not)"
    definition, compared = ACTIVATIONS[name], 0
    for case in json.loads(file.read_text(encoding="utf8"))["cases"]:
        if case.get("preset") or case["options"] or "y" not in case:
            continue
        values = {key: [float(each) for each in entry["values"]] for key, entry in case["parameters"].items()}
        if set(values) != set(definition.trainable) or any(len(each) != 1 for each in values.values()):
            continue
        x = torch.tensor([float(each) for each in case["x"]], dtype=torch.float64).reshape(case["shape"])
        parameters = [torch.tensor(values[key][0], dtype=torch.float64) for key in definition.trainable]
        y = definition.forward(x, *parameters).flatten().tolist()
        for at, (got, text) in enumerate(zip(y, case["y"])):
            want = float(text)
            if not math.isfinite(want) or not math.isfinite(float(case["x"][at])):
                continue
            compared += 1
            if not abs(got - want) <= 1e-9 * max(1, abs(want)):
                return f"{name} must give {want!r} at {case['x'][at]} (gave {got!r})"
    return "passed" if compared else f"{name} must have golden values for its defaults (has none)"
