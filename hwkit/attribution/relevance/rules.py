"""The rules of layer-wise relevance propagation, each as data that reads like its formula.

A layer computes z_k = sum_j x_j w_jk + b_k. A rule says what share of the relevance R_k each x_j
gets. Every rule here is a sum of fractions, and each of these

    R_j  +=  factor * sum_k  u_j v_jk / (sum_j u_j v_jk + c_k)  R_k

where u, v and c are made of the inputs x, the weights w and the bias b. Where a denominator is
zero there is nothing to divide by, and the fraction hands out nothing.

Bach et al. (2015), PLOS ONE 10(7): LRP-0 (eq. 56), epsilon (eq. 58) and alpha-beta (eq. 60).
Montavon et al. (2017), Pattern Recognition 65: w^2, z+ and z^B (table 1). Montavon et al. (2019),
Explainable AI, LNCS 11700, chapter 10: gamma, and where to use which (table 10.1). Lapuschkin et
al. (2019), Nature Communications 10: flat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from hwkit.attribution.relevance.layer import LinearLayer

Inputs = Literal["x", "x+", "x-", "1", "low", "high"]
Outputs = Literal["all", "positive", "negative"]
Weights = Callable[[np.ndarray], np.ndarray]
OwnFunction = Callable[["LinearLayer", np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Term:
    """A part of a fraction: inputs times weights.

    Attributes:
        inputs: u: the inputs, their positive or negative part, ones, or the lowest or highest value
            that they may take.
        weights: v, made of the weights w.
    """

    inputs: Inputs
    weights: Weights


@dataclass(frozen=True)
class Fraction:
    """Relevance in proportion to some terms.

    Attributes:
        terms: their sum is the numerator, and summed over the inputs the denominator.
        bias: c, made of the bias b; ``None``: the bias takes no share.
        factor: how much of the relevance is handed out in this way.
        outputs: which outputs hand theirs out in this way, by the sign of z.
    """

    terms: tuple[Term, ...]
    bias: Weights | None = None
    factor: float = 1.0
    outputs: Outputs = "all"


@dataclass(frozen=True, eq=False)
class Rule:
    """How a layer hands its relevance down.

    Attributes:
        name: in words, for tables.
        fractions: what is added up. Where all but one of those with ``outputs="all"`` are empty
            (their denominator is zero), the one that is not hands out the whole.
        epsilon: is added to each denominator, away from zero.
        box: the lowest and the highest value of the inputs, each a number or one for each channel;
            for rules with terms of these.
        function: of the user's, in place of fractions; see ``own``.
    """

    name: str
    fractions: tuple[Fraction, ...] = ()
    epsilon: float = 0.0
    box: tuple[np.ndarray, np.ndarray] | None = None
    function: OwnFunction | None = None


def own(function: OwnFunction, name: str = "own") -> Rule:
    """A rule that is a function of one's own.

    What a layer received and did not hand on is "missing" in the trace, whether a bias kept it or
    not.

    Args:
        function: ``function(layer, x, R)`` gives the relevance of the inputs ``(n, *inputs)``; x
            are the inputs of the layer, ``R`` ``(n, *outputs)`` is the relevance of its outputs and
            ``layer`` a ``LinearLayer``. All arrays are numpy's, float32.
        name: in words, for tables and messages.

    Raises:
        TypeError: no function.
    """
    if not callable(function):
        raise TypeError(
            "Expected a function(layer, x, R) that gives the relevance of x. Received: "
            f"{function!r}."
        )
    return Rule(name, function=function)


def _same(w: np.ndarray) -> np.ndarray:
    return w


# Of layers without weights of their own, where a composite says nothing else.
PROPORTIONAL = Rule("in proportion", (Fraction((Term("x", _same),), _same),), 1e-9)


def zero(*, bias: bool = True) -> Rule:
    """LRP-0: in proportion to x_j w_jk.

    Args:
        bias: the bias takes its share, which is lost; ``False``: the inputs share all. So it is in
            all rules that have this argument; in the others the inputs share all.
    """
    ### BEGIN SOLUTION lrp: lrp_zero
    return Rule("LRP-0", (Fraction((Term("x", _same),), _same if bias else None),))
    ### END SOLUTION


def epsilon(value: float = 0.01, *, bias: bool = True) -> Rule:
    """LRP-epsilon: as LRP-0, but outputs near zero hand out less.

    What is handed out of R_k is R_k z_k / (z_k + epsilon sign(z_k)).

    Raises:
        ValueError: epsilon is negative.
    """
    if not value >= 0:
        raise ValueError(f"Expected an epsilon of 0 or more. Received: {value}.")
    ### BEGIN SOLUTION lrp: hand_down
    return Rule(f"LRP-epsilon ({value:g})", zero(bias=bias).fractions, value)
    ### END SOLUTION


def gamma(value: float = 0.25, *, bias: bool = True) -> Rule:
    """LRP-gamma: what supports the output counts more, by the factor 1 + gamma.

    For inputs of both signs as generalised by Andeol et al. (2021): where z is negative, it is the
    negative contributions that count more.

    Raises:
        ValueError: gamma is negative.
    """
    if not value >= 0:
        raise ValueError(f"Expected a gamma of 0 or more. Received: {value}.")

    ### BEGIN SOLUTION lrp: gamma_weights
    def up(w: np.ndarray) -> np.ndarray:
        return w + value * _positive(w)

    def down(w: np.ndarray) -> np.ndarray:
        return w + value * _negative(w)

    return Rule(
        f"LRP-gamma ({value:g})",
        (
            Fraction((Term("x+", up), Term("x-", down)), up if bias else None, 1.0, "positive"),
            Fraction((Term("x+", down), Term("x-", up)), down if bias else None, 1.0, "negative"),
        ),
    )
    ### END SOLUTION


def alpha_beta(alpha: float = 2.0, beta: float = 1.0, *, bias: bool = True) -> Rule:
    """LRP-alpha-beta: positive contributions share alpha R_k, and negative ones -beta R_k.

    Where an output has contributions of one sign only, these share R_k itself, so that nothing is
    made up or lost.

    Raises:
        ValueError: alpha - beta is not 1, or one of them is negative.
    """
    if not (alpha >= 1 and beta >= 0 and abs(alpha - beta - 1) < 1e-9):
        raise ValueError(
            "Expected alpha - beta = 1 with beta >= 0, which keeps the sum of the relevance. "
            f"Received: alpha={alpha}, beta={beta}."
        )
    ### BEGIN SOLUTION lrp: alpha_beta
    for_it = Fraction(
        (Term("x+", _positive), Term("x-", _negative)), _positive if bias else None, alpha
    )
    against = Fraction(
        (Term("x+", _negative), Term("x-", _positive)), _negative if bias else None, -beta
    )
    return Rule(f"LRP-alpha{alpha:g}-beta{beta:g}", (for_it, against) if beta else (for_it,))
    ### END SOLUTION


def z_plus(*, bias: bool = False) -> Rule:
    """z+: positive contributions only, alpha-beta with alpha 1 and beta 0."""
    ### BEGIN SOLUTION lrp
    return Rule("z+", alpha_beta(1, 0, bias=bias).fractions)
    ### END SOLUTION


def flat() -> Rule:
    """Flat: every input of an output gets the same."""
    ### BEGIN SOLUTION lrp
    return Rule("flat", (Fraction((Term("1", np.ones_like),)),))
    ### END SOLUTION


def w_squared() -> Rule:
    """w^2: in proportion to the squared weights, whatever the inputs are."""
    ### BEGIN SOLUTION lrp
    return Rule("w^2", (Fraction((Term("1", np.square),)),))
    ### END SOLUTION


def z_box(low: float | np.ndarray, high: float | np.ndarray) -> Rule:
    """z^B: for inputs in a box, low <= x <= high, such as pixels.

    R_j in proportion to x_j w_jk - low w_jk^+ - high w_jk^-.

    Args:
        low: lowest value of the inputs: a number, or one for each channel ``(c,)``.
        high: the highest one.

    Raises:
        ValueError: low is not below high.
    """
    lowest, highest = np.asarray(low, np.float32), np.asarray(high, np.float32)
    if not (lowest < highest).all():
        raise ValueError(f"Expected low below high. Received: low={low}, high={high}.")

    ### BEGIN SOLUTION lrp: box_rule
    def minus_positive(w: np.ndarray) -> np.ndarray:
        return -_positive(w)

    def minus_negative(w: np.ndarray) -> np.ndarray:
        return -_negative(w)

    terms = (Term("x", _same), Term("low", minus_positive), Term("high", minus_negative))
    return Rule("z^B", (Fraction(terms),), box=(lowest, highest))
    ### END SOLUTION


### BEGIN SOLUTION lrp
def _positive(w: np.ndarray) -> np.ndarray:
    return np.maximum(w, 0)


def _negative(w: np.ndarray) -> np.ndarray:
    return np.minimum(w, 0)


### END SOLUTION
