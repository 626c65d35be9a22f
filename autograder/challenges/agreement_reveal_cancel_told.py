"""What typical mistakes in ``reveal_cancel`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_ORDERS = "Two players, two orders: what each brings when it comes first, and when it comes second."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("shares exchanged", "the shares are exchanged.", "That of plus comes first."),
        Mistake(
            "rescale",
            "this is the rescale rule: both get the same multiplier.",
            _ORDERS,
        ),
        Mistake("by size", "the whole change is shared out by size.", _ORDERS),
        Mistake("only as the first", "this is what each brings when it comes first.", _ORDERS),
        Mistake("only as the second", "this is what each brings when it comes second.", _ORDERS),
        Mistake("plus always first", "plus always comes first.", _ORDERS),
        Mistake("minus always first", "minus always comes first.", _ORDERS),
        Mistake("half of the whole", "both get a half of the whole change.", _ORDERS),
        Mistake("not halved", "the two orders are added up; their mean is asked for."),
        Mistake("multipliers", "these are multipliers; the shares themselves are asked for."),
        Mistake("r not used", "r is not used: the activation's input does not start at 0."),
        Mistake("f(r) forgotten", "f(r) is not subtracted.", _ORDERS),
        Mistake("f not used", "f is not used: plus and minus themselves come back."),
        Mistake("always a ReLU", "f is not used: this is always a ReLU."),
        Mistake("share of plus twice", "the share of plus comes back for minus as well.", _ORDERS),
        Mistake("share of minus turned", "the sign of the share of minus is turned."),
        Mistake(
            "minus subtracted",
            "minus is subtracted; it is negative already.",
            "Add it to what the activation receives.",
        ),
        Mistake(
            "rest without f(r)",
            "the share of minus is what comes out at the end less the share of plus.",
            "What comes out of r belongs to neither.",
        ),
        Mistake("no pair", "two arrays are asked for: the shares of plus and of minus."),
    )
}
