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
BLANKS = ("surrogate_evidence_on", "my_surrogate_verdicts")
_CLASS = 3


def surrogate_evidence_on(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's two numbers on an explainer whose values are given.

    The values are scaled to the gain in the score, so that their efficiency error is known. What
    the notebook calls ``x`` or ``c`` in other cells does not matter.
    """
    function = blank(names, BLANKS[0])
    shown = _shown()
    gain = shown["gain"]

    def explain(model: Any, instance: Any, c: Any, segments: Any) -> np.ndarray:
        trained = hunting.is_copy(model, shown["net"])
        return inputs["here" if trained else "there"].astype(np.float64) * gain

    with replaced(names, shown):
        return hunting.evidence(function, BLANKS[0], SURROGATE_HUNT, gain, explain)


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
    BLANKS[0]: surrogate_evidence_on,
    BLANKS[1]: hunting.verdicts_ask(BLANKS, surrogate_suspects, lambda names: _shown()),
}
