"""What typical mistakes in ``spearman`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_STEPS = "Ranks of a row of a, ranks of the same row of b, and Pearson's correlation of the two."
_PEARSON = "Pearson: covariance over the product of both standard deviations."
_ROWS = "There is one number for each row: the answer has shape (n,)."
_UNDEFINED = "A row of one value has no order: NaN says so. 0 would say that there is no relation."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake(
            "values instead of ranks",
            "this is Pearson's correlation of the values.",
            _STEPS,
        ),
        Mistake("only a ranked", "the values of b are not ranked.", _STEPS),
        Mistake("only b ranked", "the values of a are not ranked.", _STEPS),
        Mistake(
            "ranked over all rows together",
            "the ranks go over all rows together.",
            "Every row has its own ranks from 1 to m.",
        ),
        Mistake(
            "ranked down the columns",
            "the ranks go down the columns.",
            "Every row has its own ranks from 1 to m.",
        ),
        Mistake(
            "equal values told apart",
            "equal values of a row get different ranks.",
            "ranks(values) of one row shares them.",
        ),
        Mistake(
            "order instead of ranks",
            "argsort is taken for ranks.",
            "It says where each rank's value stands; ranks(values) says each value's rank.",
        ),
        Mistake("columns instead of rows", "columns are correlated instead of rows.", _ROWS),
        Mistake(
            "formula for values without ties",
            "1 - 6 sum of d^2 / (m (m^2 - 1)) is wrong where values are equal.",
            _STEPS,
        ),
        *(
            Mistake(name, "this is the covariance of the ranks.", _PEARSON)
            for name in ("covariance", "covariance with m - 1")
        ),
        *(
            Mistake(name, "the covariance is divided by variances; a root is missing.", _PEARSON)
            for name in ("square root forgotten", "square root forgotten of variances")
        ),
        *(
            Mistake(
                f"divided by the variance of {one}",
                f"only the spread of {one} is divided by, twice.",
                _PEARSON,
            )
            for one in "ab"
        ),
        Mistake(
            "means not subtracted",
            "the mean rank is not subtracted: this is the cosine of the ranks.",
            _PEARSON,
        ),
        Mistake(
            "pairs in the same order",
            "this is Kendall's tau, which counts pairs in the same order.",
            _STEPS,
        ),
        Mistake("rows against every row", "every row of a meets every row of b.", _ROWS),
        Mistake("size only", "the sign is lost.", "Opposite order is -1."),
        Mistake("squared", "the correlation is squared.", "Opposite order is -1."),
        Mistake("sign turned", "the sign is turned.", "A map agrees with itself: 1."),
        *(
            Mistake(
                name,
                "a map does not quite agree with itself: the covariance is divided by another "
                "number than the variances are.",
                "np.cov divides by m - 1, np.std and np.var by m, unless told otherwise by ddof.",
            )
            for name in ("m and m - 1 mixed", "m - 1 and m mixed")
        ),
        Mistake("mean over rows", "a mean over the rows is returned.", _ROWS),
        Mistake("first row for all", "every row gets the number of the first.", _ROWS),
        Mistake("constant rows as 0", "rows of one value get 0.", _UNDEFINED),
        Mistake("constant rows as 1", "rows of one value get 1.", _UNDEFINED),
        Mistake(
            "undefined only where both are constant",
            "where only one of the two rows has one value, 0 is returned.",
            _UNDEFINED,
        ),
        Mistake("constant rows left out", "rows of one value are left out.", _ROWS),
        Mistake(
            "right, with a warning",
            "the numbers are right, but your code warned where a row has one value.",
            "Set NaN where it has, and divide elsewhere only; or divide within "
            "np.errstate(invalid='ignore').",
        ),
    )
}
