"""What the typical mistakes of a hunt are called, and how they are told."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.challenge import Mistake
from hwkit.checks.hunting import Hunt

_SIMILAR_HINT = "spearmanr(first, second).statistic compares the ranks of two lists of numbers."


@dataclass(frozen=True)
class Told:
    """What differs from hunt to hunt.

    Attributes:
        law: what the error is about: "completeness".
        error_hint: its formula.
        other_error: the mistake of adding up the map that is only to be compared with.
        two_sums: whose sums are compared where both maps are added up.
        two_maps: which two maps are to be compared.
        look: what the second number says that an explainer looks at.
        signed: whether maps are compared with their signs, not by size.
        own: mistakes that no other hunt knows.
    """

    law: str
    error_hint: str
    other_error: Mistake
    two_sums: str
    two_maps: str
    look: str
    signed: bool = False
    own: tuple[Mistake, ...] = ()


def mistakes(hunt: Hunt, asks: tuple[str, str], told: Told) -> tuple[Mistake, ...]:
    """The typical mistakes: about the error, the similarity, the form and the verdicts."""
    return (
        *_about_error(hunt, told),
        *_about_similarity(hunt, told),
        *_about_form(hunt, asks),
        *_about_verdicts(hunt, asks, told),
        *told.own,
    )


def _about_error(hunt: Hunt, told: Told) -> tuple[Mistake, ...]:
    parts, signed = hunt.parts, "the error has a sign; its size is asked for."
    messages = {
        "error not relative": f"the error is not divided by {hunt.relative_to}.",
        "sign of the error": signed,
        "sign of the error turned": signed,
        "relative to the sum": f"the error is divided by the sum of the {parts}, not by "
        f"{hunt.relative_to}.",
        "sum of absolute values": f"absolute {parts} are added up; {told.law} is about the "
        f"{parts}.",
        "ratio instead of error": "this is what is explained, not the error.",
        told.other_error.name: told.other_error.message,
        "difference of the two maps": f"the sums of {told.two_sums} {parts} are compared; the gain "
        "is asked for.",
        "mean instead of sum": f"the mean of the {parts} is taken.",
        "error squared": "the error is squared; its size is asked for.",
        "percentage": "this is a percentage; a share is asked for.",
    }
    return tuple(Mistake(name, message, told.error_hint) for name, message in messages.items())


def _about_similarity(hunt: Hunt, told: Told) -> tuple[Mistake, ...]:
    return (
        *_about_signs(hunt.parts, told.signed),
        Mistake("Pearson", "this is Pearson's correlation, not that of the ranks.", _SIMILAR_HINT),
        Mistake("Kendall", "this is Kendall's correlation, not Spearman's.", _SIMILAR_HINT),
        Mistake("p-value", "this is a p-value, not the correlation.", _SIMILAR_HINT),
        Mistake(
            "whole result", "this is the whole result of spearmanr: two numbers.", _SIMILAR_HINT
        ),
        Mistake("with itself", f"a map is compared with itself; {told.two_maps}."),
        Mistake(
            "one minus similarity", "this grows as the maps differ; a similarity does the opposite."
        ),
        Mistake("squared", "the correlation is squared.", _SIMILAR_HINT),
    )


def _about_signs(parts: str, signed: bool) -> tuple[Mistake, Mistake]:
    sizes = f"|{parts[:-1]}|"
    if signed:
        return (
            Mistake(
                "absolute value",
                f"{sizes} is compared; {parts} with their signs are asked for.",
                "An explanation that says for where another says against does not agree with it.",
            ),
            Mistake(
                "Pearson of absolute values",
                f"this is Pearson's correlation of {sizes}.",
                _SIMILAR_HINT,
            ),
        )
    return (
        Mistake(
            "no absolute value",
            f"the {parts} are compared with their signs; {sizes} is asked for.",
            _SIMILAR_HINT,
        ),
        Mistake(
            "Pearson, no absolute value",
            f"this is Pearson's correlation of {parts} with their signs.",
            _SIMILAR_HINT,
        ),
    )


def _about_form(hunt: Hunt, asks: tuple[str, str]) -> tuple[Mistake, ...]:
    keys = f"The two entries are called '{hunt.error}' and '{hunt.similarity}'."
    return (
        Mistake("numbers exchanged", "the two numbers are exchanged.", keys),
        Mistake("evidence is no dictionary", f"{asks[0]} should return a dictionary.", keys),
        Mistake("evidence lacks an entry", "the evidence lacks one of its two entries.", keys),
        Mistake("verdicts are no dictionary", f"{asks[1]} should return a dictionary."),
    )


def _about_verdicts(hunt: Hunt, asks: tuple[str, str], told: Told) -> tuple[Mistake, ...]:
    hint = f"Which number says that it adds up, and which that it looks at {told.look}?"
    first, second, third = hunt.verdicts
    return (
        Mistake(
            "verdicts on other suspects",
            f"{asks[1]} should have an entry for each of A, B and C, and no other.",
        ),
        Mistake("no such verdict", f"a verdict is none of '{first}', '{second}' and '{third}'."),
        Mistake("one verdict for all", "all suspects get the same verdict.", hint),
        Mistake("two verdicts alike", "two suspects get the same verdict.", hint),
        Mistake("verdicts exchanged", "verdicts are exchanged.", hint),
        Mistake("every verdict exchanged", "no verdict is right.", hint),
    )
