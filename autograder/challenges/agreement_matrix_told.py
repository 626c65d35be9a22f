"""What typical mistakes in ``agreement`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_STEPS = "spearman(a, b) has a number for each picture; the mean and the deviation are over these."
_TABLES = "Three tables are asked for, each with a row and a column for every method of maps."
_SPREAD = "Divide the squared deviations by one less than their number, and take the root."
_LEFT_OUT = "A correlation that is NaN is in no mean, in no deviation and in no count."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("no three tables", "three tables are asked for.", _TABLES),
        Mistake("tables of other shapes", "the tables have other shapes.", _TABLES),
        Mistake(
            "diagonal of 0", "the diagonal of the means is 0.", "A method agrees with itself: 1."
        ),
        *(
            Mistake(
                name,
                "one half of the tables is filled.",
                "What a says of b, b says of a: fill both places.",
            )
            for name in ("upper triangle only", "lower triangle only")
        ),
        Mistake(
            "methods in another order",
            "the methods are sorted by name.",
            "Rows and columns come in the order of the dictionary.",
        ),
        Mistake("mean and deviation exchanged", "means and deviations are exchanged.", _TABLES),
        Mistake("mean over everything", "all pairs of methods get one mean.", _TABLES),
        Mistake("correlations of mean maps", "the mean maps are correlated.", _STEPS),
        Mistake("all pictures in one row", "all pictures are correlated as one row.", _STEPS),
        Mistake(
            "pixels instead of pictures",
            "each pixel is correlated over the pictures.",
            "A row of maps is a picture: spearman(a, b) takes them as they are.",
        ),
        Mistake("values instead of ranks", "this is Pearson's correlation of the values.", _STEPS),
        Mistake("size of correlations", "the correlations have lost their signs.", _STEPS),
        Mistake("correlations squared", "the correlations are squared.", _STEPS),
        Mistake("median instead of mean", "this is the median over the pictures.", _STEPS),
        Mistake("sum instead of mean", "this is the sum over the pictures.", _STEPS),
        Mistake(
            "mean of Fisher's z",
            "the mean is taken of another scale, not of the correlations themselves.",
            _STEPS,
        ),
        Mistake("first picture only", "only the first picture counts.", _STEPS),
        Mistake("divided by n", "the deviations are too small.", _SPREAD),
        Mistake("variance", "these are variances.", _SPREAD),
        *(
            Mistake(
                name,
                "this is the standard error of the mean; how far pictures differ is asked for.",
                _SPREAD,
            )
            for name in ("standard error", "standard error, divided by n")
        ),
        Mistake("deviation over everything", "all pairs of methods get one deviation.", _TABLES),
        Mistake(
            "deviation of 0 for one picture",
            "the deviation of a single correlation is 0.",
            "It says nothing of how far pictures differ: NaN.",
        ),
        *(
            Mistake(name, "a correlation that is not defined makes a whole mean NaN.", _LEFT_OUT)
            for name in ("NaN in the tables", "NaN in the tables, every row counted")
        ),
        Mistake(
            "NaN in the deviations",
            "a correlation that is not defined makes a whole deviation NaN.",
            _LEFT_OUT,
        ),
        *(
            Mistake(name, "a correlation that is not defined counts as 0.", _LEFT_OUT)
            for name in ("undefined as 0", "undefined as 0, every row counted")
        ),
        Mistake("undefined as 1", "a correlation that is not defined counts as 1.", _LEFT_OUT),
        Mistake(
            "every row counted",
            "rows without a correlation are counted, too.",
            _LEFT_OUT,
        ),
        Mistake(
            "undefined ones counted",
            "the rows without a correlation are counted instead of those with one.",
            _LEFT_OUT,
        ),
        Mistake(
            "left out for all methods",
            "a row in which one method has no correlation is left out for all methods.",
            "Every two methods have rows of their own.",
        ),
        Mistake(
            "diagonal counts every row",
            "the counts on the diagonal are the number of pictures.",
            "Where a map has one value, it has no correlation with itself either.",
        ),
        Mistake(
            "mean of nothing is 0",
            "where nothing is counted, the mean is 0.",
            "NaN says that there is none.",
        ),
        Mistake(
            "right, with a warning",
            "the numbers are right, but your code warned where a correlation is not defined.",
            "np.nanmean and np.nanstd warn where nothing is left: look at the counts first.",
        ),
    )
}
