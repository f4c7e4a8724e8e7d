"""Lanes and rounds, as the benchmark's own core has them: see the README of apps/bench."""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import dataclass, field

import torch

from candidates import Candidate, synchronize

MINIMAL_SAMPLES = 5
MAXIMAL_CALLS = 4096
RESAMPLES = 400
CONFIDENCE = 0.99


@dataclass
class Samples:
    """Milliseconds; a slope that is not positive is None: the clock saw nothing."""

    latency: list[float | None] = field(default_factory=list)
    slope: list[float | None] = field(default_factory=list)
    device: list[float | None] = field(default_factory=list)


@dataclass
class Runner:
    candidate: Candidate
    calls: int = 1
    samples: Samples = field(default_factory=Samples)
    failure: str | None = None


def timed(candidate: Candidate, count: int) -> float:
    start = time.perf_counter()
    candidate.call(count)
    synchronize(candidate.case.device)
    return (time.perf_counter() - start) * 1e3


def stamped(candidate: Candidate, count: int) -> float:
    """Milliseconds between two events on the device's own queue."""
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    candidate.call(count)
    end.record()
    end.synchronize()
    return start.elapsed_time(end)


def warm_up(candidate: Candidate, warm_up_ms: float, batch_ms: float) -> int:
    """Until clocks are up; how many calls make a batch."""
    start, calls, call_ms = time.perf_counter(), 1, float("inf")
    while True:
        batch = timed(candidate, calls)
        call_ms = min(call_ms, max(batch / calls, 1e-6))
        if (time.perf_counter() - start) * 1e3 >= warm_up_ms:
            break
        if batch < batch_ms / 2:
            calls = min(MAXIMAL_CALLS, calls * 2)
    return max(1, min(MAXIMAL_CALLS, round(batch_ms / call_ms)))


def positive(value: float) -> float | None:
    return value if value > 0 else None


def take_sample(runner: Runner, order: random.Random) -> None:
    candidate, calls, samples = runner.candidate, runner.calls, runner.samples
    single = timed(candidate, 1)
    if calls == 1:
        short, long = single, timed(candidate, 2)
    elif order.random() < 0.5:
        short, long = timed(candidate, calls), timed(candidate, 2 * calls)
    else:
        long = timed(candidate, 2 * calls)
        short = timed(candidate, calls)
    samples.latency.append(positive(single))
    samples.slope.append(positive((long - short) / calls))
    if candidate.case.device.type == "cuda":
        on_device = positive(stamped(candidate, 2 * calls))
        samples.device.append(None if on_device is None else on_device / (2 * calls))


def has_minimum(runner: Runner) -> bool:
    """Timings of no length do not count."""
    return runner.failure is not None or sum(value is not None for value in runner.samples.slope) >= MINIMAL_SAMPLES


def run_rounds(runners: list[Runner], seconds: float, seed: int, enough: int) -> None:
    """Every candidate once per round, in an order drawn anew."""
    order = random.Random(seed)
    end = time.perf_counter() + seconds
    for round_index in range(enough):
        if time.perf_counter() > end and (all(map(has_minimum, runners)) or round_index >= 3 * MINIMAL_SAMPLES):
            return
        for runner in order.sample(runners, len(runners)):
            if runner.failure is not None:
                continue
            try:
                take_sample(runner, order)
            except RuntimeError as error:
                runner.failure = f"failed while it was timed: {str(error).splitlines()[0]}"


def drifted(sentinel: list[float | None]) -> set[int]:
    """Rounds in which the copy says that the machine was not itself."""
    values = [value for value in sentinel if value is not None]
    if len(values) < 3:
        return set()
    middle = statistics.median(values)
    deviation = statistics.median(abs(value - middle) for value in values)
    limit = max(4 * 1.4826 * deviation, 0.1 * middle)
    return {index for index, value in enumerate(sentinel) if value is not None and abs(value - middle) > limit}


def summarize(samples: list[float], order: random.Random) -> dict[str, object]:
    """Median, spread and a bootstrap interval of the median."""
    ordered = sorted(samples)
    middle = statistics.median(ordered)
    medians = sorted(statistics.median(order.choices(samples, k=len(samples))) for _ in range(RESAMPLES))
    tail = (1 - CONFIDENCE) / 2
    return {
        "median": middle,
        "mad": statistics.median(abs(value - middle) for value in ordered),
        "p05": quantile(ordered, 0.05),
        "p95": quantile(ordered, 0.95),
        "interval": [quantile(medians, tail), quantile(medians, 1 - tail)],
        "samples": samples,
    }


def quantile(ordered: list[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
