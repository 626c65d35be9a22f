"""What a student calls in a notebook: set up, check, predict, wait for a blank, keep results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hwkit.checks import find_question
from hwkit.checks.predictions import Predictions
from hwkit.checks.question import NotAttemptedError, WrongAnswerError
from hwkit.checks.setting_up import ASSIGNMENTS, require, versions
from hwkit.checks.verdict import Verdict
from hwkit.checks.waiting import Waiting, blank_title
from hwkit.result_cache import cached

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "cached",
    "check",
    "confront",
    "predict",
    "predictions_table",
    "reset_predictions",
    "setup",
    "waiting",
]

_SEED = 18739
_predictions = Predictions()


def setup(assignment: str = "influence", minimum: str = "0.1.0") -> None:
    """Print versions, check them, and seed the random numbers of Python, NumPy and TensorFlow.

    Args:
        assignment: its name.
        minimum: the oldest hwkit that the notebook works with.

    Raises:
        ValueError: unknown assignment. RuntimeError: a version is too old; the message says what
            to do.
    """
    if assignment not in ASSIGNMENTS:
        raise ValueError(
            f"Expected an assignment: {', '.join(ASSIGNMENTS)}. Received: {assignment!r}."
        )
    import keras

    found = versions()
    require(found, minimum, keras.backend.backend())
    keras.utils.set_random_seed(_SEED)
    print(", ".join(f"{name} {version}" for name, version in found.items()))
    print("Setup complete")


def check(question: str, *answers: Any) -> None:
    """Judge an answer and show one short verdict: never a traceback, never what would be right.

    Visible checks are for learning; hidden ones, on other inputs, decide the points.

    Args:
        question: its name, such as "path_point".
        answers: what the student wrote: usually the function or class itself.

    Raises:
        ValueError: no such question; all names are listed. TypeError: not as many answers as the
            question has.
    """
    asked = find_question(question)
    if len(answers) != len(asked.answers):
        raise TypeError(
            f"Expected check({question!r}, {', '.join(asked.answers)}). Received: {len(answers)} "
            "answers."
        )
    if any(answer is None or answer is Ellipsis for answer in answers):
        verdict = Verdict("waiting", asked.title, "not attempted yet.")
    else:
        verdict = _judged(asked.title, asked.check, answers)
    verdict.show()


def waiting() -> Waiting:
    """Context manager for a cell that uses blanks: says which blank it waits for.

    with waiting():
        explanation = Explanation(world.model, MyAumannShapley())

    A NotImplementedError from a blank, or a NameError for what an earlier cell should have made,
    becomes one line without a traceback; everything else passes through.
    """
    return Waiting()


def predict(name: str, guess: Any, *, low: float = 0.0, high: float = 1.0, unit: str = "") -> None:
    """Record what you expect before the result is shown.

    Args:
        name: of the quantity.
        guess: a number from ``low`` to ``high``, or ``None`` for none; anything else is told, and
            is no error.
        low: smallest possible value.
        high: largest possible value.
        unit: such as "%".
    """
    print(_sentence(_predictions.predict(name, guess, low, high, unit)))


def confront(name: str, found: Any) -> None:
    """Show what was found beside what was predicted.

    Raises:
        TypeError: ``found`` is not one number.
    """
    print(_sentence(_predictions.confront(name, found)))


def predictions_table() -> pd.DataFrame:
    """Columns name, predicted, found, difference (found - predicted); NaN where it is open."""
    return _predictions.table()


def reset_predictions() -> None:
    """Forget all predictions and findings."""
    _predictions.reset()


def _judged(title: str, check_answers: Any, answers: tuple[Any, ...]) -> Verdict:
    try:
        check_answers(*answers)
    except NotAttemptedError as reason:
        other = blank_title(str(reason))
        if other is not None and other != title:
            return Verdict("waiting", title, f"waits for the blank '{other}' ({reason}).")
        return Verdict("waiting", title, "not attempted yet.")
    except WrongAnswerError as wrong:
        return Verdict("wrong", title, wrong.message, wrong.hint)
    return Verdict("passed", title, "visible checks passed. Hidden ones follow when it is graded.")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
