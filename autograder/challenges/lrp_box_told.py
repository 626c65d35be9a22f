"""What typical mistakes in ``box_rule`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_FORMULA = "An input on its bound hands nothing down along weights that push it further out."
_BOTH = "The denominator is the sum of the numerators over the inputs, no more and no less."
_BACK = (
    "Each of the three terms goes back with weights of its own, times what it went forward with."
)
_EVERY = "np.broadcast_to(low, x.shape) gives every input its own bound."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake(
            "low and high swapped",
            "low and high, or the positive and the negative weights, are swapped.",
            _FORMULA,
        ),
        Mistake(
            "bounds added", "the terms of the bounds are added; they are subtracted.", _FORMULA
        ),
        Mistake("sign of the low term", "the term of low has the wrong sign.", _FORMULA),
        Mistake(
            "sign of the high term",
            "the term of high has the wrong sign: the weights in it are below zero already.",
            _FORMULA,
        ),
        Mistake("low forgotten", "the term of low is missing.", _FORMULA),
        Mistake("high forgotten", "the term of high is missing.", _FORMULA),
        Mistake("bounds ignored", "the bounds are not used: this is x_j w_jk alone.", _FORMULA),
        Mistake(
            "signs of the weights ignored",
            "the terms of the bounds have the whole weights in them.",
            "low goes with weights above zero, high with those below.",
        ),
        Mistake(
            "bounds of the inputs themselves",
            "the bounds are the lowest and the highest of these inputs, not low and high.",
        ),
        Mistake(
            "first channel's bounds", "the bounds of the first channel are taken for all.", _EVERY
        ),
        Mistake("mean of the bounds", "the mean of the bounds is taken for all channels.", _EVERY),
        Mistake("sign turned", "the sign is turned."),
        Mistake("absolute value", "an absolute value is taken: relevance has a sign."),
        Mistake(
            "divided by zero",
            "where a denominator is zero, you divide by zero; such an output hands out nothing.",
            "np.divide(a, b, out=np.zeros_like(a), where=b != 0) leaves such outputs out.",
        ),
        Mistake(
            "bias in the denominator",
            "the bias is in the denominator; this rule leaves it out.",
            _BOTH,
        ),
        Mistake(
            "bounds in the denominator only",
            "the bounds are in the denominator only; the numerator is x_j w_jk alone.",
            _BOTH,
        ),
        Mistake(
            "bounds in the numerator only",
            "the bounds are in the numerator only; the denominator is that of x_j w_jk.",
            _BOTH,
        ),
        Mistake(
            "bounds in the numerator only, with bias",
            "the bounds are in the numerator only; the denominator is z, with its bias.",
            _BOTH,
        ),
        Mistake("x in every term", "x multiplies all terms; the bounds have none of it.", _BACK),
        Mistake("x forgotten", "the inputs are missing in the numerators.", _BACK),
        Mistake("bounds not multiplied", "the bounds are missing in their own numerators.", _BACK),
        Mistake(
            "whole weights on the way back",
            "on the way back, all terms have the whole weights in them.",
            _BACK,
        ),
    )
}
