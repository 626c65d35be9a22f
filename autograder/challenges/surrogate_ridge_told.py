"""What typical mistakes in ``weighted_ridge`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_ERRORS = "Each squared error is multiplied by the weight of its row, once."
_FREE = "alpha |beta|^2 does not contain b; a column of ones has no penalty on its diagonal."
_CENTRE = "With centred Z and y, b = mean of y - (mean of Z) beta, both with the weights."
_ALPHA = "The penalty is alpha times the sum of squares of beta: alpha on the diagonal of Z'WZ."
_PAIR = "Return b, beta: a number and (d,) for y (n,); (k,) and (d, k) for y (n, k)."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("weights ignored", "the weights of the rows are not used.", _ERRORS),
        Mistake(
            "weights squared",
            "the weights of the rows are squared.",
            "Who multiplies Z and y by something multiplies the errors, before they are squared.",
        ),
        Mistake(
            "square roots of the weights",
            "square roots of the weights are used as weights.",
            _ERRORS,
        ),
        Mistake(
            "weights made to add up to one",
            "the weights are made to add up to 1; alpha then counts for more.",
            _ERRORS,
        ),
        Mistake("weights on Z only", "the weights are missing in Z'Wy.", _ERRORS),
        Mistake("weights on y only", "the weights are missing in Z'WZ.", _ERRORS),
        Mistake("intercept penalised", "the penalty is on the intercept, too.", _FREE),
        Mistake("alpha ignored", "alpha is not used.", _ALPHA),
        Mistake("alpha always 1", "alpha is not used: this is always alpha = 1.", _ALPHA),
        Mistake("alpha squared", "alpha is squared.", _ALPHA),
        Mistake("alpha doubled", "the penalty is twice as large as it should be.", _ALPHA),
        Mistake("alpha halved", "the penalty is half as large as it should be.", _ALPHA),
        Mistake(
            "alpha times rows",
            "alpha is multiplied by the number of rows.",
            "The errors are added up; no mean is taken.",
        ),
        Mistake(
            "alpha over rows",
            "alpha is divided by the number of rows.",
            "The errors are added up; no mean is taken.",
        ),
        Mistake("sign turned", "the sign is turned."),
        Mistake("no intercept", "there is no intercept in the fit; b is always 0.", _CENTRE),
        Mistake(
            "no intercept, means centred",
            "b is always 0, although means have been subtracted.",
            _CENTRE,
        ),
        Mistake(
            "means without weights",
            "the means that are subtracted are taken without the weights.",
            _CENTRE,
        ),
        Mistake("intercept is the mean", "b is the mean of y.", _CENTRE),
        Mistake(
            "intercept is the mean, Z not centred",
            "the mean of y is subtracted, that of Z is not.",
            _CENTRE,
        ),
        Mistake("sign of the intercept", "the sign of b is turned.", _CENTRE),
        Mistake("first output for all", "all outputs get the fit of the first.", _PAIR),
        Mistake("mean over outputs", "all outputs get the same fit.", _PAIR),
        Mistake("one output only", "the fit of one output came back.", _PAIR),
        Mistake("beta transposed", "rows and columns of beta are exchanged.", _PAIR),
        Mistake("b and beta exchanged", "b and beta are exchanged.", _PAIR),
        Mistake("b missing", "only beta came back, b is missing.", _PAIR),
        Mistake("one array", "b and beta came back as one array.", _PAIR),
        Mistake("no pair", "a pair of b and beta is asked for.", _PAIR),
        Mistake("other shapes", "b or beta has another shape.", _PAIR),
    )
}
