"""What is timed: an activation in one direction, eager or compiled, and a copy, all on buffers that stay on the device."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Callable

import torch
from torch import Tensor

from activations import ACTIVATIONS, Activation

UNIT = 2.0**-24
DTYPES = {"float32": torch.float32, "float16": torch.float16}
BYTES = {"float32": 4, "float16": 2}
FIRST_BEYOND_HALF = 2.0**16


@dataclass
class Case:
    activation: str
    direction: str
    shape: tuple[int, ...]
    dtype: str
    device: torch.device
    seed: int

    def __post_init__(self) -> None:
        generator = torch.Generator("cpu").manual_seed(self.seed)
        # The spread of the benchmark's own data; a period keeps the generation of large tensors cheap.
        count = self.shape[0] * self.shape[1]
        period = min(count, 2**20)
        spread = 2 ** (torch.rand(period, generator=generator) * 4.5 - 2)
        x = torch.randn(period, generator=generator) * spread
        upstream = torch.randn(period, generator=generator)
        repeats = -(-count // period)
        self.x = x.repeat(repeats)[:count].reshape(self.shape).to(self.device, DTYPES[self.dtype])
        self.upstream = upstream.repeat(repeats)[:count].reshape(self.shape).to(self.device, DTYPES[self.dtype])

    @property
    def elements(self) -> int:
        return self.shape[0] * self.shape[1]

    @property
    def ideal_bytes(self) -> int:
        """Each input read and each output written exactly once."""
        return self.elements * BYTES[self.dtype] * (3 if self.direction == "vjp" else 2)

    @property
    def copy_bytes(self) -> int:
        """What a copy of x moves."""
        return 2 * self.elements * BYTES[self.dtype]


def synchronize(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


@dataclass
class Candidate:
    """`call(count)` starts that many calls; the caller waits for the device."""

    subject: str
    case: Case
    call_once: Callable[[int], list[Tensor]]
    first_call_ms: float = 0.0
    sets: int = 1
    turn: int = 0
    outputs: list[list[Tensor] | None] = field(default_factory=lambda: [None])

    def call(self, count: int) -> None:
        for _ in range(count):
            self.turn = (self.turn + 1) % self.sets
            # Kept until its turn comes again, so that outputs rotate too.
            self.outputs[self.turn] = None
            self.outputs[self.turn] = self.call_once(self.turn)

    def rotate(self, sets: int) -> None:
        self.outputs = [None] * sets
        self.sets, self.turn = sets, 0

    def last(self) -> list[Tensor]:
        return self.outputs[self.turn] or []


def open_candidate(case: Case, variant: str) -> Candidate:
    """Compiles and calls once. Raises what PyTorch raises where it cannot."""
    definition: Activation = ACTIVATIONS[case.activation]
    forward = definition.forward
    dtype = DTYPES[case.dtype]
    if variant == "mixed":
        composed = forward

        def forward(x: Tensor, *given: Tensor) -> Tensor:
            return composed(x.float(), *(each.float() for each in given)).to(dtype)

    if variant == "compile":
        torch._dynamo.reset()
        forward = torch.compile(forward, dynamic=False, mode="max-autotune-no-cudagraphs")
    parameters = [torch.tensor(value, device=case.device, dtype=dtype) for value in definition.trainable.values()]
    inputs: list[Tensor] = [case.x]
    graphs: list[tuple[Tensor, list[Tensor]]] = []

    def run_forward(index: int) -> list[Tensor]:
        with torch.no_grad():
            return [forward(inputs[index % len(inputs)], *parameters)]

    def record(x: Tensor) -> tuple[Tensor, list[Tensor]]:
        leaves = [x.detach().requires_grad_()] + [each.detach().requires_grad_() for each in parameters]
        return forward(*leaves), leaves

    def run_backward(index: int) -> list[Tensor]:
        y, leaves = graphs[index % len(graphs)]
        # The graph of one forward is walked again and again: what a backward alone costs, its saved tensors for free.
        return list(torch.autograd.grad(y, leaves, case.upstream, retain_graph=True))

    start = time.perf_counter()
    if case.direction == "forward":
        candidate = Candidate(f"pytorch {variant}", case, run_forward)
    else:
        graphs.append(record(case.x))
        candidate = Candidate(f"pytorch {variant}", case, run_backward)
    candidate.call(1)
    synchronize(case.device)
    candidate.first_call_ms = (time.perf_counter() - start) * 1e3

    rotate = candidate.rotate

    def rotate_inputs(sets: int) -> None:
        inputs[:] = [case.x] + [case.x.clone() for _ in range(sets - 1)]
        if case.direction == "vjp":
            graphs[:] = [record(x) for x in inputs]
        rotate(sets)

    candidate.rotate = rotate_inputs  # type: ignore[method-assign]
    return candidate


def open_copy(case: Case) -> Candidate:
    """The roof: the device's own copy of one tensor."""
    sources, targets = [case.x], [torch.empty_like(case.x)]

    def copy(index: int) -> list[Tensor]:
        targets[index].copy_(sources[index])
        return [targets[index]]

    candidate = Candidate("copy", case, copy)
    rotate = candidate.rotate

    def rotate_buffers(sets: int) -> None:
        sources[:] = [case.x] + [case.x.clone() for _ in range(sets - 1)]
        targets[:] = [torch.empty_like(case.x) for _ in range(sets)]
        rotate(sets)

    candidate.rotate = rotate_buffers  # type: ignore[method-assign]
    candidate.call(1)
    return candidate


def answers(case: Case, x: Tensor) -> list[Tensor]:
    """In float64: y, or the gradients of x and of the parameters."""
    definition = ACTIVATIONS[case.activation]
    differentiated = case.direction == "vjp"
    leaves = [x.detach().requires_grad_(differentiated)] + [
        torch.tensor(value, device=case.device, dtype=torch.float64, requires_grad=differentiated)
        for value in definition.trainable.values()
    ]
    y = definition.forward(*leaves)
    return list(torch.autograd.grad(y, leaves, case.upstream.double())) if differentiated else [y]


def half_of_spacing(values: Tensor) -> Tensor:
    """What rounding to float16 may change."""
    return 2 ** (values.abs().clamp(2.0**-14, 65504.0).log2().floor() - 11)


def judge(case: Case, outputs: list[Tensor]) -> str:
    """'passed', or what is wrong, by grade D of the suite: 2^-24·(8·|F| + 12·max(1, |x|, |u|)).

    Beside it stands what two units in the last place of x change, since a float32 step like 0.1·x is off by as much;
    sums may be off by 64 units of the sum of their terms' sizes. Storing in float16 rounds once more, by half its spacing.
    """
    x = case.x.double()
    wanted = answers(case, x)
    near = [answers(case, x * (1 + sign * 2.0**-22)) for sign in (1, -1)]
    names = ["y"] if case.direction == "forward" else ["x", *ACTIVATIONS[case.activation].trainable]
    if len(outputs) != len(wanted):
        return f"must give {len(wanted)} outputs (gave {len(outputs)})"
    scale = torch.maximum(x.abs(), case.upstream.double().abs()).clamp(min=1)
    for index, (name, got, want) in enumerate(zip(names, outputs, wanted)):
        if got.dtype != DTYPES[case.dtype]:
            return f"{name} must be {case.dtype} (was {got.dtype})"
        if got.shape != want.shape:
            return f"{name} must have the shape {tuple(want.shape)} (has {tuple(got.shape)})"
        if got.shape == case.x.shape:
            moved = torch.maximum((near[0][index] - want).abs(), (near[1][index] - want).abs())
            bound = UNIT * (8 * want.abs() + 12 * scale) + moved
        else:
            bound = UNIT * 64 * (case.upstream.double().abs() * scale).sum()
        numbers = got.double()
        if case.dtype == "float16":
            # A number beyond the range is stored as infinite, which is as right as the step above the largest.
            numbers, want = (each.clamp(-FIRST_BEYOND_HALF, FIRST_BEYOND_HALF) for each in (numbers, want))
            bound = bound + half_of_spacing(want)
        wrong = ~((numbers - want).abs() <= bound)
        if bool(wrong.any()):
            at = int(wrong.flatten().nonzero()[0, 0])
            return f"{name}[{at}] must be {want.flatten()[at].item():.9g} (was {got.flatten()[at].item():.9g})"
    return "passed"
