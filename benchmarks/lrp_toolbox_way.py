"""Layer-wise relevance propagation as the LRP toolbox computes it in numpy, to be compared with.

Dense layers build every contribution z_ijk = x_ij w_jk of every instance; convolutions and pools go
from one position of the output to the next (Bach et al. 2015, eq. 58). Arithmetic is float64.
"""

from __future__ import annotations

import numpy as np

from hwkit.networks.toolbox.modules import Convolution, Linear, Module, SumPool, Tanh

_ROWS = 16  # of a dense layer at once: its contributions take 16 * 1296 * 1296 * 8 bytes


def heatmaps(modules: list[Module], x: np.ndarray, c: int, epsilon: float) -> np.ndarray:
    """Relevance of the inputs for the score of class c."""
    signals = [x]
    for module in modules:
        signals.append(forward(module, signals[-1]))
    relevance = np.zeros_like(signals[-1])
    relevance[..., c] = signals[-1][..., c]
    for module, before, after in zip(
        reversed(modules), reversed(signals[:-1]), reversed(signals[1:]), strict=True
    ):
        relevance = back(module, before, after, relevance, epsilon)
    return relevance


def forward(module: Module, x: np.ndarray) -> np.ndarray:
    if isinstance(module, Linear):
        return x @ module.weights + module.bias
    if isinstance(module, Convolution):
        size = module.weights.shape[:2]
        y = np.zeros((len(x), *positions(x, size, module.stride), module.weights.shape[3]))
        for i, j, patch in patches(x, size, module.stride):
            y[:, i, j] = np.tensordot(patch, module.weights, 3) + module.bias
        return y
    if isinstance(module, SumPool):
        y = np.zeros((len(x), *positions(x, module.pool, module.stride), x.shape[3]))
        for i, j, patch in patches(x, module.pool, module.stride):
            y[:, i, j] = patch.sum(axis=(1, 2)) / np.sqrt(np.prod(module.pool))
        return y
    if isinstance(module, Tanh):
        return np.tanh(x)
    return np.maximum(x, 0) if type(module).__name__ == "Rect" else x.reshape(len(x), -1)


def back(
    module: Module, x: np.ndarray, y: np.ndarray, relevance: np.ndarray, epsilon: float
) -> np.ndarray:
    relevance = relevance.reshape(y.shape)
    if isinstance(module, Linear):
        per_unit = relevance / stable(y, epsilon)
        parts = []
        for start in range(0, len(x), _ROWS):
            rows = slice(start, start + _ROWS)
            z = module.weights[np.newaxis] * x[rows, :, np.newaxis]
            parts.append((z * per_unit[rows, np.newaxis]).sum(axis=2))
        return np.concatenate(parts)
    share = np.zeros_like(x)
    if isinstance(module, Convolution):
        size = height, width = module.weights.shape[:2]
        per_unit = relevance / stable(y, epsilon)
        for i, j, patch in patches(x, size, module.stride):
            z = module.weights[np.newaxis] * patch[..., np.newaxis]
            down, right = i * module.stride[0], j * module.stride[1]
            share[:, down : down + height, right : right + width] += (
                z * per_unit[:, i, j, np.newaxis, np.newaxis, np.newaxis]
            ).sum(axis=4)
        return share
    if isinstance(module, SumPool):
        height, width = module.pool
        per_unit = relevance / stable(y * np.sqrt(np.prod(module.pool)), epsilon)
        for i, j, patch in patches(x, module.pool, module.stride):
            down, right = i * module.stride[0], j * module.stride[1]
            share[:, down : down + height, right : right + width] += (
                patch * per_unit[:, i : i + 1, j : j + 1]
            )
        return share
    return relevance.reshape(x.shape)


def stable(z: np.ndarray, epsilon: float) -> np.ndarray:
    return z + epsilon * np.where(z >= 0, 1, -1)


def positions(x: np.ndarray, size: tuple[int, ...], stride: tuple[int, int]) -> tuple[int, int]:
    return (x.shape[1] - size[0]) // stride[0] + 1, (x.shape[2] - size[1]) // stride[1] + 1


def patches(x: np.ndarray, size: tuple[int, ...], stride: tuple[int, int]):
    rows, columns = positions(x, size, stride)
    for i in range(rows):
        for j in range(columns):
            down, right = i * stride[0], j * stride[1]
            yield i, j, x[:, down : down + size[0], right : right + size[1]]
