"""The challenge of ``lrp_zero``: a dense layer, and outputs that are exactly zero.

All sums are exact in float32 (``lrp_shares``), so that a zero is a zero in whatever order it is
added up; every other denominator is well away from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_shares import eighths, shared
from autograder.comparing import numbers

_ONE, _SEVERAL = "one instance", "several instances"
_ZEROS = "denominators that are zero"
_TOLERANCE = 1e-4
_MOST_NUMBERS = 2**20
_LEAST = 0.5  # of a denominator that is not zero
_LOOP = "Write it as a loop over j and k for a layer with two inputs, and compare."
_ZERO_HINT = "np.divide(R, z, out=np.zeros_like(z), where=z != 0) divides where it can."


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        *(partial(_case, aspect=_ONE, n=1, inputs=j, outputs=k) for j, k in ((5, 3), (3, 6))),
        partial(_case, aspect=_ONE, n=1, inputs=4, outputs=4),
        partial(_case, aspect=_SEVERAL, n=4, inputs=5, outputs=3),
        partial(_case, aspect=_SEVERAL, n=3, inputs=3, outputs=3),
        partial(_case, aspect=_ZEROS, n=1, inputs=5, outputs=4, zeros=1),
        partial(_case, aspect=_ZEROS, n=3, inputs=4, outputs=5, zeros=2),
    ]
    return draw_cases(makers, rng)


def _case(
    rng: np.random.Generator, aspect: str, n: int, inputs: int, outputs: int, zeros: int = 0
) -> Case:
    """A dense layer; ``zeros`` outputs of the first instance are exactly zero."""
    while True:
        x, w = eighths(rng, (n, inputs), -2, 2), eighths(rng, (inputs, outputs), -1.5, 1.5)
        b, relevance = eighths(rng, (outputs,), -1.5, 1.5), eighths(rng, (n, outputs), -2, 3)
        b[:zeros] = -(x[0] @ w)[:zeros]
        z = np.abs(x.astype(np.float64) @ w + b)
        if not z[0, :zeros].any() and np.sort(z, axis=None)[zeros] >= _LEAST:
            break
    truth = _Truth(x, w, b, relevance)
    return Case(
        aspect,
        {"x": x, "w": w, "b": b, "R": relevance},
        truth.relevance(),
        truth.wrong,
        _TOLERANCE,
        _read,
    )


def _read(value: Any) -> np.ndarray:
    """Relevance; what is not finite is NaN, since only chance tells infinity from it here."""
    found = numbers(value)
    return np.where(np.isfinite(found), found, np.nan)


def reference(x: Any, w: Any, b: Any, R: Any) -> np.ndarray:
    """LRP-0 of a dense layer ``(n, j)``, where a student's blank is wrong that other blanks use.

    Raises:
        ValueError: no finite arrays that fit together, or too many numbers.
    """
    given = [_finite(each, axes) for each, axes in ((x, 2), (w, 2), (b, 1), (R, 2))]
    (n, inputs), (_, outputs) = given[0].shape, given[1].shape
    shapes = [(n, inputs), (inputs, outputs), (outputs,), (n, outputs)]
    if [each.shape for each in given] != shapes or n * inputs * outputs > _MOST_NUMBERS:
        raise ValueError("Expected x (n, j), w (j, k), b (k,) and R (n, k). Received: others.")
    return _Truth(*given).relevance()


def _finite(value: Any, axes: int) -> np.ndarray:
    array = isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.ndim == axes
    if not array or not 0 < value.size <= _MOST_NUMBERS or not np.isfinite(value).all():
        raise ValueError("Expected arrays of finite numbers. Received: something else.")
    return np.asarray(value, np.float64)


class _Truth:
    """LRP-0 of one layer, from its contributions, and what mistakes would give."""

    def __init__(self, x: np.ndarray, w: np.ndarray, b: np.ndarray, relevance: np.ndarray) -> None:
        self.x, self.w, self.b, self.R = (
            np.asarray(each, np.float64) for each in (x, w, b, relevance)
        )
        self.parts = self.x[:, :, np.newaxis] * self.w
        self.z = self.parts.sum(axis=1) + self.b

    def relevance(self) -> np.ndarray:
        """What is asked for."""
        return shared(self.parts, self.z, self.R)

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        right, size = self.relevance(), np.abs(self.parts)
        above, below = np.maximum(self.parts, 0), np.minimum(self.parts, 0)
        weights = np.broadcast_to(self.w, self.parts.shape)
        parts_of_bias = self.parts + self.b / self.x.shape[1]
        by_input = self.parts.sum(axis=2, keepdims=True)
        by_input = np.divide(self.parts, by_input, out=0 * self.parts, where=by_input != 0)
        found = {
            "bias forgotten": shared(self.parts, self.parts.sum(axis=1), self.R),
            "bias subtracted": shared(self.parts, self.parts.sum(axis=1) - self.b, self.R),
            "bias handed to the inputs": shared(parts_of_bias, self.z, self.R),
            "x forgotten": shared(weights, self.z, self.R),
            "x twice": self.x * right,
            "not divided": np.einsum("njk,nk->nj", self.parts, self.R),
            "R not used": shared(self.parts, self.z, np.ones_like(self.R)),
            "absolute denominators": shared(self.parts, np.abs(self.z), self.R),
            "absolute contributions": shared(size, size.sum(axis=1), self.R),
            "absolute contributions and bias": shared(
                size, size.sum(axis=1) + np.abs(self.b), self.R
            ),
            "absolute value": np.abs(right),
            "only what speaks for it": shared(above, above.sum(axis=1), self.R),
            "only what speaks for it, and bias": shared(
                above, above.sum(axis=1) + np.maximum(self.b, 0), self.R
            ),
            "only what speaks against it": shared(below, below.sum(axis=1), self.R),
            "outputs below zero left out": shared(self.parts, np.maximum(self.z, 0), self.R),
            "one denominator for all": shared(
                self.parts, np.broadcast_to(self.z.sum(axis=1, keepdims=True), self.z.shape), self.R
            ),
            "divided over the outputs": np.einsum("njk,nk->nj", by_input, self.R),
            "sign turned": -right,
            "first instance only": right[0],
            "instances added up": right.sum(axis=0),
            "first instance for all": np.broadcast_to(right[0], right.shape),
        }
        zero = self.z == 0
        if zero.any():
            found["divided by zero"] = np.where(zero.any(axis=1, keepdims=True), np.nan, right)
            found["zeros hand out R"] = right + np.einsum(
                "njk,nk->nj", self.parts, np.where(zero, self.R, 0)
            )
            lost = np.where(zero.any(axis=1, keepdims=True), 0.0, right)
            found["instances with a zero left out"] = lost
        return found


_MISTAKES = (
    Mistake("bias forgotten", "the bias is missing in z.", _LOOP),
    Mistake("bias subtracted", "the bias is subtracted in z; it is added.", _LOOP),
    Mistake(
        "bias handed to the inputs",
        "the bias's share is handed to the inputs; it is lost.",
        "The bias stands in the denominator only.",
    ),
    Mistake("x forgotten", "x is missing in the numerator: a contribution is x w.", _LOOP),
    Mistake("x twice", "x enters the numerator twice.", _LOOP),
    Mistake(
        "not divided",
        "nothing is divided by z: this is the gradient of the outputs times x.",
        _LOOP,
    ),
    Mistake("R not used", "the relevance of the outputs is not used.", _LOOP),
    Mistake("absolute denominators", "an absolute value is taken of z.", _LOOP),
    Mistake("absolute contributions", "absolute values are taken of the contributions.", _LOOP),
    Mistake(
        "absolute contributions and bias",
        "absolute values are taken of the contributions and the bias.",
        _LOOP,
    ),
    Mistake("absolute value", "an absolute value is taken: relevance has a sign."),
    Mistake(
        "only what speaks for it",
        "only positive contributions get a share.",
        "LRP-0 divides among all contributions, with their signs.",
    ),
    Mistake(
        "only what speaks for it, and bias",
        "only positive contributions get a share.",
        "LRP-0 divides among all contributions, with their signs.",
    ),
    Mistake("only what speaks against it", "only negative contributions get a share.", _LOOP),
    Mistake(
        "outputs below zero left out",
        "outputs whose z is negative hand out nothing; only those with z = 0 do.",
        "This layer has no ReLU: divide by z, not by relu(z).",
    ),
    Mistake(
        "one denominator for all",
        "all outputs are divided by one number; each has a z of its own.",
        _LOOP,
    ),
    Mistake(
        "divided over the outputs",
        "the denominator sums over the outputs of an input; it sums over the inputs of an output.",
        "Of w with shape (j, k), the sum over j is that over axis 0.",
    ),
    Mistake("sign turned", "the sign is turned.", _LOOP),
    Mistake(
        "first instance only",
        "only the first instance comes back, without the axis of the instances.",
        "R has the shape of x: (n, j).",
    ),
    Mistake(
        "instances added up",
        "the instances are added up; each has a relevance of its own.",
        "R has the shape of x: (n, j).",
    ),
    Mistake(
        "first instance for all",
        "every instance gets the relevance of the first.",
        "z has the shape (n, k): every instance has denominators of its own.",
    ),
    Mistake("divided by zero", "where z is zero the answer is NaN or infinity.", _ZERO_HINT),
    Mistake(
        "zeros hand out R",
        "outputs whose z is zero hand out relevance: they are divided by 1.",
        _ZERO_HINT,
    ),
    Mistake(
        "instances with a zero left out",
        "where one output is zero, all outputs of that instance hand out nothing.",
        _ZERO_HINT,
    ),
)

CHALLENGE = Challenge(
    question="lrp_zero",
    title="LRP-0 for a dense layer",
    ask="lrp_zero",
    blanks=("lrp_zero",),
    aspects={_ONE: 4.0, _SEVERAL: 2.0, _ZEROS: 2.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
