"""What typical mistakes in ``masked`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_TRY = "Try a picture of 2 by 2 pixels with two superpixels by hand."
_ROWS = "Z has a row for each picture that is asked for."
_LABELS = "A pixel is shown in picture i if Z[i, its label] is true."
_FILL = "fill is a picture of its own: every hidden pixel is taken from its place there."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake(
            "exchanged",
            "picture and fill are exchanged: what should be shown is hidden.",
            _LABELS,
        ),
        Mistake("fill not used", "hidden pixels are zero.", _FILL),
        Mistake("one number as fill", "hidden pixels all get one number.", _FILL),
        Mistake("one colour as fill", "hidden pixels all get one colour.", _FILL),
        Mistake(
            "mean of the picture as fill",
            "hidden pixels get the mean colour of the picture.",
            _FILL,
        ),
        Mistake(
            "fill everywhere",
            "the fill is added where the picture is shown, too.",
            _LABELS,
        ),
        Mistake("nothing hidden", "nothing is hidden: this is the picture itself.", _LABELS),
        Mistake("everything hidden", "everything is hidden: this is the fill.", _LABELS),
        Mistake(
            "first coalition only",
            "only the first coalition's picture comes back, without the axis of the coalitions.",
            "The answer has shape (n, h, w, c), also for n = 1.",
        ),
        Mistake("first coalition for all", "every coalition gets the picture of the first.", _ROWS),
        Mistake("last coalition for all", "every coalition gets the picture of the last.", _ROWS),
        Mistake(
            "hidden stays hidden",
            "what one coalition hides stays hidden in those that follow.",
            "Begin every picture with a new copy.",
        ),
        Mistake(
            "superpixel 0 always shown",
            "the superpixel with the label 0 is always shown.",
            "Labels begin with 0.",
        ),
        Mistake(
            "superpixel 0 always hidden",
            "the superpixel with the label 0 is always hidden.",
            "Labels begin with 0.",
        ),
        Mistake(
            "labels counted from 1",
            "every superpixel gets what belongs to the one before it.",
            "Labels begin with 0.",
        ),
        Mistake(
            "coalition taken as labels",
            "the zeros and ones of a coalition are taken as labels.",
            _LABELS,
        ),
        Mistake(
            "labels taken as a mask",
            "what is shown depends on the labels alone, not on Z.",
            _LABELS,
        ),
        Mistake("labels transposed", "rows and columns of the segments are exchanged.", _TRY),
        Mistake(
            "first channel only",
            "only the first channel is hidden.",
            "What is shown has shape (n, h, w); a last axis makes it fit all channels.",
        ),
        Mistake(
            "~ of 0 and 1",
            "coalitions of 0 and 1 are not taken as what is true and false.",
            "~ turns True into False, but 1 into -2.",
        ),
        Mistake(
            "changed in place",
            "an array that was passed in has been changed.",
            "Work on a new array: np.where makes one, picture[...] = fill changes the old.",
        ),
    )
}
