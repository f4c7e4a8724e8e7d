"""Writes the golden values of every activation, or with --check compares them with the committed files.

    python3 tooling/golden/generate.py            # compute and write
    python3 tooling/golden/generate.py --check    # compute and compare, exit 1 on a difference
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from adarelu import adarelu_records
from crelu import crelu_records
from element_cases import element_records
from element_formulas import ELEMENT_FORMULAS
from records import file_text
from rule_cases import rule_records
from rrelu_training import rrelu_training_records
from velu_cases import velu_records

FOLDER = Path(__file__).resolve().parents[2] / "packages/core/src/conformance/golden"

RECORDS: dict[str, Callable[[], list[dict]]] = {
    **{name: (lambda name=name: element_records(name)) for name in ELEMENT_FORMULAS},
    "velu": velu_records,
    "adaRelu": adarelu_records,
    "crelu": crelu_records,
    "rules": rule_records,
    "rrelu": lambda: element_records("rrelu") + rrelu_training_records(),
}


def main() -> int:
    """The command: returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args()

    start = time.monotonic()
    texts = {}
    for activation, records in RECORDS.items():
        cases = records()
        identifiers = [case["id"] for case in cases]
        assert len(set(identifiers)) == len(identifiers), f"the ids of {activation} must differ"
        for case in cases:
            must_be_apart(case)
        texts[f"{activation}.json"] = file_text(activation, cases)
        print(f"{activation}: {len(cases)} cases, {time.monotonic() - start:.1f} s", file=sys.stderr)

    problems = differences_from(texts) if arguments.check else write_all(texts)
    for problem in problems:
        print(problem, file=sys.stderr)
    total = sum(len(text.encode()) for text in texts.values())
    print(f"{len(texts)} files, {total} bytes, {time.monotonic() - start:.1f} s", file=sys.stderr)
    return 1 if problems else 0


def must_be_apart(case: dict) -> None:
    """Declared derivatives stand in the cases named .../kinks, and nowhere else."""
    if case["id"].endswith("/kinks") != ("declaredAt" in case):
        raise ValueError(f"{case['id']} must be named '…/kinks' exactly where it has declared derivatives")


def differences_from(texts: dict[str, str]) -> list[str]:
    """What is wrong with the committed files, one line each."""
    problems = []
    for name, text in texts.items():
        path = FOLDER / name
        if not path.exists():
            problems.append(f"{path} must exist (was missing). Run generate.py without --check.")
        elif path.read_bytes() != text.encode():
            problems.append(f"{path} must equal what the script computes (was different).")
    known = set(texts)
    for path in sorted(FOLDER.glob("*.json")):
        if path.name not in known:
            problems.append(f"{path} must come from this script (was unknown to it).")
    return problems


def write_all(texts: dict[str, str]) -> list[str]:
    """Each file is written beside its place and moved there, so that no half file is ever seen."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        descriptor, temporary = tempfile.mkstemp(dir=FOLDER, prefix=f".{name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode())
            os.chmod(temporary, 0o644)
            os.replace(temporary, FOLDER / name)
        except BaseException:
            os.unlink(temporary)
            raise
    return []


if __name__ == "__main__":
    sys.exit(main())
