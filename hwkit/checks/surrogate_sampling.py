"""The check of ``sample_weights(mean, rho, noise)``: weights drawn from Gaussians."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.tables import NOT_FINITE, Example, cases, fixed

TABLE = """
one sample of three weights
    right           | 1.15663 -3.13687 4.75386
    no mean         | 0.156631 -1.13687 4.25386
    only mean       | 1 -2 0.5
    plain           | 0.5 -2.75 4.5
    exponential     | 1.18394 -4.117 15.2781
    half            | 1.30327 -3.45499 5.93656
    sigmoid         | 1.13447 -2.67918 2.26159
    rho turned      | 1.65663 -2.38687 0.753856
    cut at 0        | 1 -2.75 4.5
    variance        | 1.27985 -3.06624 3.4168
    squared         | 1.04907 -3.29248 9.54765
    other base      | 1.06802 -2.49374 2.34743
    no noise        | 1.31326 -0.863129 2.62693
    mean multiplied | 0.656631 0.863129 5.25386
    swapped         | -0.343369 0.623072 3.94815
two samples of a matrix
    right           | 1.69315 -3.62652 2.06346 4.46112 0.306853 -0.671685 2.25386 2.51296
    no mean         | 0.693147 -2.62652 0.063464 1.46112 -0.693147 0.328315 0.253856 -0.487038
    only mean       | 1 -1 2 3 1 -1 2 3
    plain           | 1 -3 1 3.75 1 -0.75 -2 2.75
    exponential     | 2 -6.43656 2.06767 5.47308 0 -0.32043 2.27067 2.17564
    half            | 2 -4.29744 2.18394 4.92604 0 -0.58782 2.73576 2.35799
    sigmoid         | 1.5 -2.46212 2.0596 3.93369 0.5 -0.817235 2.23841 2.68877
    rho turned      | 1.69315 -1.62652 3.06346 3.71112 0.306853 -0.921685 6.25386 2.76296
    cut at 0        | 1 -3 2 3.75 1 -0.75 2 2.75
    variance        | 1.83255 -3.29195 2.17813 4.48043 0.167445 -0.713506 2.71254 2.50652
    squared         | 1.48045 -4.44931 2.00806 4.42324 0.519547 -0.568836 2.03222 2.52559
    other base      | 1.30103 -2.14068 2.02756 3.63455 0.69897 -0.857414 2.11025 2.78848
    no noise        | 1.69315 0.313262 2.12693 3.97408 1.69315 0.313262 2.12693 3.97408
    mean multiplied | 1.69315 -0.626523 1.06346 5.96112 -1.69315 0.0783154 4.25386 -1.98704
    swapped         | 1.31326 0.373477 -0.936536 5.07288 -1.31326 1.07832 2.25386 -1.02429
    first sample    | 1.69315 -3.62652 2.06346 4.46112 1.69315 -3.62652 2.06346 4.46112
rho = 500
    right           | -800 400
    no mean         | -1000 500
    only mean       | 200 -100
    exponential     | -2.80718e+217 1.40359e+217
    half            | -7.49291e+108 3.74645e+108
    sigmoid         | 198 -99
    rho turned      | 200 -100
    variance        | 155.279 -77.6393
    squared         | -499800 249900
    other base      | -234.294 117.147
    no noise        | 700 400
    mean multiplied | -1400 400
    swapped         | 100 500
rho = -30 and less
    right           | 1.87152e-13 8.56954e-14
    only mean       | 0 0
    plain           | -60 -1700
    half            | 6.11805e-07 2.06997e-06
    rho turned      | 60 1700
    cut at 0        | 0 0
    variance        | 6.11805e-07 2.06997e-06
    squared         | 0 0
    other base      | 8.12793e-14 3.7217e-14
    no noise        | 9.35762e-14 1.71391e-15
    swapped         | -28.6137 0.657359
    lost            | 0 0
    rounded         | 1.86962e-13 8.88178e-14
"""
SENTENCES = {
    "no mean": "the mean is missing.",
    "only mean": "the noise is not used: these are the means.",
    "plain": "rho is used as the standard deviation itself; it can be negative.",
    "exponential": "the standard deviation is taken as exp(rho).",
    "half": "the standard deviation is taken as exp(rho / 2), as if rho were the logarithm of a "
    "variance.",
    "sigmoid": "the standard deviation is the slope of the function that is asked for.",
    "rho turned": "the sign of rho is turned.",
    "cut at 0": "the standard deviation is 0 for negative rho.",
    "variance": "log(1 + exp(rho)) is taken as the variance; it is the standard deviation.",
    "squared": "the standard deviation is squared.",
    "other base": "the logarithm has base 10; take the natural one.",
    "no noise": "the standard deviation is added; it is to be multiplied by the noise first.",
    "mean multiplied": "the mean is multiplied by the noise, too.",
    "swapped": "mean and rho are swapped.",
    "first sample": "every sample gets the noise of the first.",
    "lost": "for very negative rho the standard deviation becomes 0; it is tiny, but not 0.",
    "rounded": "for very negative rho the standard deviation is rounded: 1 plus something tiny "
    "loses its digits.",
}
_SAFE = "NumPy, SciPy and Keras have functions that work out such sums of exponentials safely."
_HINTS = {
    NOT_FINITE: f"exp(500) is too large, although the result is not. {_SAFE}",
    SENTENCES["lost"]: _SAFE,
    SENTENCES["rounded"]: _SAFE,
    "": "Try rho = 0: the standard deviation is log(2).",
}
EXAMPLES = (
    Example(
        "one sample of three weights",
        (fixed([1, -2, 0.5]), fixed([-1, 0.75, 2]), fixed([0.5, -1, 2])),
        (3,),
    ),
    Example(
        "two samples of a matrix",
        (
            fixed([[1, -1], [2, 3]]),
            fixed([[0, 1], [-2, 0.5]]),
            fixed([[[1, -2], [0.5, 1.5]], [[-1, 0.25], [2, -0.5]]]),
        ),
        (2, 2, 2),
    ),
    Example("rho = 500", (fixed([200, -100]), fixed([500, 500]), fixed([-2, 1])), (2,)),
    Example("rho = -30 and less", (fixed([0, 0]), fixed([-30, -34]), fixed([2, 50])), (2,)),
)


def check_sample_weights(sample_weights: Callable[..., Any]) -> None:
    """Judge drawn weights, also for very large and very negative rho.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other weights.
    """
    what = "the array of weights"
    found = cases(sample_weights, EXAMPLES, TABLE, SENTENCES, what, own_scale=True)
    judge(found, _HINTS, what)
