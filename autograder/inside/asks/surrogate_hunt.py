"""Asking functions of the hunt of "surrogates"; networks, page and gain are the notebook's."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, Reference, blank, hunting, replaced
from hwkit import networks
from hwkit.attribution.superpixels import blocks
from hwkit.checks.surrogate_hunt import SURROGATE_HUNT
from hwkit.evaluation.line_up import gains
from hwkit.evaluation.randomisation import shuffled
from hwkit.evaluation.surrogate_suspects import hidden_page, surrogate_suspects

SUPPLIED = ("c", "evidence", "gain", "shuffled", "squares", "x")
_CLASS = 3


def surrogate_evidence_on(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's two numbers on an explainer whose values are given.

    The values are scaled to the gain in the score, so that their efficiency error is known. What
    the notebook calls ``x`` or ``c`` in other cells does not matter.
    """
    function = blank(names, "surrogate_evidence_on")
    shown = _shown()
    gain, weights = shown["gain"], shown["net"].get_weights()

    def explain(model: Any, instance: Any, c: Any, segments: Any) -> np.ndarray:
        trained = all(map(np.array_equal, model.get_weights(), weights))
        return inputs["here" if trained else "there"].astype(np.float64) * gain

    with replaced(names, shown):
        return hunting.evidence(function, "surrogate_evidence_on", SURROGATE_HUNT, gain, explain)


def my_surrogate_verdicts(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's verdicts on the notebook's evidence and on given evidence."""
    name, find = "my_surrogate_verdicts", names.get("surrogate_evidence_on")
    blank(names, name)
    with replaced(names, _shown()):
        return hunting.verdicts(names, name, inputs["evidence"], surrogate_suspects(), find)


@cache
def _shown() -> dict[str, Any]:
    """Networks, page, class, blocks and gain as the notebook's cell makes them."""
    net = networks.load("digits-lenet")
    x = hunting.seen_digit(net, _CLASS)
    gain = float(gains(net, hidden_page(x), x)[_CLASS])
    return {
        "net": net,
        "shuffled": shuffled(net, seed=0),
        "x": x,
        "c": _CLASS,
        "squares": blocks(4)(x),
        "gain": gain,
    }


ASKS: dict[str, Ask] = {
    each.__name__: each for each in (surrogate_evidence_on, my_surrogate_verdicts)
}
