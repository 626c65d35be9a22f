"""The integral of the gradient along a path, and an estimate of its error at no further cost."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from tqdm.auto import tqdm

from hwkit.attribution import quadrature
from hwkit.attribution.streaming import Stream


class ToleranceWarning(UserWarning):
    """The path could not be refined far enough to meet the tolerance."""


@dataclass(frozen=True)
class PathIntegral:
    """What was integrated for n instances.

    Attributes:
        influence: the integral, ``(n, *slice)``, float64.
        error: estimated absolute error of each of its numbers, the same shape; ``None`` where there
            is no path.
        points: how many points of the path were used for each instance, ``(n,)``.
    """

    influence: np.ndarray
    error: np.ndarray | None
    points: np.ndarray


def along_line(
    stream: Stream,
    start: np.ndarray,
    end: np.ndarray,
    instances: np.ndarray,
    *,
    rule: str,
    resolution: int,
    tolerance: float | None,
    largest: int,
    scale: np.ndarray,
    progress: bool,
) -> PathIntegral:
    """Integrate the gradient from ``start`` to ``end``, both ``(n, *slice)``.

    With a tolerance, instances whose estimated relative L1 error of ``scale * integral`` lies above
    it are refined, each keeping what it has, until they meet it or ``largest`` points are used
    (then a ToleranceWarning says so).
    """
    ### BEGIN SOLUTION influence: get_attributions
    used = quadrature.rule(rule, resolution)
    sums = _sums(stream, start, end, instances, used, np.ones(len(used), bool), progress)
    points = np.full(len(start), len(used))
    error = used.error(sums)
    while tolerance is not None:
        wanting = np.flatnonzero(relative_l1(error * scale, sums[:, 0] * scale) > tolerance)
        step = quadrature.refine(rule, resolution)
        if not len(wanting) or len(step.rule) > largest:
            _warn_if_wanting(
                relative_l1(error * scale, sums[:, 0] * scale), tolerance, int(points.max())
            )
            break
        fresh = _sums(
            stream, start[wanting], end[wanting], instances[wanting], step.rule, step.new, progress
        )
        sums[wanting] = np.einsum("jk,nk...->nj...", step.carry, sums[wanting]) + fresh
        error[wanting] = step.rule.error(sums[wanting])
        points[wanting] = len(step.rule)
        resolution = step.resolution
    return PathIntegral(sums[:, 0], error, points)
    ### END SOLUTION


def along_input(
    stream: Stream,
    baseline: np.ndarray,
    instances: np.ndarray,
    *,
    rule: str,
    resolution: int,
    with_difference: bool,
) -> PathIntegral:
    """Integrate at the slice while the INPUT runs straight from ``baseline`` to the instance.

    Both are ``(n, *input)``; the slice then runs on a curve. With the difference term the gradients
    are multiplied by the slice's steps on that curve, which adds up to the whole difference of the
    quantity (as conductance does; Dhamdhere et al. 2018, eq. 2).
    """
    used = quadrature.rule(rule, resolution)
    edges = np.concatenate([[0.0], np.cumsum(used.weights)])
    signs = used.factors() / used.weights
    sums = np.zeros((len(instances), 4, *stream.cut.activations(instances[:1]).shape[1:]))
    for instance, origin, total in zip(instances, baseline, sums, strict=True):
        line = instance - origin
        for first in range(0, len(used), stream.batch):
            chosen = slice(first, first + stream.batch)
            at_nodes = origin + _upright(used.nodes[chosen], line) * line
            terms = stream.gradients(stream.cut.activations(at_nodes), at_nodes).astype(np.float64)
            if with_difference:
                around = edges[first : chosen.stop + 1]
                at_edges = stream.cut.activations(origin + _upright(around, line) * line)
                terms *= np.diff(at_edges, axis=0)
            else:
                terms *= _upright(used.weights[chosen], terms[0])
            total += np.tensordot(signs[:, chosen], terms, axes=1)
    return PathIntegral(sums[:, 0], used.error(sums), np.full(len(instances), len(used)))


def over_samples(stream: Stream, samples: np.ndarray, instances: np.ndarray) -> PathIntegral:
    """The mean gradient over samples ``(k, *slice)`` of any distribution of interest."""
    if stream.cut.bypassed:  # what goes round the slice differs from instance to instance
        each = [stream.gradients(samples, instance[np.newaxis]) for instance in instances]
    else:
        each = [stream.gradients(samples)] * len(instances)
    influence = np.stack([gradients.mean(axis=0, dtype=np.float64) for gradients in each])
    return PathIntegral(influence, None, np.full(len(instances), len(samples)))


def relative_l1(difference: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Sum of ``|difference|`` over sum of ``|reference|`` for each instance; 0 where both are 0."""
    flat = (len(reference), -1)
    above = np.abs(difference).reshape(flat).sum(axis=1)
    below = np.abs(reference).reshape(flat).sum(axis=1)
    return np.divide(above, below, out=np.where(above > 0, np.inf, 0.0), where=below > 0)


def _sums(
    stream: Stream,
    start: np.ndarray,
    end: np.ndarray,
    instances: np.ndarray,
    used: quadrature.Rule,
    chosen: np.ndarray,
    progress: bool,
) -> np.ndarray:
    """The rule's four sums over the chosen nodes, ``(n, 4, *slice)`` for n instances, float64."""
    ### BEGIN SOLUTION influence: get_attributions
    factors = used.factors()[:, chosen]
    sums = np.zeros((len(start), 4, *start.shape[1:]))
    total = len(start) * factors.shape[1]
    # A bar only appears for work that one waits for.
    with tqdm(
        total=total, desc="gradients", unit="point", delay=2, leave=False, disable=not progress
    ) as bar:
        for lines, partial, points in stream.sums(
            start, end, used.nodes[chosen], factors, instances
        ):
            sums[lines] += partial
            bar.update(points)
    return sums
    ### END SOLUTION


def _upright(numbers: np.ndarray, like: np.ndarray) -> np.ndarray:
    return numbers.reshape(-1, *(1,) * like.ndim).astype(np.float32)


def _warn_if_wanting(errors: np.ndarray, tolerance: float, points: int) -> None:
    if (errors > tolerance).any():
        warnings.warn(
            f"The tolerance {tolerance:g} is not met: the estimated relative error is "
            f"{errors.max():.2g} at {points} points. Allow more with "
            "AumannShapley(largest_resolution=...), or a larger tolerance.",
            ToleranceWarning,
            stacklevel=4,
        )
