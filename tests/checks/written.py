"""What tests of written-down numbers share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from hwkit.checks.table_parts import PartsExample
from hwkit.checks.tables import Example, read

Formula = Callable[..., Any]
Blocks = dict[str, dict[str, np.ndarray]]


def computed(
    examples: Sequence[Example | PartsExample],
    right: Formula,
    mistakes: Mapping[str, Formula],
    *,
    undefined: bool = False,
) -> Blocks:
    """What a table must hold: by the label of a block and the name of a line, flat numbers.

    Mistakes that change nothing, or lead to infinity, have no line; nor have those that lead to
    NaN, unless ``undefined`` says that NaN may be right.
    """
    bad = np.isinf if undefined else lambda values: ~np.isfinite(values)
    found: Blocks = {}
    for example in examples:
        expected = _blocks(right, example)
        for label, values in expected.items():
            assert not bad(values).any()
            found[label] = {"right": values}
        for name, formula in mistakes.items():
            with np.errstate(all="ignore"):
                wrong = _blocks(formula, example)
            for label, values in wrong.items():
                if not bad(values).any() and not _same(values, expected[label]):
                    found[label][name] = values
    return found


def assert_written(module: Any, found: Mapping[str, Mapping[str, np.ndarray]]) -> None:
    """A check's table holds what was found, and no mistake is near what is right."""
    written = read(module.TABLE)
    assert {label: set(block) for label, block in written.items()} == {
        label: set(block) for label, block in found.items()
    }
    assert {"right", *module.SENTENCES} == {name for block in found.values() for name in block}
    for label, block in written.items():
        size = _size(block["right"])
        for name, values in block.items():
            np.testing.assert_allclose(
                values, found[label][name], rtol=1e-5, atol=1e-5 * size, err_msg=f"{label}: {name}"
            )
            # Far beyond the check's tolerance of 2e-4.
            apart = np.abs(values - block["right"])
            elsewhere = (np.isnan(values) != np.isnan(block["right"])).any()
            assert name == "right" or elsewhere or np.nanmax(apart) > 0.01 * size, name


def _blocks(formula: Formula, example: Example | PartsExample) -> dict[str, np.ndarray]:
    """Flat numbers by the labels of blocks; an example has one, or one for each part."""
    answer = formula(*(_exact(each) for each in example.arguments))
    if isinstance(example, Example):
        return {example.label: np.broadcast_to(answer, example.shape).ravel()}
    return {
        example.block(part): np.broadcast_to(value, shape).ravel()
        for (part, shape), value in zip(example.shapes.items(), answer, strict=True)
    }


def _exact(value: Any) -> Any:
    """float32 as float64, everything else as it is."""
    return np.float64(value) if getattr(value, "dtype", None) == np.float32 else value


def _same(values: np.ndarray, expected: np.ndarray) -> bool:
    return np.allclose(values, expected, 1e-9, 1e-9 * min(_size(expected), 1.0), equal_nan=True)


def _size(values: np.ndarray) -> float:
    """The largest size of these numbers; 0 where none is defined."""
    return float(np.abs(values[np.isfinite(values)]).max(initial=0))
