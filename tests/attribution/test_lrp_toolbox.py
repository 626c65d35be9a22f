"""The toolbox's variants, against its published procedure in plain float64 numpy.

Bach et al. (2015), eq. 56, 58 and 60: every contribution Z of every input to every output is
written out, position by position.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hwkit import LRP, Explanation
from hwkit.attribution.relevance import composites
from hwkit.networks import toolbox
from hwkit.networks.toolbox.modules import (
    Convolution,
    Flatten,
    Linear,
    Module,
    Rect,
    SoftMax,
    SumPool,
    Tanh,
)
from hwkit.networks.toolbox.to_keras import to_keras

Field = tuple[tuple[slice, slice], tuple[int, int]]


def as_filters(module: Module, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """Weights (height, width, depth, outputs), bias and steps of any linear layer."""
    if isinstance(module, SumPool):
        alone = np.broadcast_to(np.eye(x.shape[3]), (*module.pool, x.shape[3], x.shape[3]))
        return alone, np.zeros(x.shape[3]), module.stride
    if isinstance(module, Linear):
        return module.weights[np.newaxis, np.newaxis], module.bias, (1, 1)
    assert isinstance(module, Convolution)
    return module.weights, module.bias, module.stride


def fields(x: np.ndarray, w: np.ndarray, stride: tuple[int, int]) -> Iterator[Field]:
    for i in range((x.shape[1] - w.shape[0]) // stride[0] + 1):
        for j in range((x.shape[2] - w.shape[1]) // stride[1] + 1):
            down, right = i * stride[0], j * stride[1]
            yield (slice(down, down + w.shape[0]), slice(right, right + w.shape[1])), (i, j)


def forward(module: Module, x: np.ndarray) -> np.ndarray:
    """x is (n, height, width, depth); a row of numbers is (n, 1, 1, depth)."""
    if isinstance(module, Flatten):
        return x.reshape(len(x), 1, 1, -1)
    if isinstance(module, Tanh | Rect):
        return np.tanh(x) if isinstance(module, Tanh) else np.maximum(x, 0)
    w, b, stride = as_filters(module, x)
    *_, last = (place for _, place in fields(x, w, stride))
    y = np.zeros((len(x), last[0] + 1, last[1] + 1, w.shape[3]))
    for (rows, columns), (i, j) in fields(x, w, stride):
        y[:, i, j] = np.tensordot(x[:, rows, columns], w, 3) + b
    return y / np.sqrt(np.prod(module.pool)) if isinstance(module, SumPool) else y


def shares(z: np.ndarray, w: np.ndarray, b: np.ndarray, variant: str, parameter: float):
    """How much of an output's relevance each contribution (n, h, w, depth, outputs) gets."""
    if variant == "flat":
        z, b = np.broadcast_to((w != 0).astype(float), z.shape), 0 * b
    if variant == "ww":
        z, b = np.broadcast_to(w**2, z.shape), 0 * b
    if variant == "alphabeta":
        zp, zn = z * (z > 0), z * (z < 0)
        zsp = zp.sum(axis=(1, 2, 3), keepdims=True) + b * (b > 0)
        zsn = zn.sum(axis=(1, 2, 3), keepdims=True) + b * (b < 0)
        return parameter * zp / zsp + (1 - parameter) * zn / zsn
    zs = z.sum(axis=(1, 2, 3), keepdims=True) + b
    if variant == "epsilon":
        zs = zs + parameter * ((zs >= 0) * 2 - 1)
    return z / zs


def lrp(modules: list[Module], x: np.ndarray, c: int, variant: str, parameter: float):
    signals = [x]
    for module in modules:
        signals.append(forward(module, signals[-1]))
    R = np.zeros_like(signals[-1])
    R[..., c] = signals[-1][..., c]
    for module, x in zip(reversed(modules), reversed(signals[:-1]), strict=True):
        if isinstance(module, Flatten | Tanh | Rect):
            R = R.reshape(x.shape)
            continue
        w, b, stride = as_filters(module, x)
        Rx = np.zeros_like(x)
        for (rows, columns), (i, j) in fields(x, w, stride):
            z = w * x[:, rows, columns, :, np.newaxis]
            part = shares(z, w, b, variant, parameter)
            Rx[:, rows, columns] += (part * R[:, i, j, np.newaxis, np.newaxis, np.newaxis]).sum(4)
        R = Rx
    return R


def drawn(*shape: int) -> np.ndarray:
    return np.random.default_rng(len(shape) + shape[0]).normal(0, 0.5, shape)


PICTURES = [
    Convolution(drawn(3, 2, 2, 4), drawn(4), (1, 1)),
    Tanh(),
    SumPool((2, 2), (2, 2)),
    Convolution(drawn(2, 2, 4, 5), drawn(5), (2, 1)),
    Tanh(),
    Flatten(),
    Linear(drawn(10, 6), drawn(6)),
    Rect(),
    Linear(drawn(6, 3), drawn(3)),
]
WITHOUT_POOL = [  # wide enough for contributions of both signs everywhere
    Convolution(drawn(5, 5, 2, 4), drawn(4), (2, 2)),
    Tanh(),
    Flatten(),
    Linear(drawn(36, 3), drawn(3)),
]


@pytest.mark.parametrize(
    ("modules", "shape", "variant", "parameter"),
    [
        (PICTURES, (8, 7, 2), "epsilon", 0.01),
        (PICTURES, (8, 7, 2), "epsilon", 1.0),
        (PICTURES, (8, 7, 2), "flat", None),
        (PICTURES, (8, 7, 2), "ww", None),
        (WITHOUT_POOL, (9, 9, 2), "simple", None),
        (WITHOUT_POOL, (9, 9, 2), "alphabeta", 2.0),
        (WITHOUT_POOL, (9, 9, 2), "alphabeta", 1.0),
    ],
)
def test_pictures(modules, shape, variant, parameter):
    x = np.random.default_rng(0).normal(size=(5, *shape))
    wanted = lrp(modules, x, 1, variant, parameter)
    method = LRP(composites.toolbox(variant.upper(), parameter))
    question = Explanation(to_keras(modules, shape), method).for_input().absolute(1)
    found = question.explain(x.astype(np.float32)).attribution
    np.testing.assert_allclose(found, wanted, atol=2e-5 * np.abs(wanted).max())


@pytest.mark.skipif("HWKIT_DATA" not in os.environ, reason="HWKIT_DATA names no real files")
@pytest.mark.parametrize("epsilon", [0.01, 1.0])
def test_a_file_of_the_toolbox(epsilon):
    path = Path(os.environ["HWKIT_DATA"]) / "toolbox" / "xor_net_small.txt"
    if not path.exists():
        pytest.skip("HWKIT_DATA holds no toolbox/xor_net_small.txt")
    modules = [each for each in toolbox.read_modules(path) if not isinstance(each, SoftMax)]
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    x = np.concatenate([corners, corners + np.random.default_rng(1).normal(0, 0.1, (4, 2))])
    method = LRP(composites.toolbox("epsilon", epsilon))
    question = Explanation(toolbox.read(path), method).for_input()
    for c in range(2):
        X, signals = x, []
        for module in modules:
            signals.append(X)
            X = np.tanh(X) if isinstance(module, Tanh) else X @ module.weights + module.bias
        R = X * (np.arange(2) == c)
        for module, X in zip(reversed(modules), reversed(signals), strict=True):
            if isinstance(module, Linear):
                Z = module.weights[np.newaxis] * X[..., np.newaxis]
                Zs = Z.sum(axis=1)[:, np.newaxis] + module.bias
                Zs += epsilon * ((Zs >= 0) * 2 - 1)
                R = (Z / Zs * R[:, np.newaxis]).sum(axis=2)
        found = question.absolute(c).explain(x.astype(np.float32)).attribution
        np.testing.assert_allclose(found, R, atol=2e-5 * np.abs(R).max())


def test_names_of_the_toolbox():
    for one, other in ((None, "simple"), ("none", "zero"), ("alpha", "alphabeta"), ("w^2", "ww")):
        parameter = 2.0 if one == "alpha" else None
        assert (
            composites.toolbox(one, parameter).default.name
            == composites.toolbox(other, parameter).default.name
        )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gamma", 0.25), "variant of the toolbox: 'simple', .*'w.2'. Received: 'gamma'"),
        (("epsilon",), r"a parameter too: toolbox\('epsilon', 0.01\)"),
        (("alphabeta",), r"toolbox\('alphabeta', 2\)"),
        (("alphabeta", 0.5), "alpha - beta = 1"),
        (("epsilon", -1), "epsilon of 0 or more"),
        (("flat", 1.0), "no parameter for 'flat'. Received: 1.0"),
    ],
)
def test_what_the_toolbox_does_not_have(arguments, message):
    with pytest.raises(ValueError, match=message):
        composites.toolbox(*arguments)
