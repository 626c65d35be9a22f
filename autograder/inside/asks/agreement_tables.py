"""Asking functions of "agreement" about ranks, their correlations, and the network that opposes."""

from __future__ import annotations

from typing import Any

from autograder.inside.asks import Ask, Names, Reference, blank, heard, plain, several


def ranks(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's ranks, and what has become of what was given."""
    found = plain(blank(names, "ranks")(inputs["values"]), "ranks")
    return {**inputs, "ranks": found}


def spearman(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's correlations, and what was warned of meanwhile."""
    answer, warned = heard(blank(names, "spearman"), inputs["a"], inputs["b"])
    return {"correlations": plain(answer, "spearman"), "warned": warned}


def agreement(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's three tables, or what came instead; and what was warned of meanwhile."""
    name = "agreement"
    answer, warned = heard(blank(names, name), inputs["maps"])
    return {"tables": several(answer, ("mean", "deviation", "counted"), name), "warned": warned}


def opposed(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The picture and the network that the student constructed, or what came instead."""
    return several(blank(names, "opposed")(), ("x", "W", "b", "v"), "opposed")


ASKS: dict[str, Ask] = {each.__name__: each for each in (ranks, spearman, agreement, opposed)}
