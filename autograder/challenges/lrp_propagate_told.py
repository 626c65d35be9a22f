"""What typical mistakes in ``propagate`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_UP = "Up: z = layer.forward(a, layer.w) + layer.b, and a ReLU after every layer but the last."
_START = "Relevance begins as start(scores, c)."
_LIST = "The inputs' relevance comes first, then each hidden layer's, and the output's last."
_PAIRS = "rules[i] belongs to layers[i], also on the way down."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("ReLU forgotten", "there is no ReLU between the layers.", _UP),
        Mistake("ReLU after the last layer", "there is a ReLU after the last layer, too.", _UP),
        Mistake("ReLU of the inputs", "the inputs themselves go through a ReLU.", _UP),
        Mistake("bias forgotten", "the bias is missing on the way up.", _UP),
        Mistake(
            "what is before the ReLU",
            "rules are given what is before the ReLU.",
            "A rule is given what its layer received: after the ReLU.",
        ),
        Mistake(
            "cut off by the ReLU",
            "relevance is cut off where a ReLU is off; it passes a ReLU unchanged.",
            "That is how gradients go through a ReLU, not relevance.",
        ),
        Mistake("rules from the wrong end", "the rules are used from the wrong end.", _PAIRS),
        Mistake("first rule for all", "the first rule is used for all layers.", _PAIRS),
        Mistake("last rule for all", "the last rule is used for all layers.", _PAIRS),
        Mistake("all scores at the start", "all scores are handed down, not that of c.", _START),
        Mistake("one at the start", "relevance begins as one, not as the score.", _START),
        Mistake(
            "probability at the start",
            "relevance begins as a probability, not as the score.",
            _START,
        ),
        Mistake("class that is seen", "c is not used: the highest score is handed down.", _START),
        Mistake("class not used", "c is not used: this is always class 0.", _START),
        Mistake("sign turned", "the sign is turned."),
        Mistake("list reversed", "the list is in the wrong order.", _LIST),
        Mistake("output missing", "the relevance of the output is missing in the list.", _LIST),
        Mistake("input missing", "the relevance of the inputs is missing in the list.", _LIST),
        Mistake(
            "inputs only",
            "this is the relevance of the inputs alone; that of every layer is asked for.",
            _LIST,
        ),
        Mistake(
            "output missing, list reversed",
            "the list is in the wrong order, and the relevance of the output is missing.",
            _LIST,
        ),
        Mistake(
            "input missing, list reversed",
            "the list is in the wrong order, and the relevance of the inputs is missing.",
            _LIST,
        ),
        Mistake("output only", "this is the relevance of the output alone.", _LIST),
        Mistake("other shapes", "the relevances in the list have other shapes.", _LIST),
        Mistake("an empty list", "there is nothing in the list.", _LIST),
    )
}
