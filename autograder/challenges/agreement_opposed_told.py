"""What keeps an answer to ``opposed`` from being right."""

from __future__ import annotations

from autograder.challenge import Mistake

_RETURN = "Return (x, W, b, v) of shapes (3,), (3, 3), (3,) and (3,)."
_LOOK = "Print both attributions of your picture."
_BIAS = (
    "A negative bias takes from what DeepLIFT hands on, not from the gradient: the more, the less "
    "of the way from 0 to x the unit is on."
)

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("no four arrays", "four arrays are asked for.", _RETURN),
        Mistake("another order of the arrays", "the arrays come in another order.", _RETURN),
        Mistake("with an axis too many", "an array has an axis too many.", _RETURN),
        Mistake("other shapes", "the arrays have other shapes.", _RETURN),
        Mistake("out of range", "a number is larger than 5 in size."),
        Mistake(
            "kink at x",
            "a hidden unit receives next to 0 from your picture.",
            "At 0 a ReLU has no slope. Stay 0.001 away from it.",
        ),
        Mistake(
            "kink at the reference",
            "a hidden unit receives next to 0 from the reference.",
            "From 0 a unit receives its bias. Stay 0.001 away from 0.",
        ),
        Mistake(
            "gradient of zero",
            "gradient x input is 0 for every pixel.",
            "A hidden unit that is off at x hands no gradient down.",
        ),
        Mistake(
            "pixels close in both",
            "in both attributions two pixels are less than 0.05 apart.",
            _LOOK,
        ),
        *(
            Mistake(
                f"pixels close in {method}",
                f"{method} gives two pixels attributions that are less than 0.05 apart.",
                _LOOK,
            )
            for method in ("gradient x input", "DeepLIFT")
        ),
        Mistake(
            "W transposed",
            "the orders are not opposite; they would be if W were transposed.",
            "Row j of W holds the weights of hidden unit j: it receives W[j] @ x + b[j].",
        ),
        Mistake(
            "gradient alone",
            "the order of the gradient is opposite, but not that of gradient x input.",
            _LOOK,
        ),
        Mistake(
            "opposite by size",
            "the orders are opposite by size only, without the signs.",
            "A negative attribution is lower than one of 0.",
        ),
        Mistake(
            "multipliers alone",
            "the order of the multipliers is opposite, but not that of multipliers times x.",
            _LOOK,
        ),
        Mistake(
            "neither times x",
            "gradient and multipliers are opposite, but not once they are multiplied by x.",
            _LOOK,
        ),
        Mistake(
            "the same attributions",
            "both methods say the same here.",
            "They differ where a hidden unit is on at x and off at the reference, or the other way "
            "round. " + _BIAS,
        ),
        Mistake("the same order", "both methods put the pixels in the same order.", _BIAS),
        Mistake(
            "not wholly opposite",
            "the orders differ, but are not exactly opposite.",
            "The highest pixel of one is the lowest of the other. " + _BIAS,
        ),
    )
}
