"""What typical mistakes in ``deeplift`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_UP = "Up: z = layer.forward(a, layer.w) + layer.b, and a ReLU after every layer but the last."
_TWICE = "Picture and reference go up the same way; keep what each ReLU receives from both."
_START = "The signal starts as 1 at output c and 0 elsewhere."
_RELUS = "At every ReLU between two layers, the signal is multiplied by the ReLU's multiplier."
_END = "The attributions are (x - r) times the multipliers of the inputs."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("score at the start", "the signal starts as the score, not as 1.", _START),
        Mistake("all classes at the start", "the signal starts as 1 for all classes.", _START),
        Mistake("all scores at the start", "the signal starts as the scores.", _START),
        Mistake("class that is seen", "c is not used: the highest score is asked.", _START),
        Mistake("class not used", "c is not used: this is always class 0.", _START),
        Mistake(
            "gain at the start",
            "the signal starts as the gain of the score, not as 1.",
            _START,
        ),
        Mistake("reference is zero", "r is not used: the reference is always 0.", _TWICE),
        Mistake("multiplied by x", "the multipliers are multiplied by x.", _END),
        Mistake("multipliers", "these are the multipliers of the inputs.", _END),
        Mistake("sign turned", "the sign is turned.", _END),
        Mistake("absolute value", "an absolute value is taken: attributions have a sign."),
        Mistake(
            "slope at x",
            "ReLUs hand down their slope at x, as for the gradient.",
            _RELUS,
        ),
        Mistake("slope at r", "ReLUs hand down their slope at the reference.", _RELUS),
        Mistake("no ReLU on the way down", "the signal passes no ReLU on its way down.", _RELUS),
        Mistake("gradient times x", "this is gradient times x: r is not used.", _RELUS),
        Mistake(
            "ReLU behind the last layer",
            "there is a ReLU behind the last layer.",
            "The last layer has no ReLU: a score may be negative.",
        ),
        Mistake(
            "a multiplier at the inputs",
            "there is a ReLU in front of the first layer.",
            "The inputs themselves went through no ReLU.",
        ),
        Mistake(
            "what is behind the ReLUs",
            "multipliers are taken of what comes out of the ReLUs; they need what goes in.",
            _TWICE,
        ),
        Mistake("mean over instances", "the mean over the instances is taken."),
        Mistake("first instance for all", "all instances get what the first one gets."),
        Mistake("bias forgotten", "the bias is missing on the way up.", _UP),
        Mistake(
            "reference without bias",
            "the bias is missing on the reference's way up.",
            _TWICE,
        ),
        Mistake(
            "ReLU forgotten on the way up", "there is no ReLU between the layers going up.", _UP
        ),
        Mistake(
            "first reference for all",
            "all instances are compared with the first reference.",
            "r has one row for all, or one for each of them.",
        ),
        Mistake("first ReLU left out", "the ReLU behind the first layer is left out.", _RELUS),
        Mistake("last ReLU left out", "the ReLU before the last layer is left out.", _RELUS),
        Mistake(
            "ReLUs in the wrong order",
            "the multipliers are used in the wrong order.",
            "Going down, the last ReLU comes first.",
        ),
        Mistake(
            "divided by zero",
            "NaN comes out where x is as the reference: it is divided by zero.",
            "multiplier takes care of that.",
        ),
    )
}
