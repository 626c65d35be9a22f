"""The check of ``weighting_kernel(Z, width)``: how much LIME trusts each coalition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.tables import NOT_FINITE, Example, cases, fixed

TABLE = """
four superpixels, width 0.5
    right            | 0.606531 1 0.842339 0.964738
    width            | 0.778801 1 0.91779 0.982211
    no width         | 0.882497 1 0.958014 0.991066
    times width      | 0.969233 1 0.989334 0.997759
    no root          | 0.367879 1 0.709535 0.93072
    root twice       | 0.778801 1 0.91779 0.982211
    growing          | 1.64872 1 1.18717 1.03655
    distance         | 0.5 0 0.292893 0.133975
    no square        | 0.367879 1 0.556668 0.764947
    fraction         | 0.324652 1 0.606531 0.882497
    euclidean        | 0.00247875 1 0.0183156 0.135335
    similarity       | 0.606531 0.135335 0.367879 0.22313
    from empty       | 0.135335 0.000335463 0.0183156 0.00247875
    one norm         | 1 0.135335 0.709535 0.342393
    no norm          | 1 1.523e-08 0.135335 0.000335463
    share shown      | 0.882497 0.135335 0.606531 0.324652
    counts           | 0.324652 0.324652 0.324652 0.324652
    adds up          | 0.17768 0.292945 0.246759 0.282615
    first for all    | 0.606531 0.606531 0.606531 0.606531
five superpixels, width 0.25
    right            | 0.666008 0.914695
    width            | 0.903379 0.977955
    no width         | 0.974917 0.994443
    times width      | 0.998414 0.999652
    no root          | 0.443567 0.836666
    root twice       | 0.816093 0.956397
    growing          | 1.50148 1.09326
    distance         | 0.225403 0.105573
    no square        | 0.164766 0.429737
    fraction         | 0.278037 0.726149
    euclidean        | 1.12535e-07 0.000335463
    similarity       | 0.00822975 0.00166156
    from empty       | 3.77513e-11 0
    one norm         | 0.0137435 0.000335463
    no norm          | 0 0
    share shown      | 0.0561348 0.00597602
    counts           | 0.00597602 0.00597602
    adds up          | 0.421337 0.578663
    first for all    | 0.666008 0.666008
a row that hides everything
    right            | 0.974036 0.457833 0.869744
    width            | 0.979174 0.535261 0.894361
    no width         | 0.983304 0.606531 0.914556
    times width      | 0.989282 0.726149 0.944441
    no root          | 0.948745 0.209611 0.756454
    root twice       | 0.986932 0.676634 0.9326
    growing          | 1.02666 2.1842 1.14976
    distance         | 0.183503 1 0.42265
    no square        | 0.86644 0.457833 0.718783
    fraction         | 0.916855 0.457833 0.706648
    euclidean        | 0.457833 0.0959671 0.209611
    similarity       | 0.594025 1 0.77073
    from empty       | 0.209611 1 0.457833
    one norm         | 0.874554 0.457833 1
    no norm          | 0.457833 0.457833 1
    share shown      | 0.706648 1 0.916855
    counts           | 0.706648 0.457833 0.706648
    empty is near    | 0.974036 1 0.869744
    empty is nothing | 0.974036 0 0.869744
    adds up          | 0.423197 0.198919 0.377884
    first for all    | 0.974036 0.974036 0.974036
"""
_DISTANCE = "the distance is 1 minus the cosine of the angle to the row of ones."
SENTENCES = {
    "width": "the width is not squared.",
    "no width": "the width is not used.",
    "times width": "the square of the distance is multiplied by that of the width; divide.",
    "no root": "the square root is missing.",
    "root twice": "the square root is taken twice.",
    "growing": "the sign in the exponent is missing: far coalitions get the largest weights.",
    "distance": "this is the distance; the weight falls with it.",
    "no square": "the distance is not squared.",
    "fraction": f"the distance is taken as the share of superpixels hidden; {_DISTANCE}",
    "euclidean": f"the distance is taken as that between points; {_DISTANCE}",
    "similarity": "the cosine is used as it is: that is a similarity, and 1 minus it a distance.",
    "from empty": "the distance is measured from the row of zeros; measure it from that of ones.",
    "one norm": "only the row's own length is divided by; the row of ones has a length, too.",
    "no norm": "the two lengths are missing: a cosine is divided by both.",
    "share shown": "the distance is taken as the share of superpixels shown; it falls with that.",
    "counts": "the product of the two lengths lacks its square roots.",
    "empty is near": "the coalition that hides everything gets the weight 1, as if it were near; "
    "its distance is 1.",
    "empty is nothing": "the coalition that hides everything gets the weight 0; its distance is 1.",
    "adds up": "the weights are scaled to add up to 1; leave them as they are.",
    "first for all": "every coalition has the weight of the first.",
}
_HINTS = {
    NOT_FINITE: "A row of zeros has length 0, and nothing can be divided by that. Its distance is "
    "fixed as 1.",
    SENTENCES["euclidean"]: "The cosine is a product of two rows divided by both their lengths.",
    "": "Take the rows 1 1 1 1 and 1 0 0 0 by hand: cosine, distance, weight.",
}
EXAMPLES = (
    Example(
        "four superpixels, width 0.5",
        (fixed([[1, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 1], [1, 1, 0, 1]], int), 0.5),
        (4,),
    ),
    Example(
        "five superpixels, width 0.25", (fixed([[0, 1, 1, 0, 1], [1, 1, 1, 1, 0]]), 0.25), (2,)
    ),
    Example(
        "a row that hides everything",
        (fixed([[1, 0, 1], [0, 0, 0], [0, 1, 0]], int), 0.8),
        (3,),
    ),
)


def check_weighting_kernel(weighting_kernel: Callable[..., Any]) -> None:
    """Judge the weights of several coalitions, one of which hides everything.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other weights.
    """
    what = "the array of weights"
    judge(cases(weighting_kernel, EXAMPLES, TABLE, SENTENCES, what), _HINTS, what)
