"""What tests of written-down numbers share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from hwkit.checks.lrp_tables import Example, read

Formula = Callable[..., Any]


def computed(
    examples: Sequence[Example], right: Formula, mistakes: Mapping[str, Formula]
) -> dict[str, dict[str, np.ndarray]]:
    """What a table must hold: by the label of a block and the name of a line, flat numbers.

    Mistakes that change nothing, or lead to NaN or infinity, have no line.
    """
    found: dict[str, dict[str, np.ndarray]] = {}
    for example in examples:
        expected = _flat(right, example)
        block = found[example.label] = {"right": expected}
        assert np.isfinite(expected).all()
        for name, formula in mistakes.items():
            with np.errstate(divide="ignore", invalid="ignore"):
                values = _flat(formula, example)
            if np.isfinite(values).all() and not np.allclose(values, expected, 1e-9, 1e-9):
                block[name] = values
    return found


def assert_written(module: Any, found: Mapping[str, Mapping[str, np.ndarray]]) -> None:
    """A check's table holds what was found, and no mistake is near what is right."""
    written = read(module.TABLE)
    assert {label: set(block) for label, block in written.items()} == {
        label: set(block) for label, block in found.items()
    }
    assert {"right", *module.SENTENCES} == {name for block in found.values() for name in block}
    for label, block in written.items():
        size = np.abs(block["right"]).max()
        for name, values in block.items():
            np.testing.assert_allclose(
                values, found[label][name], rtol=1e-5, atol=1e-5 * size, err_msg=f"{label}: {name}"
            )
            # Far beyond the check's tolerance of 2e-4.
            assert name == "right" or np.abs(values - block["right"]).max() > 0.01 * size, name


def _flat(formula: Formula, example: Example) -> np.ndarray:
    exact = [np.float64(x) if isinstance(x, np.ndarray) else x for x in example.arguments]
    return np.broadcast_to(formula(*exact), example.shape).ravel()
