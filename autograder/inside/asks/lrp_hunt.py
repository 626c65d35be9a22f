"""Asking functions of the hunt of "lrp"; pictures, class and gain are those of the notebook."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, Reference, blank, hunting, replaced
from hwkit import networks
from hwkit.checks.class_hunt import CLASS_HUNT
from hwkit.evaluation.digit_suspects import digit_suspects
from hwkit.evaluation.line_up import gains
from hwkit.images.digits import LOW

SUPPLIED = ("c", "evidence", "gain", "rival", "x")
BLANKS = ("class_evidence_on", "my_class_verdicts")
_CLASS, _RIVAL = 3, 8


def class_evidence_on(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's two numbers on an explainer whose maps are given.

    The map is scaled to the gain in the score, so that its conservation error is known. What the
    notebook calls ``x`` or ``c`` in other cells does not matter.
    """
    function = blank(names, BLANKS[0])
    shown = _shown()
    gain = shown["gain"]

    def explain(model: Any, instance: Any, c: Any) -> np.ndarray:
        return np.array(inputs["here" if int(c) == _CLASS else "there"] * gain)

    with replaced(names, shown):
        return hunting.evidence(function, BLANKS[0], CLASS_HUNT, gain, explain)


@cache
def _shown() -> dict[str, Any]:
    """Network, picture, classes and gain as the notebook's cell makes them."""
    net = networks.load("digits")
    x = hunting.seen_digit(net, _CLASS)
    gain = float(gains(net, np.full_like(x, LOW), x)[_CLASS])
    return {"net": net, "x": x, "c": _CLASS, "rival": _RIVAL, "gain": gain}


ASKS: dict[str, Ask] = {
    BLANKS[0]: class_evidence_on,
    BLANKS[1]: hunting.verdicts_ask(BLANKS, digit_suspects, lambda names: _shown()),
}
