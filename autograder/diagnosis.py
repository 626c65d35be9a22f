"""From answers to a verdict in the student's words: points by aspect, and the mistake's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.challenge import Case, Challenge, Mistake, Response
from autograder.comparing import Misread, agrees, numbers
from autograder.results import AspectResult, QuestionResult, Status

# From so many numbers on, an answer does not equal a wrong one by chance.
_TELLING = 3
GENERAL: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("not numbers", "the answer is no array of numbers."),
        Mistake("NaN or infinity", "the answer contains NaN or infinity."),
        Mistake("another shape", "the answer has another shape."),
        Mistake("not right", "the answer is not right."),
    )
}
_SHAPE_HINT = "Print the shape of what you return for a small array."


@dataclass(frozen=True)
class Outcome:
    """What became of one case.

    Attributes:
        case: the case.
        response: what came back, checked.
        found: the answer as it is compared; ``None`` if there is none that can be.
        misread: why not, if it was an answer.
        right: whether it is right.
    """

    case: Case
    response: Response
    found: np.ndarray | None = None
    misread: Misread | None = None
    right: bool = False


def outcome_of(case: Case, response: Response) -> Outcome:
    """Read and compare a response that has been checked."""
    if response.kind != "answer":
        return Outcome(case, response)
    try:
        found = (case.read or numbers)(response.value)
    except Misread as misread:
        return Outcome(case, response, misread=misread)
    return Outcome(case, response, found, right=agrees(found, case.expected, case.tolerance))


def verdict(challenge: Challenge, outcomes: Sequence[Outcome]) -> QuestionResult:
    """The points of a question, and why.

    Args:
        challenge: the question.
        outcomes: of all its cases.
    """
    aspects, failing = [], ""
    for name, most in challenge.aspects.items():
        right = all(each.right for each in outcomes if each.case.aspect == name)
        aspects.append(AspectResult(name, most if right else 0.0, most))
        failing = failing or ("" if right else name)
    points, most = sum(each.points for each in aspects), sum(challenge.aspects.values())
    mistake, name = (
        _explanation(challenge, outcomes, failing) if failing else (Mistake("", "right."), "")
    )
    return QuestionResult(
        question=challenge.question,
        title=challenge.title,
        cell="test-" + challenge.question.replace("_", "-"),
        points=points,
        max_points=most,
        status=_status(outcomes, points, most),
        message=mistake.message,
        hint=mistake.hint,
        mistake=name,
        aspects=tuple(aspects),
    )


def _status(outcomes: Sequence[Outcome], points: float, most: float) -> Status:
    if points == most:
        return "passed"
    if points > 0:
        return "partly"
    kinds = [each.response.kind for each in outcomes if not each.right]
    if "stopped" in kinds:
        return "stopped"
    if all(kind == "missing" for kind in kinds):
        return "missing"
    return "failed" if kinds[0] == "raised" else "wrong"


def _explanation(
    challenge: Challenge, outcomes: Sequence[Outcome], aspect: str
) -> tuple[Mistake, str]:
    """Why the aspect is wrong, in words, and the name of the mistake."""
    wrong = [each for each in outcomes if each.case.aspect == aspect and not each.right]
    first = wrong[0]
    where = f" ({aspect})"
    if first.response.kind == "missing":
        return Mistake("", "not attempted: the blank is still empty."), ""
    if first.response.kind != "answer":
        return Mistake("", _not_answered(first.response) + where), ""
    name = _typical(outcomes, wrong)
    if not name and first.misread is not None:
        name = first.misread.mistake
    if name:
        mistake = challenge.mistakes.get(name) or GENERAL[name]
        detail = first.misread.detail if first.misread is not None else ""
        told = f"{mistake.message} Received: {detail}." if detail else mistake.message
        return Mistake(name, told, mistake.hint), name
    return _untypical(first, where)


def _not_answered(response: Response) -> str:
    said = response.detail
    if response.kind == "raised":
        return f"your code stopped with an error: {said}" if said else "your code raised an error"
    if response.kind == "stopped":
        return f"your code was stopped: {said}" if said else "your code was stopped"
    return f"what came back is no answer: {said}" if said else "what came back is no answer"


def _typical(outcomes: Sequence[Outcome], wrong: Sequence[Outcome]) -> str:
    """Name of the mistake that explains all answers; else the wrong ones; else the first."""
    first = wrong[0]
    candidates = [first.misread.mistake] if first.misread is not None else list(first.case.wrong())
    answered = [each for each in outcomes if each.response.kind == "answer"]
    for considered in (answered, wrong, wrong[:1]):
        for name in candidates:
            if _telling(considered) and all(_explains(name, each) for each in considered):
                return name
    return ""


def _telling(considered: Sequence[Outcome]) -> bool:
    sizes = [each.case.expected.size for each in considered if each.case.tolerance is not None]
    return len(considered) > 1 or max(sizes, default=0) >= _TELLING


def _explains(name: str, outcome: Outcome) -> bool:
    if outcome.found is None:
        return outcome.misread is not None and outcome.misread.mistake == name
    predicted = outcome.case.wrong().get(name)
    if predicted is None:
        return outcome.right
    return agrees(outcome.found, predicted, outcome.case.tolerance)


def _untypical(first: Outcome, where: str) -> tuple[Mistake, str]:
    found, expected = first.found, first.case.expected
    if found is None:
        return GENERAL["not numbers"], "not numbers"
    if found.shape != expected.shape:
        told = f"the answer has shape {found.shape}, expected {expected.shape}{where}."
        return Mistake("another shape", told, _SHAPE_HINT), "another shape"
    as_expected = np.isnan(found) & np.isnan(expected)
    if not (np.isfinite(found) | as_expected).all():
        return Mistake("", f"the answer contains NaN or infinity{where}."), "NaN or infinity"
    return Mistake("", f"the answer is not right{where}."), "not right"
