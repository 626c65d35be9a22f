"""The check of ``ranks(values)``: who is first, second, third, and what equal values share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.tables import Example, cases, fixed

TABLE = """
all different
    right                   | 4 1 6 3 2 7 5
    from zero               | 3 0 5 2 1 6 4
    descending              | 4 7 2 5 6 1 3
    argsort once            | 2 5 4 1 7 3 6
    argsort once, from zero | 1 4 3 0 6 2 5
    sorted                  | -2 -1 0.25 0.5 1.5 3 7
    share                   | 0.571429 0.142857 0.857143 0.428571 0.285714 1 0.714286
    sizes                   | 2 5 6 1 3 7 4
all different, large and small
    right                   | 1 4 2 5 3
    from zero               | 0 3 1 4 2
    descending              | 5 2 4 1 3
    argsort once            | 1 3 5 2 4
    argsort once, from zero | 0 2 4 1 3
    sorted                  | -4000 -0.0003 0 0.0005 2000
    share                   | 0.2 0.8 0.4 1 0.6
    sizes                   | 5 3 2 4 1
several equal
    right                   | 4.5 8 4.5 1.5 8 4.5 10 1.5 4.5 8
    from zero               | 3.5 7 3.5 0.5 7 3.5 9 0.5 3.5 7
    descending              | 6.5 3 6.5 9.5 3 6.5 1 9.5 6.5 3
    argsort once            | 4 8 1 3 6 9 2 5 10 7
    argsort once, from zero | 3 7 0 2 5 8 1 4 9 6
    sorted                  | -1 -1 0 0 0 0 3 3 3 5
    share                   | 0.45 0.8 0.45 0.15 0.8 0.45 1 0.15 0.45 0.8
    sizes                   | 2.5 8 2.5 5.5 8 2.5 10 5.5 2.5 8
    ordinal                 | 3 7 4 1 8 5 10 2 6 9
    lowest                  | 3 7 3 1 7 3 10 1 3 7
    highest                 | 6 9 6 2 9 6 10 2 6 9
    dense                   | 2 3 2 1 3 2 4 1 2 3
    neighbours              | 3.5 7.5 4.25 1.5 8.25 5.125 10 1.5 5.125 8.25
    cut                     | 4 8 4 1 8 4 10 1 4 8
    rounded                 | 4 8 4 2 8 4 10 2 4 8
two equal
    right                   | 4.5 3 4.5 1 2
    from zero               | 3.5 2 3.5 0 1
    descending              | 1.5 3 1.5 5 4
    argsort once            | 4 5 2 1 3
    argsort once, from zero | 3 4 1 0 2
    sorted                  | -3 0.5 1 2 2
    share                   | 0.9 0.6 0.9 0.2 0.4
    sizes                   | 3.5 2 3.5 5 1
    ordinal                 | 4 3 5 1 2
    lowest                  | 4 3 4 1 2
    highest                 | 5 3 5 1 2
    dense                   | 4 3 4 1 2
    cut                     | 4 3 4 1 2
    rounded                 | 4 3 4 1 2
all equal
    right                   | 2.5 2.5 2.5 2.5
    from zero               | 1.5 1.5 1.5 1.5
    argsort once            | 1 2 3 4
    argsort once, from zero | 0 1 2 3
    sorted                  | 1.5 1.5 1.5 1.5
    share                   | 0.625 0.625 0.625 0.625
    ordinal                 | 1 2 3 4
    lowest                  | 1 1 1 1
    highest                 | 4 4 4 4
    dense                   | 1 1 1 1
    neighbours              | 1.5 2.25 3.125 3.125
    cut                     | 2 2 2 2
    rounded                 | 2 2 2 2
"""
SENTENCES = {
    "from zero": "the ranks begin with 0; the lowest value has rank 1.",
    "descending": "the highest value has rank 1; the lowest is to have it.",
    "argsort once": "these are the places of the sorted values; each value's own rank is asked "
    "for.",
    "argsort once, from zero": "these are the places of the sorted values, from 0; each value's "
    "own rank is asked for.",
    "sorted": "these are the values in order; their ranks are asked for.",
    "share": "the ranks are divided by how many there are; from 1 to m is asked for.",
    "sizes": "the values are ranked by their sizes; their signs count.",
    "ordinal": "equal values get different ranks here; they share the mean of their ranks.",
    "lowest": "equal values share the lowest of their ranks; the mean is asked for.",
    "highest": "equal values share the highest of their ranks; the mean is asked for.",
    "dense": "the rank after equal values goes on by 1; they take up as many ranks as they are.",
    "neighbours": "only two equal values share their ranks; three and more do, too.",
    "cut": "the ranks are cut to whole numbers; a mean of ranks may end in a half.",
    "rounded": "the ranks are rounded to whole numbers; a mean of ranks may end in a half.",
}
_HINTS = {
    SENTENCES["argsort once"]: "np.argsort says which value stands at a place. The question is the "
    "other way round: at which place does a value stand?",
    SENTENCES["lowest"]: "How many values are lower, and how many are equal?",
    SENTENCES["highest"]: "How many values are lower, and how many are equal?",
    "": "Count for one value how many are lower, and how many are equal to it.",
}
EXAMPLES = (
    Example("all different", (fixed([0.5, -2, 3, 0.25, -1, 7, 1.5]),), (7,)),
    Example("all different, large and small", (fixed([-4e3, 5e-4, -3e-4, 2e3, 0]),), (5,)),
    Example("several equal", (fixed([0, 3, 0, -1, 3, 0, 5, -1, 0, 3]),), (10,)),
    Example("two equal", (fixed([2, 1, 2, -3, 0.5]),), (5,)),
    Example("all equal", (fixed([1.5, 1.5, 1.5, 1.5]),), (4,)),
)


def check_ranks(ranks: Callable[..., Any]) -> None:
    """Judge the ranks of values, with and without equal ones.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other ranks.
    """
    what = "the array of ranks"
    judge(cases(ranks, EXAMPLES, TABLE, SENTENCES, what), _HINTS, what)
