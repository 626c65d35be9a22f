"""What typical mistakes in ``removal_curve`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_SHARE = "Of all pictures, the share whose highest score is that of their label."
_EACH = "keep_top(pictures, maps, fraction, fill) is called anew for each fraction."
_RULE = "Between two fractions, the mean of their two accuracies counts times their distance."
_RANGE = "A network that is always right has area 1."
_TWO = "return accuracies, area: an array (m,) and a number."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("errors instead of accuracies", "these are the shares of wrong answers.", _SHARE),
        Mistake(
            "fractions from the last",
            "the accuracies are in the wrong order; the first belongs to the first fraction.",
        ),
        Mistake("counted, not divided", "hits are counted, but not divided by n.", _SHARE),
        Mistake("per cent", "these are per cent; an accuracy goes from 0 to 1."),
        Mistake(
            "labels not used",
            "labels are not used: this is how often the class stays that the network saw.",
            _SHARE,
        ),
        Mistake("lowest score", "the class of the lowest score is taken.", _SHARE),
        Mistake(
            "that share removed",
            "each fraction is removed; it is the fraction that is kept.",
            _EACH,
        ),
        Mistake("lowest kept", "the pixels of lowest value are kept.", _EACH),
        Mistake("whole pictures", "this is the accuracy on the whole pictures.", _EACH),
        Mistake(
            "relative to the whole pictures",
            "accuracies are divided by that on the whole pictures.",
            _SHARE,
        ),
        Mistake("loss of accuracy", "this is what is lost of the accuracy.", _SHARE),
        Mistake(
            "first fraction for all",
            "all accuracies are those of the first fraction.",
            "What is gone once does not come back: start from the whole pictures each time.",
        ),
        Mistake("last fraction for all", "all accuracies are those of the last fraction.", _EACH),
        Mistake("fill not passed on", "fill is not used: pixels that go are zero.", _EACH),
        Mistake("first map for all", "the first map is used for all pictures.", _EACH),
        Mistake("mean score", "this is the mean score of the labels.", _SHARE),
        Mistake("mean probability", "this is the mean probability of the labels.", _SHARE),
        Mistake(
            "mean over classes",
            "the mean over classes is taken; every picture counts the same.",
            _SHARE,
        ),
        Mistake("hits of every picture", "the mean over the pictures is missing.", _SHARE),
        Mistake("mean over the fractions", "the mean over the fractions is taken.", _TWO),
        Mistake("one of the two alone", "only one of accuracies and area is returned.", _TWO),
        Mistake("area first", "area and accuracies are exchanged.", _TWO),
        Mistake("mean of the accuracies", "the area is the mean of the accuracies.", _RULE),
        Mistake("sum of the accuracies", "the area is the sum of the accuracies.", _RULE),
        Mistake(
            "not divided by the range",
            "the area is not divided by the range of the fractions.",
            _RANGE,
        ),
        Mistake(
            "multiplied by the range",
            "the area is multiplied by the range of the fractions; it is divided by it.",
            _RANGE,
        ),
        Mistake(
            "divided by the last fraction",
            "the area is divided by the last fraction; the range is the last less the first.",
            _RANGE,
        ),
        Mistake(
            "divided by the number of fractions",
            "the area is divided by the number of fractions.",
            _RANGE,
        ),
        Mistake("left ends", "only the accuracy at the left end of each interval counts.", _RULE),
        Mistake("right ends", "only the accuracy at the right end of each interval counts.", _RULE),
        Mistake(
            "spacing not used",
            "the fractions are taken for evenly spaced ones.",
            _RULE,
        ),
        Mistake("spacing one", "the distance of two fractions is taken for 1.", _RULE),
        Mistake(
            "trapezoids not halved",
            "the area is twice as large: two accuracies are added, but not halved.",
            _RULE,
        ),
        Mistake("sign turned", "the sign of the area is turned.", _RULE),
        Mistake("one minus the area", "this is the area above the curve.", _RANGE),
        Mistake(
            "first fraction taken for zero",
            "the first interval is taken to begin at zero; it begins at the first fraction.",
            _RULE,
        ),
        Mistake(
            "fractions over accuracies",
            "fractions and accuracies have changed places in the trapezoid rule.",
            "np.trapezoid takes y before x.",
        ),
    )
}
