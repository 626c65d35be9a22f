"""Asking for the two blanks of a hunt: evidence on an explainer, and verdicts on all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.inside.asks import Names, NotAttempted, blank, plain, replaced
from hwkit.checks.hunting import Hunt
from hwkit.images.digits import load_digits
from hwkit.network import in_batches

if TYPE_CHECKING:
    import keras

Explain = Callable[..., Any]


def evidence(
    function: Callable[..., Any], name: str, hunt: Hunt, gain: float, explain: Explain
) -> Any:
    """The student's two numbers on an explainer whose maps are given.

    Args:
        function: the student's.
        name: its name.
        hunt: says what the numbers are called.
        gain: what the maps should add up to, as the student's code knows it.
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


def verdicts(
    names: Names, name: str, given: Any, explainers: Mapping[str, Explain], find: Any
) -> Any:
    """The student's verdicts on the notebook's evidence, where it is there, and on given evidence.

    Who cannot read what is given (its form is the notebook's) may have evidence of another form:
    then it is made as the notebook makes it, which takes seconds.

    Args:
        names: the student's globals.
        name: of the blank.
        given: evidence in the notebook's form.
        explainers: the notebook's suspects.
        find: the student's function of an explainer, if there is one.
    """
    function = blank(names, name)
    answers: dict[str, Any] = {}
    trouble: Exception | None = None

    def attempt(kind: str, found: Any) -> None:
        nonlocal trouble
        try:
            with replaced(names, {"evidence": found}):
                answers[kind] = _verdicts(function(), name)
        except Exception as error:
            trouble = error

    if names.get("evidence") is not None:
        attempt("own", names["evidence"])
    attempt("given", given)
    unread = not answers and not isinstance(trouble, (NotAttempted, NotImplementedError))
    if unread and callable(find):
        attempt("own", {each: find(explain) for each, explain in explainers.items()})
    if trouble is not None and not answers:
        raise trouble
    return answers


def seen_digit(net: keras.Model, c: int) -> np.ndarray:
    """The first page of the test set that shows a digit and that the network sees right."""
    digits = load_digits()
    pages = digits.x_test[digits.y_test == c]
    return pages[np.flatnonzero(in_batches(net, pages).argmax(axis=1) == c)[0]]


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
