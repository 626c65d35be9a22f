"""Drawing hidden inputs on which right and wrong answers lie far apart.

Inputs on which a typical wrong answer comes close to the right one, or on which two typical wrong
answers are the same, are drawn again. The same seed gives the same inputs.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from autograder.challenge import Case
from autograder.comparing import distance

Maker = Callable[[np.random.Generator], Case]
# A wrong answer is at least so many tolerances away, or it is the right one in this case.
MARGIN = 20
_SAME = 1e-7
_MOST_DRAWS = 400


def draw_cases(makers: Sequence[Maker], rng: np.random.Generator) -> list[Case]:
    """A case of each maker, such that every mistake shows in some case, and as itself.

    Raises:
        RuntimeError: no such cases were found; the challenge needs other makers.
    """
    for _ in range(_MOST_DRAWS):
        cases = [_settled(make, rng) for make in makers]
        if not confusions(cases):
            return cases
    raise RuntimeError(f"no inputs tell these apart: {confusions(cases)}")


def separation(case: Case) -> float:
    """Distance from the right answer to the nearest wrong one, in tolerances.

    Infinity for answers that must be equal, and where no wrong answer is different.
    """
    if case.tolerance is None:
        return float("inf")
    far = [distance(each, case.expected) / case.tolerance for each in case.wrong().values()]
    return min((each for each in far if each * case.tolerance > _SAME), default=float("inf"))


def confusions(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """Pairs of mistakes, or of a mistake and the right answer (""), that give the same numbers."""
    wrong = [case.wrong() for case in cases]
    names = ["", *dict.fromkeys(name for each in wrong for name in each)]
    return [
        pair for pair in itertools.combinations(names, 2) if not _told_apart(cases, wrong, *pair)
    ]


def _settled(make: Maker, rng: np.random.Generator) -> Case:
    for _ in range(_MOST_DRAWS):
        case = make(rng)
        case = replace(case, wrong=cache(case.wrong))  # it is looked at several times
        if separation(case) >= MARGIN:
            return case
    raise RuntimeError(f"no inputs keep wrong answers away from the right one: {case.aspect}")


def _told_apart(
    cases: Sequence[Case], wrong: Sequence[Mapping[str, np.ndarray]], first: str, second: str
) -> bool:
    for case, answers in zip(cases, wrong, strict=True):
        one, other = (answers.get(name, case.expected) for name in (first, second))
        if one is other:
            continue
        least = 3 * case.tolerance if case.tolerance is not None else 0.0
        if distance(one, other) > least or distance(other, one) > least:
            return True
    return False
