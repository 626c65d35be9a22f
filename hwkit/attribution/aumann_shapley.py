"""Aumann-Shapley values: the influence of a slice on a quantity of interest, averaged over a path.

    influence = sum_i w_i dQ/dz (b + t_i (z - b)),      attribution = influence * (z - b)

The first is Definition 1 of Leino et al. (2018) with the line from b to z as the distribution of
interest; the second adds the difference term of Sundararajan et al. (2017, eq. 1) and their
completeness axiom: it sums to Q(z) - Q(b).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from hwkit.attribution import path_integral, quadrature
from hwkit.attribution.method import Method
from hwkit.attribution.path_integral import relative_l1
from hwkit.attribution.streaming import Stream
from hwkit.network import Cut
from hwkit.quantities import FunctionQuantity, Quantity

Baseline = np.ndarray | float | Callable[[np.ndarray], np.ndarray] | None
_Self = TypeVar("_Self", bound="AumannShapley")
# Bytes of float64 sums that are held at once; more instances go in groups.
_SUMS_MEMORY = 256 * 2**20
# Where on the path a lower precision is compared with float32: single points may flip a ReLU.
_PROBES = (np.arange(10) + 0.5) / 10


@dataclass(frozen=True)
class Report:
    """How far a result can be trusted, one number for each instance.

    Attributes:
        error_estimate: estimated relative L1 error of the attribution; NaN where there is no path
            (own samples, a point).
        points: points of the path that were used.
        precision_error: relative L1 error that a precision below float32 caused, measured at a few
            points; else 0.
    """

    error_estimate: np.ndarray
    points: np.ndarray
    precision_error: float = 0.0


class AumannShapley(Method):
    """Integrated gradients at any slice, for any quantity of interest.

    Args:
        resolution: number of steps on the path.
        rule: "right" (the handout's: t_i = i/m for i = 1..m), "left", "midpoint", "trapezoid" or
            "gauss_legendre".
        tolerance: refine the path of each instance until the estimated relative L1 error of its
            attribution is below.
        largest_resolution: stop refining there, with a ToleranceWarning.
        distribution: distribution of interest: "line" (uniform from baseline to instance), "point"
            (the instance alone: the saliency map of Simonyan et al. 2013), or own samples of the
            slice ``(k, *slice)``.
        path_space: "slice": the path is straight in the slice, from the baseline there. "input":
            the input runs straight from a baseline of its own, and the slice follows.
        memory: bytes that one batch of gradients may take, about; the result never depends on it.
        dtype: "float32", or "bfloat16" for the arithmetic of the gradients; its error is then
            measured and reported.
        progress: show a bar for work of more than two seconds; or a function that is called after
            each batch of gradients with the number of its points. What it raises ends the work.

    Raises:
        ValueError: an argument out of its range; the message lists what is possible.
    """

    has_path = True  # so that there are a difference term and a baseline

    def __init__(
        self,
        resolution: int = 50,
        rule: str = "right",
        *,
        tolerance: float | None = None,
        largest_resolution: int = 10_000,
        distribution: Literal["line", "point"] | np.ndarray = "line",
        path_space: Literal["slice", "input"] = "slice",
        memory: int = 512 * 2**20,
        dtype: Literal["float32", "bfloat16"] = "float32",
        progress: bool | Callable[[int], None] = True,
    ) -> None:
        quadrature.rule(rule, resolution)  # refuses what is not a rule or a resolution
        if tolerance is not None and not 0 < tolerance < 1:
            raise ValueError(
                "Expected a tolerance between 0 and 1 (0.01 is 1%). Received: "
                f"tolerance={tolerance}."
            )
        if isinstance(distribution, str) and distribution not in ("line", "point"):
            raise ValueError(
                f"Expected distribution 'line', 'point' or samples. Received: {distribution!r}."
            )
        if path_space not in ("slice", "input"):
            raise ValueError(f"Expected path_space 'slice' or 'input'. Received: {path_space!r}.")
        if path_space == "input" and (tolerance is not None or not isinstance(distribution, str)):
            raise ValueError(
                "Expected path_space='slice' together with a tolerance or own samples. Received: "
                "path_space='input'. Choose a higher resolution, or give samples of the slice "
                "itself."
            )
        if dtype not in ("float32", "bfloat16"):
            raise ValueError(f"Expected dtype 'float32' or 'bfloat16'. Received: {dtype!r}.")
        self.resolution = resolution
        self.rule = rule
        self.tolerance = tolerance
        self.largest_resolution = largest_resolution
        self.distribution = distribution
        self.path_space = path_space
        self.memory = memory
        self.dtype = dtype
        self.progress = progress
        self.report: Report | None = None

    def compile(self: _Self, quantity: Quantity | FunctionQuantity, cut: Cut) -> _Self:
        """This method, bound to a quantity and a network cut at a slice; ``self`` stays unbound."""
        bound = copy.copy(self)
        after_batch = self.progress if callable(self.progress) else None
        bound._stream = Stream(cut, quantity, self.memory, self.dtype, after_batch)
        bound.report = None
        return bound

    def activations(self, instance: np.ndarray) -> np.ndarray:
        """The slice z of one instance ``(*input)`` or of several ``(n, *input)``.

        For the input slice these are the instances themselves.
        """
        batch, single = as_batch(instance, self.stream.cut.instance_shape)
        slices = self.stream.cut.activations(batch)
        return slices[0] if single else slices

    def gradients(self, points: np.ndarray, instances: np.ndarray | None = None) -> np.ndarray:
        """dQ/dz at one point ``(*slice)`` or at several ``(n, *slice)``, in the same shape.

        Where other branches lead around the slice, ``instances`` ``(n or 1, *input)`` say what
        these carry.
        """
        batch, single = as_batch(points, self.stream.cut.slice_shape)
        gradients = self.stream.gradients(batch, instances)
        return gradients[0] if single else gradients

    def get_attributions(
        self, instance: np.ndarray, ignore_difference_term: bool = True, baseline: Baseline = None
    ) -> np.ndarray:
        """The influence of every element of the slice on the quantity.

        Args:
            instance: one instance ``(*input)`` or several ``(n, *input)``.
            ignore_difference_term: ``True``: the influence (mean gradient). ``False``: influence
                times (z - b).
            baseline: b, where the path starts: ``None`` for zeros AT THE SLICE, else a number, an
                array that broadcasts to the slice, or a function from the instances ``(n, *input)``
                to baselines. With ``path_space="input"`` it is a baseline of the input instead.

        Returns:
            Attributions in the shape of the slice: ``(*slice)`` for one instance, ``(n, *slice)``
            for several; float32. ``self.report`` then holds how far they can be trusted.

        Raises:
            ValueError: instance or baseline of the wrong shape, or with NaN or infinity.
        """
        ### BEGIN SOLUTION influence: get_attributions
        instances, single = as_batch(instance, self.stream.cut.instance_shape)
        numbers = np.prod([size or 64 for size in self.stream.cut.slice_shape])
        group = max(1, int(_SUMS_MEMORY // (8 * 4 * numbers)))
        parts = []
        for first in range(0, len(instances), group):
            rows = slice(first, first + group)
            start = self._baseline_of(baseline, rows, len(instances))
            parts.append(self._attribute(instances[rows], ignore_difference_term, start))
        attribution = np.concatenate([part for part, _ in parts])
        self.report = Report(
            np.concatenate([report.error_estimate for _, report in parts]),
            np.concatenate([report.points for _, report in parts]),
            max(report.precision_error for _, report in parts),
        )
        return attribution[0] if single else attribution
        ### END SOLUTION

    def completeness_error(
        self,
        instances: np.ndarray,
        attribution: np.ndarray,
        ignore_difference_term: bool = True,
        baseline: Baseline = None,
    ) -> np.ndarray:
        """How far attributions are from adding up: ``|sum - gain| / |gain|``, ``(n,)``.

        The sum is that of the attributions with the difference term, and the gain Q(z) - Q(b).

        Args:
            instances: ``(n, *input)``.
            attribution: of these, ``(n, *slice)``.
            ignore_difference_term: as they were computed.
            baseline: as they were computed.
        """
        stream = self.stream
        if self.path_space == "input":
            origin = as_baseline(baseline, instances, instances)
            starts, ends = stream.cut.activations(origin), stream.cut.activations(instances)
        else:
            origin, ends = instances, stream.cut.activations(instances)
            starts = as_baseline(baseline, ends, instances)
        whole = attribution * (ends - starts) if ignore_difference_term else attribution
        gain = stream.values(ends, instances) - stream.values(starts, origin)
        missing = np.abs(whole.reshape(len(whole), -1).sum(axis=1, dtype=np.float64) - gain)
        return relative_l1(missing, gain)

    ### BEGIN SOLUTION influence
    def _baseline_of(self, baseline: Baseline, rows: slice, total: int) -> Baseline:
        """The baseline of some of the instances, where it is an array with a row for each."""
        if baseline is None or callable(baseline):
            return baseline
        cut = self.stream.cut
        shape = cut.instance_shape if self.path_space == "input" else cut.slice_shape
        each = np.ndim(baseline) == len(shape) + 1 and len(np.asarray(baseline)) == total > 1
        return np.asarray(baseline)[rows] if each else baseline

    def _attribute(
        self, instances: np.ndarray, ignore_difference_term: bool, baseline: Baseline
    ) -> tuple[np.ndarray, Report]:
        ends = self.activations(instances)
        if self.path_space == "input":
            origin = as_baseline(baseline, instances, instances)
            starts = self.stream.cut.activations(origin)
            result = path_integral.along_input(
                self.stream,
                origin,
                instances,
                rule="right" if self.distribution == "point" else self.rule,
                resolution=1 if self.distribution == "point" else self.resolution,
                with_difference=not ignore_difference_term,
            )
            scale = np.ones_like(result.influence)
        else:
            starts = as_baseline(baseline, ends, instances)
            scale = np.ones_like(ends) if ignore_difference_term else ends - starts
            result = self._integrate(starts, ends, instances, scale)
        attribution = result.influence * scale
        if result.error is None or self.distribution == "point":
            estimate = np.full(len(instances), np.nan)
        else:
            estimate = relative_l1(result.error * scale, attribution)
        report = Report(estimate, result.points, self._precision_error(starts, ends, instances))
        return attribution.astype(np.float32), report

    def _integrate(
        self, starts: np.ndarray, ends: np.ndarray, instances: np.ndarray, scale: np.ndarray
    ) -> path_integral.PathIntegral:
        if not isinstance(self.distribution, str):
            return path_integral.over_samples(
                self.stream, as_samples(self.distribution, ends.shape[1:]), instances
            )
        point = self.distribution == "point"
        return path_integral.along_line(
            self.stream,
            starts,
            ends,
            instances,
            rule="right" if point else self.rule,
            resolution=1 if point else self.resolution,
            tolerance=None if point else self.tolerance,
            largest=self.largest_resolution,
            scale=scale,
            progress=self.progress is True,
        )

    def _precision_error(
        self, starts: np.ndarray, ends: np.ndarray, instances: np.ndarray
    ) -> float:
        """Relative L1 difference of the gradients to float32, at points of the first lines."""
        if self.dtype == "float32":
            return 0.0
        cut = self.stream.cut
        points = [starts[:4] + np.float32(t) * (ends - starts)[:4] for t in _PROBES]
        origins = np.concatenate([instances[:4]] * len(_PROBES)) if cut.bypassed else None
        exact = Stream(cut, self.stream.quantity, self.memory)
        pair = [each.gradients(np.concatenate(points), origins) for each in (exact, self.stream)]
        return float(relative_l1((pair[1] - pair[0])[np.newaxis], pair[0][np.newaxis])[0])

    ### END SOLUTION


def as_batch(instance: np.ndarray, shape: tuple[int | None, ...]) -> tuple[np.ndarray, bool]:
    """Instances as a float32 batch ``(n, *shape)``, and whether it was one without a batch axis.

    Raises:
        ValueError: another shape, no instance, NaN or infinity. TypeError: not numbers.
    """
    array = np.asarray(instance)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"Expected an array of numbers. Received: dtype {array.dtype}.")
    array = array.astype(np.float32)
    single = array.ndim == len(shape)
    batch = array[np.newaxis] if single else array
    fits = batch.ndim == len(shape) + 1 and all(
        want in (None, got) for want, got in zip(shape, batch.shape[1:], strict=True)
    )
    if not fits or not len(batch):
        wanted = tuple("any" if size is None else size for size in shape)
        raise ValueError(
            f"Expected one instance of shape {wanted} or several, (n, ...). Received: shape "
            f"{array.shape}. Resize pictures with hwkit.images.photos.read_photo(file, size)."
        )
    if not np.isfinite(batch).all():
        raise ValueError("Expected finite numbers. Received: an instance with NaN or infinity.")
    return batch, single


def as_baseline(baseline: Baseline, ends: np.ndarray, instances: np.ndarray) -> np.ndarray:
    """The start of every path, in the shape of ``ends`` ``(n, *slice)``, float32.

    Raises:
        ValueError: a baseline that does not broadcast to the slice, or with NaN or infinity.
    """
    if baseline is None:
        return np.zeros_like(ends)
    start = np.asarray(baseline(instances) if callable(baseline) else baseline, np.float32)
    try:
        start = np.broadcast_to(start, ends.shape)
    except ValueError:
        raise ValueError(
            f"Expected a baseline that broadcasts to the slice, shape {ends.shape[1:]}, or one row "
            f"for each of the instances. Received: shape {start.shape}. The path runs in the space "
            "of the slice; a baseline of the input needs path_space='input'."
        ) from None
    if not np.isfinite(start).all():
        raise ValueError("Expected finite numbers. Received: a baseline with NaN or infinity.")
    return start


def as_samples(samples: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Own samples of a slice as float32 ``(k, *shape)``.

    Raises:
        ValueError: another shape, or none.
    """
    samples = np.asarray(samples, np.float32)
    if samples.shape[1:] != shape or not len(samples):
        raise ValueError(
            f"Expected samples of shape (k, {', '.join(map(str, shape))}). Received: "
            f"{samples.shape}."
        )
    return samples
