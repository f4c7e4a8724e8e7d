"""Numbers in and out of the golden files: float32-representable inputs, and texts of 20 digits."""

import math
import struct

try:
    from mpmath import mp, mpf, nstr
except ImportError:
    raise SystemExit(
        "golden values must be computed with mpmath (was: not installed). "
        "Install it with: python3 -m pip install mpmath==1.3.0"
    ) from None

__all__ = ["WORKING_DIGITS", "float32", "float32_neighbour", "input_text", "mp", "mpf", "nstr", "output_text"]

# A forward value has at least 50 right digits. It is computed with as many as the differences
# use (see differences.py), so that no formula needs care about cancellation.
WORKING_DIGITS = 400

OUTPUT_DIGITS = 20

# Half the smallest subnormal float64. Anything smaller is 0 as a float64, and is written as 0.
FLOAT64_ZERO = mpf(2) ** -1075


def float32(value: float) -> float:
    """The float32 nearest to `value`, as a float64."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def float32_neighbour(value: float, direction: int) -> float:
    """The float32 next to the float32 `value`: away from 0 for direction 1, towards 0 for -1."""
    (bits,) = struct.unpack("<I", struct.pack("<f", value))
    return struct.unpack("<f", struct.pack("<I", bits + direction))[0]


def input_text(value: float) -> str:
    """The shortest decimal text that reads back as the same float64."""
    assert math.isfinite(value), value
    text = repr(float(value))
    return text.removesuffix(".0")


def output_text(value: mpf) -> str:
    """`value` rounded to 20 significant digits; 0 where float64 would round it to 0."""
    assert mp.isfinite(value), value
    if abs(value) <= FLOAT64_ZERO:
        return "0"
    return nstr(value, OUTPUT_DIGITS).removesuffix(".0").replace(".0e", "e")
