"""What typical mistakes in ``guided_backprop`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_UP = "Up: z = layer.forward(a, layer.w) + layer.b, and a ReLU after every layer but the last."
_START = "The signal starts as 1 at output c and 0 elsewhere."
_RELUS = "Every ReLU between two layers hands back guided_relu(signal, what it received)."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("score at the start", "the signal starts as the score, not as 1.", _START),
        Mistake("all classes at the start", "the signal starts as 1 for all classes.", _START),
        Mistake("all scores at the start", "the signal starts as the scores.", _START),
        Mistake("class that is seen", "c is not used: the highest score is asked.", _START),
        Mistake("class not used", "c is not used: this is always class 0.", _START),
        Mistake(
            "gradient",
            "this is the gradient: negative signals pass the ReLUs.",
            _RELUS,
        ),
        Mistake(
            "only the sign of the signal",
            "signals pass ReLUs that were off: what these received is not looked at.",
            _RELUS,
        ),
        Mistake("no ReLU on the way down", "the signal passes no ReLU on its way down.", _RELUS),
        Mistake(
            "positive part of the gradient",
            "this is the positive part of the gradient: signals are cut off at the end only.",
            _RELUS,
        ),
        Mistake(
            "guided at the inputs",
            "there is a ReLU in front of the first layer.",
            "The inputs themselves went through no ReLU.",
        ),
        Mistake(
            "negative signals cut off at the inputs",
            "negative signals are cut off at the inputs.",
            "The inputs themselves went through no ReLU.",
        ),
        Mistake(
            "ReLU behind the last layer",
            "there is a ReLU behind the last layer: nothing comes back for negative scores.",
            "The last layer has no ReLU.",
        ),
        Mistake("multiplied by x", "the signal is multiplied by x; it is asked for as it is."),
        Mistake("sign turned", "the sign is turned."),
        Mistake("absolute value", "an absolute value is taken: what arrives has a sign."),
        Mistake("bias forgotten", "the bias is missing on the way up.", _UP),
        Mistake(
            "ReLU forgotten on the way up", "there is no ReLU between the layers going up.", _UP
        ),
        Mistake("ReLU of the inputs", "the inputs themselves go through a ReLU going up.", _UP),
        Mistake("mean over instances", "the mean over the instances is taken."),
        Mistake("first instance for all", "all instances get what the first one gets."),
        Mistake("first ReLU left out", "the ReLU behind the first layer is left out.", _RELUS),
        Mistake("last ReLU left out", "the ReLU before the last layer is left out.", _RELUS),
        Mistake(
            "ReLUs in the wrong order",
            "what the ReLUs received is used in the wrong order.",
            "Going down, the last ReLU comes first.",
        ),
    )
}
