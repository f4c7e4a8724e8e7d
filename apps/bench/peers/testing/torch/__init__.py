"""Enough of PyTorch, on NumPy, to run the peer where there is none: a tape, the operators it uses, and a GPU's clock.

Its timings mean nothing. The tests put this folder on PYTHONPATH; `ISOACT_FAKE_TORCH_FAULT` plants a wrong answer.
"""

from __future__ import annotations

import contextlib
import os
import time
from types import SimpleNamespace

import numpy as np

__version__ = "0.0.0+numpy"
float64, float32, float16 = np.float64, np.float32, np.float16
version = SimpleNamespace(cuda=None)


class Tensor:
    def __init__(self, array, parents=(), differentiable=False):
        self.array = np.asarray(array)
        self.parents = parents
        self.differentiable = differentiable or any(parent.differentiable for parent, _ in parents)

    shape = property(lambda self: self.array.shape)
    dtype = property(lambda self: self.array.dtype)

    def __len__(self):
        return len(self.array)

    def __getitem__(self, key):
        return Tensor(self.array[key])

    def __bool__(self):
        return bool(self.array)

    def __int__(self):
        return int(self.array)

    def item(self):
        return self.array.item()

    def tolist(self):
        return self.array.tolist()

    def __add__(self, other):
        return binary(self, other, np.add, lambda a, b: 1.0, lambda a, b: 1.0)

    def __sub__(self, other):
        return binary(self, other, np.subtract, lambda a, b: 1.0, lambda a, b: -1.0)

    def __mul__(self, other):
        return binary(self, other, np.multiply, lambda a, b: b, lambda a, b: a)

    __radd__, __rmul__ = __add__, __mul__

    def __rpow__(self, base):
        return Tensor(np.power(np.asarray(base, self.array.dtype), self.array))

    def __gt__(self, other):
        return Tensor(self.array > raw(other))

    def __lt__(self, other):
        return Tensor(self.array < raw(other))

    def __le__(self, other):
        return Tensor(self.array <= raw(other))

    def __invert__(self):
        return Tensor(~self.array)

    def abs(self):
        return unary(self, np.abs, np.sign)

    def square(self):
        return unary(self, np.square, lambda a: 2 * a)

    def mean(self, axis, keepdim):
        count = self.array.shape[axis]
        return unary(self, lambda a: a.mean(axis, keepdims=keepdim), lambda a: np.ones_like(a) / count)

    def sum(self):
        return unary(self, np.sum, np.ones_like)

    def any(self):
        return Tensor(self.array.any())

    def nonzero(self):
        return Tensor(np.argwhere(self.array))

    def clamp(self, min=None, max=None):
        low, high = -np.inf if min is None else min, np.inf if max is None else max
        kind = self.array.dtype.type
        return unary(self, lambda a: np.clip(a, kind(low), kind(high)), lambda a: ((a >= low) & (a <= high)) * kind(1))

    def flatten(self):
        return Tensor(self.array.reshape(-1))

    def reshape(self, shape):
        return Tensor(self.array.reshape(shape))

    def repeat(self, count):
        return Tensor(np.tile(self.array, count))

    def to(self, *where):
        kinds = [each for each in where if isinstance(each, type)]
        if not kinds:
            return self
        own = self.array.dtype
        return Tensor(self.array.astype(kinds[0]), [(self, lambda upstream: upstream.astype(own))])

    def float(self):
        return self.to(np.float32)

    def log2(self):
        return Tensor(np.log2(self.array))

    def floor(self):
        return Tensor(np.floor(self.array))

    def double(self):
        return Tensor(self.array.astype(np.float64))

    def clone(self):
        return Tensor(self.array.copy())

    def detach(self):
        return Tensor(self.array)

    def copy_(self, other):
        np.copyto(self.array, other.array)

    def requires_grad_(self, wanted=True):
        self.differentiable = wanted
        return self


def raw(value):
    return value.array if isinstance(value, Tensor) else value


def unary(x, function, derivative):
    array = function(x.array)
    return Tensor(array, [(x, lambda upstream: np.broadcast_to(upstream, x.shape) * derivative(x.array))])


def binary(x, y, function, by_x, by_y):
    a = x.array
    b = y.array if isinstance(y, Tensor) else a.dtype.type(y)
    parents = [(x, lambda upstream: shrink(upstream * by_x(a, b), a.shape))]
    if isinstance(y, Tensor):
        parents.append((y, lambda upstream: shrink(upstream * by_y(a, b), b.shape)))
    return Tensor(function(a, b), parents)


def shrink(gradient, shape):
    """Sums over the axes that were broadcast."""
    while gradient.ndim > len(shape):
        gradient = gradient.sum(0)
    for axis, length in enumerate(shape):
        if length == 1 and gradient.shape[axis] != 1:
            gradient = gradient.sum(axis, keepdims=True)
    return gradient


def logistic(a):
    return 1 / (1 + np.exp(-a))


def sigmoid(x):
    return unary(x, logistic, lambda a: logistic(a) * (1 - logistic(a)))


def tanh(x):
    return unary(x, np.tanh, lambda a: 1 - np.tanh(a) ** 2)


def atan(x):
    return unary(x, np.arctan, lambda a: 1 / (1 + a * a))


def asin(x):
    with np.errstate(divide="ignore"):
        slope = np.where(np.abs(x.array) < 1, 1 / np.sqrt(np.maximum(1 - x.array * x.array, 1e-300)), 0)
    return unary(x, np.arcsin, lambda a: slope.astype(a.dtype))


def rsqrt(x):
    return unary(x, lambda a: 1 / np.sqrt(a), lambda a: -0.5 * a**-1.5)


def where(condition, x, y):
    chosen = condition.array
    parents = [(x, lambda upstream: np.where(chosen, upstream, 0)), (y, lambda upstream: np.where(chosen, 0, upstream))]
    return Tensor(np.where(chosen, x.array, y.array), parents)


def maximum(x, y):
    return Tensor(np.maximum(x.array, y.array))


def empty_like(x):
    return Tensor(np.empty_like(x.array))


def tensor(value, device=None, dtype=np.float32, requires_grad=False):
    return Tensor(np.asarray(value, dtype), differentiable=requires_grad)


class Generator:
    def __init__(self, _):
        self.numbers = np.random.default_rng(0)

    def manual_seed(self, seed):
        self.numbers = np.random.default_rng(seed)
        return self


def rand(count, generator):
    return Tensor(generator.numbers.random(count, np.float32))


def randn(count, generator):
    return Tensor(generator.numbers.standard_normal(count, np.float32))


def device(name):
    return SimpleNamespace(type=name)


@contextlib.contextmanager
def no_grad():
    yield


def grad(y, leaves, upstream, retain_graph=False):
    order, seen = [], set()

    def visit(node):
        if id(node) in seen:
            return
        seen.add(id(node))
        for parent, _ in node.parents:
            visit(parent)
        order.append(node)

    visit(y)
    gradients = {id(y): upstream.array}
    for node in reversed(order):
        own = gradients.get(id(node))
        for parent, pull in node.parents if own is not None else ():
            if parent.differentiable:
                part = pull(own)
                gradients[id(parent)] = gradients[id(parent)] + part if id(parent) in gradients else part
    return tuple(Tensor(gradients[id(leaf)]) for leaf in leaves)


autograd = SimpleNamespace(grad=grad)


def compile(function, dynamic, mode):
    fault = os.environ.get("ISOACT_FAKE_TORCH_FAULT")
    if fault == "throw":
        raise RuntimeError("no C compiler\nwith a second line")
    if fault == "wrong":
        return lambda *inputs: function(*inputs) * 1.001
    return function


_dynamo = SimpleNamespace(reset=lambda: None)
_functorch = SimpleNamespace(config=SimpleNamespace(donated_buffer=True))


class Event:
    def __init__(self, enable_timing):
        self.at = 0.0

    def record(self):
        self.at = time.perf_counter()

    def synchronize(self):
        pass

    def elapsed_time(self, end):
        return (end.at - self.at) * 1e3


cuda = SimpleNamespace(
    is_available=lambda: os.environ.get("ISOACT_FAKE_TORCH_CUDA") == "1",
    get_device_name=lambda _: "Fake GPU",
    synchronize=lambda _: None,
    Event=Event,
)

from . import nn  # noqa: E402, F401  (its functions use the operators above)
