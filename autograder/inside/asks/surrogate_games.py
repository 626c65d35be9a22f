"""Asking functions of "surrogates" about pictures with hidden superpixels, games and fits."""

from __future__ import annotations

from typing import Any

from autograder.inside.asks import Ask, Names, Reference, blank, plain


def masked(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's pictures, and what has become of what was given."""
    function = blank(names, "masked")
    given = [inputs[key] for key in ("picture", "segments", "Z", "fill")]
    return {**inputs, "pictures": plain(function(*given), "masked")}


ASKS: dict[str, Ask] = {each.__name__: each for each in (masked,)}
