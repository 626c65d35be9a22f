"""What typical mistakes in ``absolute`` and ``comparative`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

# Of a hidden network.
CLASSES = 5
_INDEX_HINT = "For a quantity of terms (index, factor) the index is the class."
_SOFTMAX_HINT = "A softmax of one class also falls when another rises. Read the output as it is."
_KEEP_HINT = "self.for_quantity(...) keeps the slice; no for_layer or for_input is needed here."
_COMMON = (
    Mistake(
        "softmax",
        "this explains softmax probabilities; the quantity is made of scores (logits).",
        _SOFTMAX_HINT,
    ),
    Mistake("absolute value", "an absolute value is taken: the quantity has a sign.", _INDEX_HINT),
    Mistake("sign cut off", "negative values are cut off: the quantity has a sign.", _INDEX_HINT),
    Mistake(
        "quantity instead of question",
        "this returns the quantity; the question about it is asked for.",
        "self.for_quantity(...) makes a question out of a quantity.",
    ),
    Mistake("not a question", "this is not what self.for_quantity(...) returns."),
    Mistake(
        "another slice", "this asks about another slice than the one it was called for.", _KEEP_HINT
    ),
    Mistake(
        "another output",
        "the quantity reads another layer than the network's output.",
        "Leave the layer of the Quantity out.",
    ),
)
_ABSOLUTE = (
    Mistake(
        "logarithm of softmax",
        "this explains the logarithm of a softmax; the quantity is the score itself.",
        _SOFTMAX_HINT,
    ),
    Mistake("sign turned", "the sign is turned: this explains what speaks against the class."),
    Mistake("class after", "this is the class after the one that was asked for.", _INDEX_HINT),
    Mistake("class before", "this is the class before the one that was asked for.", _INDEX_HINT),
    Mistake("factor", "the score has another factor than 1.", _INDEX_HINT),
    Mistake("all classes", "all classes are added up, not only class c.", _INDEX_HINT),
    Mistake("mean of the classes", "this is the mean of all classes, not class c.", _INDEX_HINT),
    Mistake("versus the others", "this compares class c with the mean of the others.", _INDEX_HINT),
    Mistake("highest class", "this is always the class of highest score, whatever c is."),
    Mistake("squared", "this is the square of the score.", _INDEX_HINT),
    *(
        Mistake(f"always class {fixed}", f"c is not used: this is always class {fixed}.")
        for fixed in range(CLASSES)
    ),
)
_COMPARATIVE = (
    Mistake(
        "comparison swapped",
        "the sign of the comparison is swapped: c1 speaks for, c2 against.",
        "comparative(c1, c2) asks why c1 rather than c2.",
    ),
    Mistake("scores added", "the scores are added; compared is what one has more than the other."),
    Mistake("second class ignored", "only c1 is asked about; c2 is not used."),
    Mistake("first class ignored", "only c2 is asked about; c1 is not used."),
    Mistake("first class missing", "c1 is missing: only c2 speaks against."),
    Mistake("softmax of the first", "this is the softmax of c1.", _SOFTMAX_HINT),
    Mistake(
        "logarithm of softmax of the first",
        "this is the logarithm of c1's softmax: it compares c1 with all classes at once.",
        _SOFTMAX_HINT,
    ),
    Mistake("mean of two terms", "both factors are halved; the plain difference is asked for."),
    Mistake("class after the second", "c1 is compared with the class after c2.", _INDEX_HINT),
    Mistake("product", "this is a product of the two scores; their difference is asked for."),
    Mistake("versus all others", "c1 is compared with all other classes, not with c2 alone."),
)

ABSOLUTE_MISTAKES = {each.name: each for each in (*_COMMON, *_ABSOLUTE)}
COMPARATIVE_MISTAKES = {each.name: each for each in (*_COMMON, *_COMPARATIVE)}
