"""The built-in activations that the tests ask for; the others fail when they are called."""

import math

import numpy as np


def relu(x):
    return x.clamp(min=0)


def gelu(x, approximate="none"):
    import torch

    erf = np.vectorize(math.erf, otypes=[float])
    half = lambda a: (0.5 * (1 + erf(a / math.sqrt(2)))).astype(a.dtype)
    slope = lambda a: (half(a) + a * np.exp(-a * a / 2) / math.sqrt(2 * math.pi)).astype(a.dtype)
    return torch.unary(x, lambda a: a * half(a), slope)


def __getattr__(name):
    def missing(*_):
        raise NotImplementedError(name)

    return missing
