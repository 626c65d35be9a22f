"""The challenge of ``shapley_kernel``: every weight counts alike, however small it is.

What is compared are answers over right weights, so that an error in the smallest is as large as in
the largest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases
from autograder.comparing import numbers

_SMALL, _LARGE = "few players", "many players"
_TOLERANCE = 5e-4
_FORMULA = "(d - 1) / (C(d, s) s (d - s)), where C(d, s) is how many coalitions have s of d."
_WHOLE = "int64 ends at 9.2e18; Python's own numbers and math.comb do not, floats end much later."


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_case, aspect=_SMALL, players=(3, 3), count=14),
        partial(_case, aspect=_SMALL, players=(4, 6), count=9),
        partial(_case, aspect=_SMALL, players=(8, 12), count=12),
        partial(_case, aspect=_LARGE, players=(30, 45), count=12),
        partial(_case, aspect=_LARGE, players=(58, 60), count=15),
    ]
    return draw_cases(makers, rng)


def _case(rng: np.random.Generator, aspect: str, players: tuple[int, int], count: int) -> Case:
    """Sizes in any order and more than once, those in the middle among them."""
    d = int(rng.integers(players[0], players[1] + 1))
    sizes = rng.integers(1, d, count)
    sizes[:3] = d // 2, 1, d - 1
    sizes = rng.permutation(sizes)
    right = np.array([_weight(d, int(s)) for s in sizes])

    def over_right(found: np.ndarray) -> np.ndarray:
        """NaN for what is not finite, since only chance tells infinity from it here."""
        found = np.where(np.isfinite(found), found, np.nan)
        return found / right if found.shape == right.shape else found

    return Case(
        aspect,
        {"d": d, "sizes": sizes},
        np.ones(count),
        lambda: {name: over_right(each) for name, each in _wrong(d, sizes).items()},
        _TOLERANCE,
        lambda value: over_right(numbers(value)),
    )


def _weight(d: int, s: int) -> float:
    return (d - 1) / (math.comb(d, s) * s * (d - s))


def _wrong(d: int, sizes: np.ndarray) -> dict[str, np.ndarray]:
    found = {
        name: np.array([each(d, int(s)) for s in sizes], np.float64)
        for name, each in _FORMULAS.items()
    }
    right = np.array([_weight(d, int(s)) for s in sizes])
    found["made to add up to one"] = right / right.sum()
    found["a weight for every size"] = np.array([_weight(d, s) for s in range(1, d)])
    found["int64 overflow"] = np.array([(d - 1) / _int64(d, int(s)) for s in sizes])
    found["int64 overflow of factorials"] = _by_factorials(d, sizes)
    return found


_FORMULAS: dict[str, Callable[[int, int], float]] = {
    "d - 1 forgotten": lambda d, s: _weight(d, s) / (d - 1),
    "d instead of d - 1": lambda d, s: _weight(d, s) * d / (d - 1),
    "number of coalitions forgotten": lambda d, s: (d - 1) / (s * (d - s)),
    "only s (d - s)": lambda d, s: 1 / (s * (d - s)),
    "times the number of coalitions": lambda d, s: (d - 1) * math.comb(d, s) / (s * (d - s)),
    "one over the number of coalitions": lambda d, s: 1 / math.comb(d, s),
    "coalitions of d - 1 players": lambda d, s: (d - 1) / (math.comb(d - 1, s) * s * (d - s)),
    "s forgotten": lambda d, s: _weight(d, s) * s,
    "d - s forgotten": lambda d, s: _weight(d, s) * (d - s),
    "s and d - s forgotten": lambda d, s: _weight(d, s) * s * (d - s),
    "d - s - 1": lambda d, s: _weight(d, s) * (d - s) / (d - s - 1) if d - s > 1 else np.inf,
    "s and d - s added": lambda d, s: _weight(d, s) * s * (d - s) / d,
    "upside down": lambda d, s: 1 / _weight(d, s),
    "weights of Shapley's sum": lambda d, s: 1 / (d * math.comb(d - 1, s)),
}


def _int64(d: int, s: int) -> int:
    """What C(d, s) s (d - s) becomes as an int64."""
    return (math.comb(d, s) * s * (d - s) + 2**63) % 2**64 - 2**63


def _by_factorials(d: int, sizes: np.ndarray) -> np.ndarray:
    """The formula with factorials of int64."""
    factorials = np.cumprod(np.concatenate([[1], np.arange(1, d + 1)]), dtype=np.int64)
    below = factorials[sizes] * factorials[d - sizes]
    with np.errstate(all="ignore"):
        return np.asarray((d - 1) / (factorials[d] / below * sizes * (d - sizes)))


_MISTAKES = (
    Mistake("d - 1 forgotten", "d - 1 is missing in the numerator.", _FORMULA),
    Mistake("d instead of d - 1", "the numerator is d.", _FORMULA),
    Mistake(
        "number of coalitions forgotten",
        "this is the weight of all coalitions of a size together, not of one.",
        _FORMULA,
    ),
    Mistake("only s (d - s)", "this is one over s (d - s).", _FORMULA),
    Mistake(
        "times the number of coalitions",
        "the number of coalitions of a size is multiplied by; it is divided by.",
        _FORMULA,
    ),
    Mistake(
        "one over the number of coalitions",
        "this is one over the number of coalitions of a size.",
        _FORMULA,
    ),
    Mistake(
        "coalitions of d - 1 players",
        "coalitions are counted among d - 1 players.",
        _FORMULA,
    ),
    Mistake("s forgotten", "s is missing in the denominator.", _FORMULA),
    Mistake("d - s forgotten", "d - s is missing in the denominator.", _FORMULA),
    Mistake("s and d - s forgotten", "s (d - s) is missing in the denominator.", _FORMULA),
    Mistake("d - s - 1", "the denominator has d - s - 1 instead of d - s.", _FORMULA),
    Mistake("s and d - s added", "s and d - s are added in the denominator.", _FORMULA),
    Mistake("upside down", "numerator and denominator are exchanged.", _FORMULA),
    Mistake(
        "weights of Shapley's sum",
        "these are the weights in the definition of Shapley values, not those of the kernel.",
        _FORMULA,
    ),
    Mistake("made to add up to one", "the weights are made to add up to 1.", _FORMULA),
    Mistake(
        "a weight for every size",
        "a weight for every possible size came back; one for each of sizes is asked for.",
        "sizes may come in any order, and more than once.",
    ),
    *(
        Mistake(name, "whole numbers became too large.", _WHOLE)
        for name in ("int64 overflow", "int64 overflow of factorials")
    ),
)

CHALLENGE = Challenge(
    question="shapley_kernel",
    title="The Shapley kernel",
    ask="shapley_kernel",
    blanks=("shapley_kernel",),
    aspects={_SMALL: 3.0, _LARGE: 2.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
