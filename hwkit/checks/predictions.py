"""Predictions that a student makes before a result is shown, and what was found then."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Prediction:
    """One quantity that is guessed and then measured.

    Attributes:
        guess: what was predicted; ``None`` while nothing valid was.
        found: what was measured; ``None`` until it is shown.
        unit: such as "%"; may be empty.
        late: whether the guess was made after the result had been shown.
    """

    guess: float | None = None
    found: float | None = None
    unit: str = ""
    late: bool = False


class Predictions:
    """All predictions of one notebook, in the order in which they were made."""

    def __init__(self) -> None:
        self._by_name: dict[str, Prediction] = {}

    def reset(self) -> None:
        """Forget everything."""
        self._by_name.clear()

    def predict(self, name: str, guess: Any, low: float, high: float, unit: str) -> str:
        """Record a guess; what to tell the student about it.

        A guess made before the result stays when the cell runs again after the result.
        """
        entry = self._by_name.setdefault(name, Prediction())
        entry.unit = unit
        if guess is None or guess is Ellipsis:
            if entry.found is None:
                entry.guess = None
            return f"no prediction recorded for '{name}'. Write one into the cell above and run it."
        if not _is_number(guess):
            return (
                f"no prediction recorded for '{name}': expected one number from {low:g} to "
                f"{high:g}, received {guess!r}."
            )
        value = float(guess)
        if not low <= value <= high:
            return (
                f"no prediction recorded for '{name}': {value:g} lies outside {low:g} to {high:g}"
                f"{_with_unit(unit)}."
            )
        if entry.found is not None and entry.guess is not None and not entry.late:
            return (
                f"the result for '{name}' has been shown already: your prediction of "
                f"{_shown(entry.guess, unit)} stays."
            )
        entry.late = entry.found is not None
        entry.guess = value
        after = " (after the result was shown)" if entry.late else ""
        return f"recorded{after}: '{name}' will be {_shown(value, unit)}."

    def confront(self, name: str, found: Any) -> str:
        """Record what was found; prediction and finding in words.

        Raises:
            TypeError: ``found`` is not one number.
        """
        if not _is_number(found):
            raise TypeError(f"Expected one number for what was found. Received: {found!r}.")
        entry = self._by_name.setdefault(name, Prediction())
        entry.found = float(found)
        result = _shown(entry.found, entry.unit)
        if entry.guess is None:
            return f"'{name}': found {result}; no prediction was recorded."
        late = " (made after the result)" if entry.late else ""
        return (
            f"'{name}': predicted {_shown(entry.guess, entry.unit)}{late}, found {result}; "
            f"difference {entry.found - entry.guess:+.3g}."
        )

    def table(self) -> pd.DataFrame:
        """Columns name, predicted, found, difference (found - predicted); NaN where it is open."""
        import pandas as pd

        rows = []
        for name, entry in self._by_name.items():
            guess = math.nan if entry.guess is None else entry.guess
            found = math.nan if entry.found is None else entry.found
            rows.append((name, guess, found, found - guess))
        columns = ["name", "predicted", "found", "difference"]
        kinds = dict.fromkeys(columns[1:], float)
        return pd.DataFrame(rows, columns=columns).astype(kinds)


def _is_number(value: Any) -> bool:
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        value = value.item()
    return (
        isinstance(value, numbers.Real)
        and not isinstance(value, bool)
        and math.isfinite(float(value))
    )


def _shown(value: float, unit: str) -> str:
    return f"{value:.3g}{_with_unit(unit)}"


def _with_unit(unit: str) -> str:
    return "" if not unit else unit if unit == "%" else f" {unit}"
