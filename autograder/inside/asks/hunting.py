"""Asking for the two blanks of a hunt: evidence on an explainer, and verdicts on all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.inside.asks import (
    Ask,
    Names,
    NotAttempted,
    Reference,
    blank,
    plain,
    replaced,
)
from hwkit.checks.hunting import Hunt
from hwkit.images.digits import load_digits
from hwkit.network import in_batches

if TYPE_CHECKING:
    import keras

Explain = Callable[..., Any]


def evidence(
    function: Callable[..., Any],
    name: str,
    hunt: Hunt,
    gain: float | np.ndarray,
    explain: Explain,
) -> Any:
    """The student's two numbers on an explainer whose maps are given.

    Args:
        function: the student's.
        name: its name.
        hunt: says what the numbers are called.
        gain: what the maps should add up to, as the student's code knows it; of several pages
            ``(n,)``.
        explain: the explainer.
    """
    answer = _dictionary(function(explain), name)
    if "received" in answer:
        return answer
    return {
        "gain": gain,
        "keys": [str(key)[:80] for key in list(answer)[:8]],
        "error": plain(answer.get(hunt.error, "nothing"), name),
        "similarity": plain(answer.get(hunt.similarity, "nothing"), name),
    }


def verdicts_ask(
    blanks: tuple[str, str],
    suspects: Callable[[], Mapping[str, Explain]],
    shown: Callable[[Names], Mapping[str, Any]],
) -> Ask:
    """The asking function of a hunt's verdicts, on the notebook's evidence and on given evidence.

    Who cannot read what is given (its form is the notebook's) may have evidence of another form:
    then it is made as the notebook makes it, which takes seconds.

    Args:
        blanks: the student's functions of the evidence and of the verdicts.
        suspects: makes the notebook's suspects.
        shown: what the notebook's cell gives names to, from the student's globals.
    """
    evidence_on, name = blanks

    def ask(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
        function = blank(names, name)
        with replaced(names, shown(names)):
            return _all_verdicts(
                names,
                lambda: _verdicts(function(), name),
                inputs["evidence"],
                suspects,
                names.get(evidence_on),
            )

    return ask


def is_copy(model: keras.Model, net: keras.Model) -> bool:
    """Whether one network has the weights of the other, whatever the student calls it."""
    pair = model.get_weights(), net.get_weights()
    return len(pair[0]) == len(pair[1]) and all(map(np.array_equal, *pair))


def seen_digit(net: keras.Model, c: int) -> np.ndarray:
    """The first page of the test set that shows a digit and that the network sees right."""
    digits = load_digits()
    pages = digits.x_test[digits.y_test == c]
    return pages[np.flatnonzero(in_batches(net, pages).argmax(axis=1) == c)[0]]


def _all_verdicts(
    names: Names,
    read: Callable[[], dict[str, str]],
    given: Any,
    suspects: Callable[[], Mapping[str, Explain]],
    find: Any,
) -> dict[str, Any]:
    """The verdicts on the notebook's evidence, where it is there, and on given evidence.

    Args:
        names: the student's globals.
        read: has the student's function read the evidence among them.
        given: evidence in the notebook's form.
        suspects: makes the notebook's suspects.
        find: the student's function of the evidence, if there is one.
    """
    answers: dict[str, Any] = {}
    trouble: Exception | None = None

    def attempt(kind: str, evidence: Any) -> None:
        nonlocal trouble
        try:
            with replaced(names, {"evidence": evidence}):
                answers[kind] = read()
        except Exception as error:
            trouble = error

    if names.get("evidence") is not None:
        attempt("own", names["evidence"])
    attempt("given", given)
    unread = not answers and not isinstance(trouble, (NotAttempted, NotImplementedError))
    if unread and callable(find):
        attempt("own", {each: find(explain) for each, explain in suspects().items()})
    if trouble is not None and not answers:
        raise trouble
    return answers


def _verdicts(answer: Any, name: str) -> dict[str, str]:
    found = _dictionary(answer, name)
    return {str(suspect)[:80]: str(verdict)[:80] for suspect, verdict in list(found.items())[:8]}


def _dictionary(answer: Any, name: str) -> dict[Any, Any]:
    """An answer that is a dictionary, or a pandas Series."""
    if answer is None or answer is Ellipsis:
        raise NotAttempted(name)
    if hasattr(answer, "to_dict"):
        answer = answer.to_dict()
    return answer if isinstance(answer, dict) else {"received": type(answer).__name__}
