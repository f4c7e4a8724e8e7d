"""Shapes: flat indices, NumPy broadcasting of parameters, and the groups of an extent."""

from collections.abc import Sequence
from itertools import product
from math import prod

Extent = str | Sequence[int]


def size(shape: Sequence[int]) -> int:
    """The number of elements; 1 for a scalar."""
    return prod(shape)


def positions(shape: Sequence[int]) -> list[tuple[int, ...]]:
    """The position of every element, in row-major (flat) order."""
    return list(product(*(range(length) for length in shape)))


def flat_index(position: Sequence[int], shape: Sequence[int]) -> int:
    """The row-major index of a position."""
    index = 0
    for coordinate, length in zip(position, shape, strict=True):
        index = index * length + coordinate
    return index


def broadcast_indices(parameter_shape: Sequence[int], shape: Sequence[int]) -> list[int]:
    """For every element of `shape`, the flat index of the parameter entry it uses, as NumPy broadcasts."""
    skipped = len(shape) - len(parameter_shape)
    assert skipped >= 0, "a parameter must not have more axes than x"
    indices = []
    for position in positions(shape):
        aligned = position[skipped:]
        assert all(length in (1, shape[skipped + axis]) for axis, length in enumerate(parameter_shape))
        clipped = [0 if length == 1 else at for at, length in zip(aligned, parameter_shape, strict=True)]
        indices.append(flat_index(clipped, parameter_shape))
    return indices


def reduced_axes(extent: Extent, rank: int, channel_axis: int | None) -> set[int]:
    """The axes over which a statistic of this extent runs."""
    every_axis = set(range(rank))
    if extent == "tensor":
        return every_axis
    if extent == "sample":
        return every_axis - {0}
    if extent == "row":
        return {rank - 1}
    if extent == "channel":
        assert channel_axis is not None, "extent 'channel' needs the channel axis"
        return every_axis - {channel_axis}
    assert not isinstance(extent, str), extent
    return set(extent)


def groups(shape: Sequence[int], extent: Extent, channel_axis: int | None = None) -> list[list[int]]:
    """The flat indices of every group of elements that share one statistic."""
    reduced = reduced_axes(extent, len(shape), channel_axis)
    members: dict[tuple[int, ...], list[int]] = {}
    for index, position in enumerate(positions(shape)):
        kept = tuple(at for axis, at in enumerate(position) if axis not in reduced)
        members.setdefault(kept, []).append(index)
    return list(members.values())
