"""How a verdict is shown: a small coloured note in Jupyter, a line of text elsewhere.

The colours are Okabe and Ito's, which colour-blind readers tell apart; every state also has a sign
and words of its own.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Literal

State = Literal["passed", "wrong", "waiting"]
# Colour, sign in HTML, sign in plain text.
_LOOK: dict[State, tuple[str, str, str]] = {
    "passed": ("#0072B2", "✓", "[passed]"),
    "wrong": ("#D55E00", "✗", "[not right yet]"),
    "waiting": ("#808080", "○", "[waiting]"),
}


@dataclass(frozen=True)
class Verdict:
    """One short answer to a student.

    Attributes:
        state: "passed", "wrong" or "waiting" (not attempted, or waiting for another blank).
        title: of the question.
        message: the verdict in words.
        hint: where to look next; may be empty.
    """

    state: State
    title: str
    message: str
    hint: str = ""

    def text(self) -> str:
        """As plain text, a second line for the hint."""
        line = f"{_LOOK[self.state][2]} {self.title}: {self.message}"
        return f"{line}\n    Hint: {self.hint}" if self.hint else line

    def html(self) -> str:
        """As HTML that reads well on light and dark pages."""
        colour, sign, _ = _LOOK[self.state]
        hint = f"<br><em>Hint:</em> {_escaped(self.hint)}" if self.hint else ""
        return (
            f'<div role="status" style="border-left:4px solid {colour};padding:2px 10px;'
            f'margin:2px 0"><span style="color:{colour};font-weight:bold">{sign}</span> '
            f"<strong>{_escaped(self.title)}</strong>: {_escaped(self.message)}{hint}</div>"
        )

    def show(self) -> None:
        """Show it where the student works."""
        if not in_notebook():
            print(self.text())
            return
        from IPython.display import display

        display({"text/html": self.html(), "text/plain": self.text()}, raw=True)


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this code, so that HTML can be shown."""
    import sys

    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")
