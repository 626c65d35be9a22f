"""What typical mistakes in ``predictive`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_FIRST = "First every draw's probabilities, then their mean and spread over the draws."
_OVER = "Probabilities add up to 1 over the classes, the last axis."
_STD = "The spread is the standard deviation over the draws (axis 0), divided by their number."
_TWO = "return mean, spread: two arrays (n, classes)."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("softmax of the mean logits", "this is the softmax of the mean logits.", _FIRST),
        Mistake("no softmax", "mean and spread are those of the logits.", _FIRST),
        Mistake("exp, not divided", "exp(logits) is not divided by its sum.", _OVER),
        Mistake("sigmoid", "a sigmoid is taken of every logit by itself.", _OVER),
        Mistake(
            "overflow",
            "exp of a logit of 1,000 is infinite, and of -1,000 zero.",
            "Subtract the highest logit of each row first; the probabilities are the same.",
        ),
        Mistake(
            "logarithms of probabilities",
            "these are mean and spread of logarithms of probabilities.",
            _FIRST,
        ),
        Mistake("softmax over the samples", "the softmax goes over the draws.", _OVER),
        Mistake("softmax over the instances", "the softmax goes over the instances.", _OVER),
        Mistake(
            "softmax over everything",
            "the probabilities of all draws and instances together add up to 1.",
            _OVER,
        ),
        Mistake(
            "votes", "this is how often each class is the highest; probabilities count.", _FIRST
        ),
        Mistake("median", "this is the median over the draws, not the mean."),
        Mistake("sum over the samples", "the sum over the draws is not divided by their number."),
        Mistake("first sample alone", "this is the first draw alone."),
        Mistake("mean over the instances", "the mean goes over the instances.", _TWO),
        Mistake("highest probability alone", "only the highest class of each is told.", _TWO),
        Mistake("spread of the logits", "the spread is that of the logits.", _FIRST),
        Mistake("one less than the samples", "it is divided by one less than the draws.", _STD),
        Mistake("variance", "the spread is the variance; its root is asked for.", _STD),
        Mistake(
            "standard error",
            "the spread is that of the mean; that of single draws is asked for.",
            _STD,
        ),
        Mistake(
            "mean distance from the mean",
            "the spread is the mean distance from the mean, not its root mean square.",
            _STD,
        ),
        Mistake("range", "the spread is the highest less the lowest.", _STD),
        Mistake("root mean square", "the mean is not subtracted before squares are taken.", _STD),
        Mistake(
            "spread of one draw of the class",
            "sqrt(p (1 - p)) says how random the class is, not how far the draws differ.",
            _STD,
        ),
        Mistake("spread over the classes", "the spread goes over the classes.", _STD),
        Mistake("spread over the instances", "the spread goes over the instances.", _STD),
        Mistake("one spread for all classes", "every class has a spread of its own.", _STD),
        Mistake("mean and spread exchanged", "mean and spread are exchanged.", _TWO),
        Mistake("one of the two alone", "only one of mean and spread is returned.", _TWO),
    )
}
