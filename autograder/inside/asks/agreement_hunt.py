"""Asking functions of the hunt of "agreement"; networks, pages and gains are the notebook's."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, Reference, blank, hunting, replaced
from hwkit import networks
from hwkit.checks.agreement_hunt import AGREEMENT_HUNT
from hwkit.evaluation.agreement_suspects import agreement_suspects, seen_digits
from hwkit.network import in_batches

SUPPLIED = ("c", "control", "evidence", "gain", "ink", "x")
BLANKS = ("agreement_evidence_on", "my_agreement_verdicts")
_CLASS = 1


def agreement_evidence_on(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's two numbers on an explainer whose maps are given.

    Each map is scaled to the gain of its page, so that its completeness error is known. What the
    notebook calls ``x`` or ``c`` in other cells does not matter, nor whether pages are explained
    together or one by one; another class gets maps of the opposite sign.
    """
    function = blank(names, BLANKS[0])
    shown = _shown()
    gain = shown["gain"].reshape(-1, 1, 1, 1)

    def explain(net: Any, x: Any, c: Any) -> np.ndarray:
        maps = inputs["here" if hunting.is_copy(net, shown["net"]) else "there"] * gain
        return _of_pages(maps if int(c) == _CLASS else -maps, np.asarray(x))

    with replaced(names, shown):
        return hunting.evidence(function, BLANKS[0], AGREEMENT_HUNT, shown["gain"], explain)


def _of_pages(maps: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The maps of the pages that are asked for: ``(n, h, w, 1)``, or one."""
    pages = _shown()["x"]
    batch = asked[np.newaxis] if asked.ndim == pages.ndim - 1 else asked
    if batch.ndim != pages.ndim or batch.shape[1:] != pages.shape[1:]:
        raise ValueError(f"Expected pages (n, 28, 28, 1) of x. Received: shape {asked.shape}.")
    apart = np.abs(batch[:, np.newaxis] - pages).max(axis=(2, 3, 4))
    if (apart.min(axis=1) > 1e-4).any():
        raise ValueError("Expected pages of x. Received: others. Explain x as it is.")
    found = maps[apart.argmin(axis=1)]
    return found if batch is asked else found[0]


@cache
def _shown() -> dict[str, Any]:
    """Networks, pages, class, ink and gains as the notebook's cell makes them."""
    net = networks.load("zero-one")
    x = seen_digits(net)
    scores = in_batches(net, np.concatenate([x, np.zeros_like(x[:1])]))[:, _CLASS]
    return {
        "net": net,
        "control": networks.load("zero-one-control"),
        "x": x,
        "c": _CLASS,
        "ink": x[..., 0] > 0,
        "gain": (scores[:-1] - scores[-1]).astype(np.float64),
    }


ASKS: dict[str, Ask] = {
    BLANKS[0]: agreement_evidence_on,
    BLANKS[1]: hunting.verdicts_ask(BLANKS, agreement_suspects, lambda names: _shown()),
}
