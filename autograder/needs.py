"""What ``hwkit doctor`` says about grading: which box there is, and how to get one."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.box.choose import HOW, kinds
from hwkit.commands.doctor import Finding


def needs() -> Iterator[Finding]:
    """One finding: the box that submissions would be graded in."""
    found = kinds()
    works = next((kind for kind in found if kind.works), None)
    told = "; ".join(f"{kind.name}: {kind.reason or 'works'}" for kind in found)
    detail = f"{works.name} ({works.reason})" if works else f"none, so no grading ({told})"
    yield Finding("box for submissions", works is not None, detail, HOW, needed=False)
