#!/usr/bin/env python3
"""PyTorch as a peer: eager and torch.compile, forward and backward, on the GPU or the CPU of this machine.

    python3 torch_peer.py --json torch.json --quick

Writes the JSON of `bench` (schema isoact.bench/2), so that reports, comparisons and the web page take it like any
other. Data stays on the device, every answer is checked in float64 before and after it is timed, and a copy of the same
bytes stands in each round. Needs PyTorch and nothing else; torch.compile also needs a C compiler and Triton.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import random
import re
import sys
import time
from datetime import datetime, timezone
from typing import Callable, Iterable

import torch

from activations import ACTIVATIONS, check_definition
from candidates import DTYPES, Case, judge, open_candidate, open_copy, synchronize
from measure import Runner, Samples, drifted, run_rounds, summarize, warm_up

ROW = 1024
COLD_BYTES = 256e6
MOST_SETS = 64
# "Around 0.5 microseconds", says the documentation of cudaEventElapsedTime.
EVENT_QUANTUM_NS = 500
# "mixed" stores float16 and computes in float32.
SUBJECTS = ("eager", "compile", "mixed")


def sizes(text: str) -> list[int]:
    """Elements: 4096, 2^20, or 2^10..2^28 a factor of 4 apart."""
    found: list[int] = []
    for part in text.split(","):
        bounds = [2 ** int(each[2:]) if each.startswith("2^") else int(each) for each in part.split("..")]
        if len(bounds) > 2 or bounds[0] < 1 or bounds[-1] > 2**28:
            raise argparse.ArgumentTypeError(f"--size must be elements from 1 to 2^28 (was {text}).")
        size = bounds[0]
        while size <= bounds[-1]:
            found.append(size)
            size *= 4
    return found


def names_of(option: str, known: Iterable[str]) -> Callable[[str], list[str]]:
    """Reads a list of known names."""

    def read(text: str) -> list[str]:
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{option} must be of {', '.join(known)} (was {name}).")
        return names

    return read


def subjects_of(activation: str, dtype: str, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """float32 is not mixed with itself, and an operator that rounds once needs no other precision inside."""
    mixes = dtype == "float16" and ACTIVATIONS[activation].composed
    return tuple(each for each in chosen if each != "mixed" or mixes)


def question_text(activation: str, direction: str, dtype: str) -> str:
    return " ".join([activation, direction] if dtype == "float32" else [activation, direction, dtype])


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", default="isoact-torch.json", metavar="FILE")
    parser.add_argument("--quick", action="store_true", help="fewer samples")
    parser.add_argument("--size", type=sizes, default=None, metavar="N")
    activations, dtypes = names_of("--activation", ACTIVATIONS), names_of("--dtype", DTYPES)
    parser.add_argument("--activation", type=activations, default=["velu", "adaRelu", "gelu"], metavar="NAMES")
    parser.add_argument("--dtype", type=dtypes, default=["float32"], metavar="NAMES", help="float32,float16")
    parser.add_argument("--subject", choices=SUBJECTS, action="append", help="only this one; may be repeated")
    parser.add_argument("--device", choices=("cuda", "cpu"), default=None, help="the GPU where there is one")
    parser.add_argument("--seconds", type=float, default=None, help="how long all the samples of the run may take")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def describe_device(device: torch.device) -> dict[str, object]:
    if device.type == "cuda":
        return {"kind": "gpu", "description": torch.cuda.get_device_name(device), "software": False}
    return {"kind": "cpu", "description": processor(), "software": False}


def processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf8") as file:
            found = re.search(r"^model name\s*:\s*(.+)$", file.read(), re.MULTILINE)
            return found.group(1).strip() if found else platform.processor() or platform.machine()
    except OSError:
        return platform.processor() or platform.machine()


def describe_machine() -> dict[str, object]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    versions = {"torch": torch.__version__}
    if torch.version.cuda:
        versions["cuda"] = torch.version.cuda
    try:
        import triton

        versions["triton"] = triton.__version__
    except ImportError:
        versions["triton"] = "not installed"
    return {
        "cpu": processor(),
        "cores": os.cpu_count() or 1,
        "memoryBytes": memory,
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "runtime": f"Python {platform.python_version()}",
        "versions": versions,
    }


def shape_of(elements: int) -> tuple[int, int]:
    return (elements // ROW, ROW) if elements % ROW == 0 else (1, elements)


def reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"failed: {type(error).__name__} {lines[0] if lines else ''}".strip()


class CaseRun:
    """One case: opened, checked, timed hot and cold, checked again, summed up."""

    def __init__(self, case: Case, subjects: tuple[str, ...], options: argparse.Namespace, seconds: float) -> None:
        self.case, self.options, self.seconds = case, options, seconds
        self.device = describe_device(case.device)
        self.order = random.Random(options.seed)
        self.copy = Runner(open_copy(case))
        self.runners: dict[str, Runner] = {}
        self.gates: dict[str, str] = {}
        for subject in subjects:
            try:
                candidate = open_candidate(case, subject)
                self.gates[subject] = judge(case, candidate.last())
                if self.gates[subject] == "passed":
                    self.runners[subject] = Runner(candidate)
            except Exception as error:  # whatever a compiler throws is this subject's reason, and the run goes on
                self.gates[subject] = reason(error)

    def measure(self) -> tuple[list[dict[str, object]], list[dict[str, object] | None]]:
        hot = self.lane(sets=1, share=0.75)
        bytes_of_set = self.case.ideal_bytes
        sets = min(MOST_SETS, math.ceil(COLD_BYTES / bytes_of_set))
        is_cold = self.case.device.type == "cuda" and sets > 1 and sets * bytes_of_set >= COLD_BYTES
        cold = self.lane(sets, share=0.25) if is_cold else {}
        results = [self.result(subject, hot, cold, sets) for subject in self.gates]
        return results, [self.roof(hot, cold, sets)]

    def lane(self, sets: int, share: float) -> dict[str, Samples]:
        everyone = [self.copy, *self.runners.values()]
        quick = self.options.quick
        for runner in everyone:
            try:
                runner.samples = Samples()
                runner.candidate.rotate(sets)
                runner.calls = warm_up(runner.candidate, 15 if quick else 100, 3 if quick else 10)
            except RuntimeError as error:
                runner.failure = reason(error)
        run_rounds(everyone, self.seconds * share, self.options.seed, 30 if quick else 100)
        for subject, runner in self.runners.items():
            # What the timed calls left behind, not what a call before them did.
            verdict = runner.failure or judge(self.case, runner.candidate.last())
            if verdict != "passed":
                self.gates[subject] = verdict if runner.failure else f"timed calls: {verdict}"
        return {"copy": self.copy.samples, **{name: runner.samples for name, runner in self.runners.items()}}

    def kept(self, lane: dict[str, Samples], name: str) -> tuple[Samples, int]:
        """Without the rounds in which the copy drifted, unless too few would be left."""
        bad = drifted(lane["copy"].slope)
        samples = lane[name]
        keep = [index for index in range(len(samples.slope)) if index not in bad]
        if sum(index < len(samples.slope) and samples.slope[index] is not None for index in keep) < 5:
            return samples, 0
        # A candidate that failed has fewer rounds than the copy; on a CPU there is no device's clock.
        latency, slope, device = (
            [values[index] for index in keep if index < len(values)]
            for values in (samples.latency, samples.slope, samples.device)
        )
        return Samples(latency, slope, device), len(samples.slope) - len(slope)

    def summary(self, values: list[float | None]) -> dict[str, object] | None:
        usable = [value for value in values if value is not None]
        return summarize(usable, self.order) if usable else None

    def roof(self, hot: dict[str, Samples], cold: dict[str, Samples], sets: int) -> dict[str, object] | None:
        call = self.summary(hot["copy"].slope)
        if call is None:
            return None
        moved = self.case.copy_bytes
        cold_call = self.summary(cold["copy"].slope) if cold else None
        return {
            "device": self.device,
            "elements": self.case.elements,
            "dtype": self.case.dtype,
            "callMs": call,
            "gigabytesPerSecond": moved / call["median"] / 1e6,
            "gpu": self.on_device(hot["copy"], call),
            "cold": cold_call
            and {"callMs": cold_call, "sets": sets, "gigabytesPerSecond": moved / cold_call["median"] / 1e6},
        }

    def on_device(self, samples: Samples, call: dict[str, object] | None) -> dict[str, object] | None:
        """What the device's own clock says, beside the wall clock's."""
        summary = self.summary(samples.device)
        if summary is None:
            return None
        return {
            "callMs": summary,
            "quantumNs": EVENT_QUANTUM_NS,
            "discarded": sum(value is None for value in samples.device),
            "ofWallClock": summary["median"] / call["median"] if call else None,
        }

    def result(
        self, subject: str, hot: dict[str, Samples], cold: dict[str, Samples], sets: int
    ) -> dict[str, object]:
        case, gate = self.case, self.gates[subject]
        runner = self.runners.get(subject)
        passed = gate == "passed" and runner is not None
        samples, dropped = self.kept(hot, subject) if runner else (Samples(), 0)
        call = self.summary(samples.slope) if passed else None
        latency = self.summary(samples.latency) if passed else None
        copy_ms = self.summary(hot["copy"].slope)
        copy_speed = case.copy_bytes / copy_ms["median"] / 1e6 if copy_ms else None
        ideal = case.ideal_bytes / call["median"] / 1e6 if call else None
        cold_ms = self.summary(self.kept(cold, subject)[0].slope) if passed and cold else None
        cold_copy = self.summary(cold["copy"].slope) if cold else None
        discarded = sum(value is None for value in samples.latency + samples.slope)
        return {
            "subject": f"pytorch {subject}",
            "kind": "peer",
            "device": self.device,
            "activation": case.activation,
            "direction": case.direction,
            "shape": list(case.shape),
            "dtype": case.dtype,
            "door": "native",
            "bytes": None,
            "passes": None,
            "dispatches": None,
            "operations": None,
            "gate": gate,
            "departures": [],
            "firstCallMs": runner.candidate.first_call_ms if runner else None,
            "uploadMs": None,
            "readbackMs": None,
            "latencyMs": latency,
            "throughput": call
            and {
                "callMs": call,
                "calls": runner.calls,
                "elementsPerSecond": case.elements / call["median"] * 1e3,
                "gigabytesPerSecond": None,
                "ofCopy": None,
                "ofIdeal": ideal / copy_speed if ideal and copy_speed else None,
                "ofRoof": ideal / copy_speed if ideal and copy_speed else None,
            },
            "gpu": self.on_device(samples, call) if passed else None,
            "cold": cold_ms
            and {
                "callMs": cold_ms,
                "sets": sets,
                "ofIdeal": case.ideal_bytes / case.copy_bytes * cold_copy["median"] / cold_ms["median"]
                if cold_copy
                else None,
            },
            "rounds": {"taken": len(hot.get(subject, Samples()).slope), "dropped": dropped, "discarded": discarded},
            "labels": ["quick"] if self.options.quick else [],
        }


def main() -> int:
    options = parse_arguments()
    start = time.perf_counter()
    device = torch.device(options.device or ("cuda" if torch.cuda.is_available() else "cpu"))
    if device.type == "cuda" and not torch.cuda.is_available():
        print("torch_peer: --device cuda must have a CUDA device (there is none).", file=sys.stderr)
        return 64
    # The backward of a compiled forward is walked again and again, and must keep its buffers.
    functorch = getattr(getattr(torch, "_functorch", None), "config", None)
    if functorch is not None and hasattr(functorch, "donated_buffer"):
        functorch.donated_buffer = False
    chosen = tuple(options.subject or SUBJECTS)
    wanted = options.size or ([2**22] if device.type == "cuda" else [2**17])
    questions = [
        (activation, direction, size, dtype)
        for size in wanted
        for activation in options.activation
        for direction in ("forward", "vjp")
        for dtype in options.dtype
    ]
    seconds = (options.seconds or (20 if options.quick else 200)) / len(questions)
    report: dict[str, object] = {
        "schema": "isoact.bench/2",
        "createdAt": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "command": f"torch_peer.py {' '.join(sys.argv[1:])}".strip(),
        "effort": "quick" if options.quick else "full",
        "seed": options.seed,
        "complete": False,
        "elapsedMs": 0.0,
        "machine": describe_machine(),
        "missing": [],
        "roofs": [],
        "arithmetic": [],
        "results": [],
        "comparisons": [],
    }
    print(f"{describe_device(device)['description']}, PyTorch {torch.__version__}")
    try:
        for name in options.activation:
            verdict = check_definition(name)
            if verdict != "passed":
                raise SystemExit(f"torch_peer: {verdict}")
        for activation, direction, elements, dtype in questions:
            question = question_text(activation, direction, dtype)
            print(f"{question}, {elements} elements", flush=True)
            try:
                case = Case(activation, direction, shape_of(elements), dtype, device, options.seed)
                run = CaseRun(case, subjects_of(activation, dtype, chosen), options, seconds)
                results, roofs = run.measure()
            except RuntimeError as error:  # no room for the tensors
                skipped = {"subject": f"{question} of {elements}", "reason": reason(error)}
                report["missing"].append(skipped)
                continue
            report["results"] += results
            report["roofs"] += [roof for roof in roofs if roof is not None]
            for row in results:
                throughput = row["throughput"]
                number = f"{throughput['callMs']['median'] * 1e3:.1f} µs per call" if throughput else row["gate"]
                print(f"  {row['subject']}: {number}", flush=True)
            del case, run
            synchronize(device)
            write(report, options.json, start)
        report["complete"] = True
    except KeyboardInterrupt:
        print("stopping; what was measured so far is written", file=sys.stderr)
    write(report, options.json, start)
    return 0 if report["complete"] else 130


def write(report: dict[str, object], file: str, start: float) -> None:
    """Whole or not at all."""
    report["elapsedMs"] = (time.perf_counter() - start) * 1e3
    unfinished = f"{file}.{os.getpid()}.part"
    with open(unfinished, "w", encoding="utf8") as out:
        json.dump(report, out, indent=1, allow_nan=False)
        out.write("\n")
    os.replace(unfinished, file)


if __name__ == "__main__":
    sys.exit(main())
