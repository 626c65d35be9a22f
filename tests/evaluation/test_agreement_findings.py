"""The study of agreement: kept and found again, and a page of the numbers that were measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hwkit.evaluation.agreement_findings import main, page
from hwkit.evaluation.agreement_study import (
    METHODS,
    READINGS,
    VARIANTS,
    measure,
    network,
    pairs_over_seeds,
)
from hwkit.images.zero_one import load_zero_one


def made_up(value: float | None, deviation: float = 0.1) -> dict[str, Any]:
    """A network on which every two methods agree by the same number."""
    square = [[value] * len(METHODS)] * len(METHODS)
    reading = {
        "mean": square,
        "deviation": [[None if value is None else deviation] * len(METHODS)] * len(METHODS),
        "counted": [[9] * len(METHODS)] * len(METHODS),
        "classes": {"0": square, "1": square},
    }
    return {
        "pictures": 9,
        "accuracy": 0.5,
        "methods": list(METHODS),
        "readings": dict.fromkeys(READINGS, reading),
    }


def test_networks_and_their_pictures_have_a_spread_each():
    found = [made_up(0.2, 0.1), made_up(0.6, 0.3)]
    mean, between, pictures = pairs_over_seeds(found, "ink", "ig", "gbp")
    assert mean == pytest.approx(0.4) and pictures == pytest.approx(0.2)
    assert between == pytest.approx(0.4 / np.sqrt(2))


def test_a_network_on_which_nothing_can_be_compared_is_left_out():
    mean, between, _ = pairs_over_seeds([made_up(0.2), made_up(None)], "ink", "ig", "gbp")
    assert mean == pytest.approx(0.2) and np.isnan(between)
    assert np.isnan(pairs_over_seeds([made_up(None)], "ink", "ig", "gbp")).all()


def test_the_page_holds_what_was_measured():
    measured = {name: [made_up(0.25), made_up(0.35)] for name in VARIANTS}
    measured["max pooling"] = [made_up(0.75), made_up(0.75)]
    text = page(measured, "mnist")
    assert "2 networks" in text and "(50.00 to 50.00% right)" in text
    assert "| ig and lrp | " + " | ".join(["0.30 ± 0.10 (0.07)"] * 4) + " |" in text
    assert "0.75 (max pooling)" in " ".join(text.split())
    assert max(map(len, text.split("## The trained")[0].splitlines())) <= 110


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("agreement")


def test_numbers_and_networks_are_kept(folder, monkeypatch):
    data, variant = load_zero_one(), VARIANTS["untrained"]
    found = measure(variant, data, 3, 4, folder)
    assert found["pictures"] == 4 and list(found["readings"]) == list(READINGS)
    kept = next(folder.glob("*.json"))
    assert json.loads(kept.read_text()) == found
    again = network(variant, data, 3, folder)
    monkeypatch.setattr("hwkit.networks.zero_one.build", lambda **_: pytest.fail("made anew"))
    for one, other in zip(
        again.get_weights(), network(variant, data, 3, folder).get_weights(), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    kept.write_text(json.dumps({**found, "accuracy": 0.125}))
    assert measure(variant, data, 3, 4, folder)["accuracy"] == 0.125
    assert not list(folder.glob("*part*"))


def test_lrp_and_gradient_times_input_are_one_without_training_and_biases_at_zero(folder):
    found = measure(VARIANTS["untrained"], load_zero_one(), 3, 4, folder)
    assert pairs_over_seeds([found], "ink", "lrp", "gxi")[0] == pytest.approx(1, abs=1e-3)
    assert pairs_over_seeds([found], "ink", "deeplift", "gxi")[0] == pytest.approx(1, abs=1e-3)
    sizes = pairs_over_seeds([found], "all pixels, sizes", "ig", "random-x-input")[0]
    assert sizes > 0.9 > 0.7 > pairs_over_seeds([found], "ink, sizes", "ig", "random-x-input")[0]


@pytest.mark.parametrize("arguments", [["--seeds", "0"], ["--data", "fashion"]])
def test_arguments_out_of_range(arguments, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert "error" in capsys.readouterr().err
