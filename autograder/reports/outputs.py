"""Outputs of a submitted notebook that may be shown: text and pictures, within a budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nbformat.v4 import new_output

from autograder.reports.pictures import reencoded_base64
from autograder.reports.plain import clean, table_text

PICTURES = 80  # of one notebook
PICTURE_TRIES = 160
PICTURE_CHARACTERS = 30_000_000  # base64, all together
TEXT_CHARACTERS = 400_000  # all together
OUTPUTS = 40  # of one cell


class Budget:
    """What one notebook may still show. Counts down; what is over it is named, not shown."""

    def __init__(self) -> None:
        self._pictures = PICTURES
        self._tries = PICTURE_TRIES
        self._characters = PICTURE_CHARACTERS
        self._text = TEXT_CHARACTERS

    def picture(self, data: Any) -> str | None:
        """A picture as fresh base64 PNG, or None where it cannot or may not be shown."""
        text = _text(data)
        if text is None or self._pictures <= 0 or self._tries <= 0:
            return None
        self._tries -= 1
        try:
            made = reencoded_base64(text)
        except ValueError:
            return None  # the caller says so in its place
        if len(made) > self._characters:
            return None
        self._pictures -= 1
        self._characters -= len(made)
        return made

    def text(self, data: Any) -> str:
        """Cleaned text, cut where the budget ends."""
        joined = _text(data)
        if joined is None:
            return ""
        made = clean(joined, min(20_000, max(self._text, 0)))
        self._text -= len(made)
        return made

    def attachments(self, attachments: Any) -> dict[str, str]:
        """Pictures pasted into a Markdown cell, under names of our own."""
        found: dict[str, str] = {}
        for bundle in attachments.values() if isinstance(attachments, dict) else ():
            for data in bundle.values() if isinstance(bundle, dict) else ():
                if (made := self.picture(data)) is not None:
                    found[f"picture-{len(found) + 1}.png"] = made
        return found


def _text(data: Any) -> str | None:
    """A string, or the list of strings that notebooks write for one."""
    if isinstance(data, list) and all(isinstance(each, str) for each in data):
        return "".join(data)
    return data if isinstance(data, str) else None


def harmless_outputs(outputs: Sequence[Any], budget: Budget) -> list[Any]:
    """The outputs of a cell as plain text and freshly encoded PNG pictures.

    HTML, JavaScript, SVG, LaTeX and widgets are left out; of HTML tables the text is kept.
    """
    made = []
    for output in list(outputs)[:OUTPUTS]:
        if isinstance(output, dict) and (kept := _harmless(output, budget)) is not None:
            made.append(kept)
    if len(outputs) > OUTPUTS:
        text = f"({len(outputs) - OUTPUTS} more outputs of this cell are not shown)\n"
        made.append(new_output("stream", name="stdout", text=text))
    return made


def _harmless(output: dict[str, Any], budget: Budget) -> Any | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=budget.text(output.get("text")))
    if kind == "error":
        lines = [output.get("ename"), output.get("evalue")]
        text = ": ".join(budget.text(each) for each in lines if isinstance(each, str))
        return new_output("stream", name="stderr", text=f"Error: {text}\n")
    if kind in ("display_data", "execute_result") and isinstance(output.get("data"), dict):
        return _display(output["data"], budget)
    return None


def _display(data: dict[str, Any], budget: Budget) -> Any | None:
    for kind in ("image/png", "image/jpeg", "image/gif", "image/webp"):
        if kind in data:
            if (picture := budget.picture(data[kind])) is not None:
                return new_output("display_data", data={"image/png": picture})
            return new_output("stream", name="stdout", text="(a picture that cannot be shown)\n")
    html = _text(data.get("text/html"))
    table = table_text(html) if html is not None else ""
    text = budget.text(table or data.get("text/plain"))
    return new_output("display_data", data={"text/plain": text}) if text.strip() else None
