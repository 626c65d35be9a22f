"""What typical mistakes in ``alpha_beta`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_PARTS = "An input below zero times a weight below zero is a positive contribution."
_SUMS = "Each part has a denominator of its own: its contributions and its part of the bias."
_WHOLE = "Where one part is empty, the other hands out R_k itself, not alpha or beta times R_k."
_BY_HAND = "Work out one output with two inputs by hand."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("alpha and beta swapped", "alpha and beta are swapped.", _BY_HAND),
        Mistake(
            "beta added",
            "the negative part is added; what speaks against the output is subtracted.",
            "Both fractions are positive numbers; only the minus before beta makes the difference.",
        ),
        Mistake("negative part forgotten", "the negative part is missing.", _BY_HAND),
        Mistake("positive part forgotten", "the positive part is missing.", _BY_HAND),
        Mistake(
            "alpha and beta not used",
            "alpha and beta are not used: this is always alpha = 1 and beta = 0.",
        ),
        Mistake(
            "alpha and beta always 2 and 1",
            "alpha and beta are not used: this is always alpha = 2 and beta = 1.",
        ),
        Mistake("sign turned", "the sign is turned.", _BY_HAND),
        Mistake("absolute value", "an absolute value is taken: relevance has a sign.", _BY_HAND),
        Mistake(
            "bias left out",
            "the bias is missing in the denominators: the inputs share what is the bias's.",
            _SUMS,
        ),
        Mistake(
            "whole bias in both parts",
            "the whole bias is in both denominators; a bias is in one part only.",
            _SUMS,
        ),
        Mistake(
            "signs of the weights",
            "the parts go by the sign of the weights, not by that of the contributions.",
            _PARTS,
        ),
        Mistake(
            "inputs below zero forgotten",
            "inputs below zero are left out: they contribute as well.",
            _PARTS,
        ),
        Mistake(
            "divided by z",
            "both parts are divided by z, where the two cancel out.",
            _SUMS,
        ),
        Mistake(
            "denominators swapped", "each part is divided by the sum of the other part.", _SUMS
        ),
        Mistake(
            "x forgotten",
            "the inputs are missing in the numerators: contributions are x_j w_jk.",
            "The last step multiplies by the inputs.",
        ),
        Mistake(
            "empty part ignored",
            "where an output has no positive or no negative part, relevance is made up or lost.",
            _WHOLE,
        ),
        Mistake(
            "no positive part ignored",
            "where an output has no positive part, its relevance is not kept.",
            _WHOLE,
        ),
        Mistake(
            "no negative part ignored",
            "where an output has no negative part, relevance is made up.",
            _WHOLE,
        ),
        Mistake(
            "no positive part hands out minus R",
            "where an output has no positive part, the sign of its relevance is turned.",
            _WHOLE,
        ),
        Mistake(
            "one empty part stops the other",
            "where an output has no positive or no negative part, it hands out nothing at all.",
            _WHOLE,
        ),
        Mistake(
            "part of the bias alone taken for empty",
            "a part that is made of the bias alone is taken for empty; its denominator is not 0.",
            "Such a part is the bias's share, as it is where inputs contribute too.",
        ),
        Mistake(
            "negative part although beta is 0",
            "with beta = 0 an output without a positive part hands out nothing; yours does.",
            "Only a part that counts at all (beta above 0) takes over where the other is empty.",
        ),
        Mistake(
            "divided by zero",
            "where an output has no positive or no negative part, you divide by zero.",
            "np.divide(a, b, out=np.zeros_like(a), where=b != 0) leaves such outputs out.",
        ),
    )
}
