"""Visible checks: what tells students, right below a blank, how they stand.

Expected values are closed forms on small hand-made networks and tables, never the package's own
reference answers: checks work in the student edition, and they give no answer away.
"""

from __future__ import annotations

from hwkit.checks.question import Question


def questions() -> dict[str, Question]:
    """Every question of every assignment, by name."""
    from hwkit.checks import agreement, influence, lrp, surrogates

    return {
        **influence.QUESTIONS,
        **lrp.QUESTIONS,
        **surrogates.QUESTIONS,
        **agreement.QUESTIONS,
    }


def find_question(name: str) -> Question:
    """The question of this name.

    Raises:
        ValueError: no such question; all names are listed.
    """
    known = questions()
    if name not in known:
        raise ValueError(f"Expected a question: {', '.join(known)}. Received: {name!r}.")
    return known[name]
