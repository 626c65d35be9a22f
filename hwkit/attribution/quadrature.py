"""Quadrature: where on the path to take gradients, and how much each of them counts.

A rule is data: ``nodes`` in [0, 1] and ``weights`` that sum to one. Along a straight path the
gradient of a ReLU network is piecewise constant, so every rule's error falls like 1/n there,
whatever its order on smooth functions; the midpoint rule, whose nodes stand in the middle of what
they stand for, is then the best.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

RuleName = Literal["right", "left", "midpoint", "trapezoid", "gauss_legendre"]
RULES: tuple[str, ...] = get_args(RuleName)


@dataclass(frozen=True)
class Rule:
    """Nodes and weights on [0, 1], and how the rule's own terms tell its error.

    With terms T_i = weights_i * gradient(nodes_i), the attribution is their sum. A jump of the
    gradient between two nodes is misplaced by up to half a step h, an error of standard deviation
    h/sqrt(12) for each unit of its height; summing the terms with alternating signs, the ends
    counted half, meets every jump with h/2 and a sign of its own: a sample of the same error,
    sqrt(3) times too wide. One-sided rules also drift by h/2 (gradient(1) - gradient(0)).

    Attributes:
        nodes: where on the path gradients are taken, ``(m,)``.
        weights: how much each of them counts, ``(m,)``.
        half_ends: whether the alternating sum must still halve its ends (in the other rules the
            weights do it).
        side: sign of the drift in units of ``gradient(1) - gradient(0)`` times h: 0.5, -0.5 or 0.
    """

    nodes: np.ndarray
    weights: np.ndarray
    half_ends: bool
    side: float

    def __len__(self) -> int:
        return len(self.nodes)

    def factors(self) -> np.ndarray:
        """Factors on the gradients, ``(4, m)``: sum, alternating sum, first term, last term."""
        factors = np.zeros((4, len(self)))
        factors[0] = self.weights
        factors[1] = self.weights * np.where(np.arange(len(self)) % 2 == 0, 1, -1)
        factors[2, 0] = self.weights[0]
        factors[3, -1] = self.weights[-1]
        return factors

    def error(self, sums: np.ndarray) -> np.ndarray:
        """The estimated error of each number of the integral, from the sums ``(n, 4, ...)``."""
        _, alternating, first, last = np.moveaxis(sums, 1, 0)
        if len(self) == 1:  # a single gradient tells nothing about its neighbours
            return np.abs(first)
        if self.half_ends:
            alternating = alternating - 0.5 * (first + (1 if len(self) % 2 else -1) * last)
        return np.maximum(np.abs(alternating) / np.sqrt(3), np.abs(self.side * (last - first)))


@dataclass(frozen=True)
class Refinement:
    """The next finer rule, and what of the coarser one it can keep.

    Attributes:
        resolution: of the finer rule.
        rule: the finer rule.
        new: which of its nodes are new, ``(m,)`` bool.
        carry: what the coarser rule's four sums contribute to the finer rule's, ``(4, 4)``.
    """

    resolution: int
    rule: Rule
    new: np.ndarray
    carry: np.ndarray


def rule(name: str, resolution: int) -> Rule:
    """The rule with ``resolution`` steps (``trapezoid`` has one node more: both ends).

    ``right`` is the handout's: nodes i/m for i = 1..m.

    Raises:
        ValueError: unknown name, or a resolution below 1.
    """
    if name not in _MAKERS:
        raise ValueError(f"Expected a rule: {', '.join(RULES)}. Received: rule={name!r}.")
    if (
        isinstance(resolution, bool)
        or not isinstance(resolution, (int, np.integer))
        or resolution < 1
    ):
        raise ValueError(
            f"Expected a resolution of 1 or more points, a whole number. Received: {resolution!r}."
        )
    nodes, weights = _MAKERS[name](int(resolution))
    return Rule(
        nodes,
        weights,
        half_ends=name in _ONE_WEIGHT,
        side={"right": 0.5, "left": -0.5}.get(name, 0.0),
    )


def refine(name: str, resolution: int) -> Refinement:
    """The next finer rule of this name: by thirds for the midpoint rule, else by halves.

    The finer rule keeps the coarser one's nodes; only Gauss-Legendre cannot, and starts anew.
    """
    factor, first_old, from_sum, from_alternating = _NESTING[name]
    fine = rule(name, resolution * factor)
    new = np.ones(len(fine), bool)
    carry = np.zeros((4, 4))
    if first_old is not None:
        new[first_old::factor] = False
        carry[0, 0] = 1
        carry[1, :2] = from_sum, from_alternating
        carry[2, 2] = not new[0]
        carry[3, 3] = not new[-1]
    return Refinement(resolution * factor, fine, new, carry / factor)


def _right(m: int) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(1, m + 1) / m, np.full(m, 1 / m)


def _left(m: int) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(m) / m, np.full(m, 1 / m)


def _midpoint(m: int) -> tuple[np.ndarray, np.ndarray]:
    return (np.arange(m) + 0.5) / m, np.full(m, 1 / m)


def _trapezoid(m: int) -> tuple[np.ndarray, np.ndarray]:
    weights = np.full(m + 1, 1 / m)
    weights[[0, -1]] /= 2
    return np.arange(m + 1) / m, weights


def _gauss_legendre(m: int) -> tuple[np.ndarray, np.ndarray]:
    nodes, weights = np.polynomial.legendre.leggauss(m)
    return (nodes + 1) / 2, weights / 2


_MAKERS: dict[str, Callable[[int], tuple[np.ndarray, np.ndarray]]] = {
    "right": _right,
    "left": _left,
    "midpoint": _midpoint,
    "trapezoid": _trapezoid,
    "gauss_legendre": _gauss_legendre,
}
_ONE_WEIGHT = ("right", "left", "midpoint")
# By how much a rule is refined, the place of the coarser rule's first node in the finer rule, and
# how the old terms stand in the finer alternating sum: their signs are all equal (a multiple of the
# old sum) or alternate (of the old alternating sum).
_NESTING: dict[str, tuple[int, int | None, int, int]] = {
    "right": (2, 1, -1, 0),
    "left": (2, 0, 1, 0),
    "midpoint": (3, 1, 0, -1),
    "trapezoid": (2, 0, 1, 0),
    "gauss_legendre": (2, None, 0, 0),
}
