"""The study of what stays with the important pixels, on a network whose truth is plain."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest

from hwkit.attribution.superpixels import blocks
from hwkit.evaluation import kept_findings
from hwkit.evaluation.kept_study import FRACTIONS, RANDOM, Subject, measure
from hwkit.images.bounds import SIGNED
from hwkit.network import in_batches

SIDE = 8


def corner_network() -> keras.Model:
    """Says class 1 where the upper left quarter of a page is inked, else class 0."""
    entry = keras.Input((SIDE, SIDE, 1))
    flat = keras.layers.Flatten()(entry)
    model = keras.Model(entry, keras.layers.Dense(2, name="score")(flat))
    weights = np.zeros((SIDE, SIDE, 2), np.float32)
    weights[:4, :4, 1] = 1
    model.set_weights([weights.reshape(-1, 2), np.array([0, 0], np.float32)])
    return model


@pytest.fixture(scope="module")
def subject() -> Subject:
    rng = np.random.default_rng(0)
    labels = np.arange(24) % 2
    pictures = rng.uniform(-1, -0.8, (24, SIDE, SIDE, 1)).astype(np.float32)
    pictures[:, 4:, 4:] = 1  # ink that does not matter
    pictures[labels == 1, :4, :4] = 0.9
    model = corner_network()

    def predict(x: np.ndarray) -> np.ndarray:
        return in_batches(model, x)

    return Subject(
        "corner",
        predict,
        model,
        pictures,
        labels,
        blocks(2),
        -1.0,
        SIGNED,
        ("ink", lambda x: x[..., 0]),
    )


@pytest.fixture(scope="module")
def maps(subject, tmp_path_factory) -> dict[str, np.ndarray]:
    return subject.maps(64, tmp_path_factory.mktemp("maps"))


def test_methods_find_the_corner_and_ink_does_not(subject, maps):
    inked = subject.labels == 1
    for method in ("LIME", "KernelSHAP", "LRP"):
        corner = maps[method][inked, :4, :4].sum((1, 2))
        assert (corner > np.abs(maps[method][inked, 4:, 4:]).sum((1, 2))).all(), method
    kept = measure(subject, maps)["kept"]["nothing"]
    at_quarter = FRACTIONS.index(0.2)
    right = {method: kept[method]["accuracy"][at_quarter][0] for method in maps}
    assert right["LIME"] == right["KernelSHAP"] == right["LRP"] == 1
    assert right["ink"] == 0.5 < 1  # keeps ink that says nothing, so all pages look like class 0


def test_numbers_are_accuracies_with_intervals_around_them(subject, maps):
    found = measure(subject, maps)
    assert found["accuracy"][0] == 1
    assert found["pictures"] == 24
    assert set(found["kept"]) == set(subject.fills())
    for rows in found["kept"].values():
        assert rows[RANDOM]["gain"] == [0, 0, 0]
        for row in rows.values():
            assert row["accuracy"][-1][0] == 1, "all is kept"
            for estimate, low, high in [*row["accuracy"], row["area"], row["gain"]]:
                assert low <= estimate <= high


def test_a_killed_study_asks_only_for_what_is_missing(subject, tmp_path):
    class KilledError(Exception):
        pass

    asked: list[int] = []

    def once(x: np.ndarray) -> np.ndarray:
        asked.append(len(x))
        return subject.predict(x)

    def dies(x: np.ndarray) -> np.ndarray:
        raise KilledError

    own = {**vars(subject), "predict": once}
    first = Subject(**own).maps(16, tmp_path)
    total = sum(asked)
    asked.clear()
    again = Subject(**own).maps(16, tmp_path)
    assert total > 2 * 24 * 16 > sum(asked), "maps are read from their files"
    np.testing.assert_array_equal(again["LIME"], first["LIME"])
    with pytest.raises(KilledError):
        Subject(**{**own, "predict": dies}).maps(17, tmp_path)
    assert not list(tmp_path.rglob("*.part"))


def test_the_page_puts_the_report_beside(subject, maps):
    found = measure(subject, maps)
    text = kept_findings.page({"mnist": found, "mnist-bayesian": found})
    assert "| the report | 57 | 98.2 | 61 |" in text
    assert "| the report, LIME | 54.1 | 54.5 | 55.2 | 62.35 | 67.2 |" in text
    row = next(line for line in text.splitlines() if line.startswith("| here, ink |"))
    assert row.split(" | ")[2].startswith("50.0 ("), row


def test_the_command_measures_and_writes_the_page(tmp_path, capsys):
    arguments = ["digits", "--pictures", "3", "--samples", "100", "--folder", str(tmp_path)]
    kept_findings.main(arguments)
    assert "## digits" in capsys.readouterr().out
    assert json.loads((tmp_path / "digits.json").read_text())["pictures"] == 3
    page = tmp_path / "page.md"
    kept_findings.main(["--page", str(page), "--folder", str(tmp_path)])
    assert "3 pictures" in page.read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "--page"),
        (["mnist"], "python -m hwkit.networks.train mnist"),
        (["--page", "x.md", "--folder", "nowhere"], "Measure first"),
    ],
)
def test_wrong_calls_say_what_to_do(arguments, told, capsys):
    with pytest.raises(SystemExit):
        kept_findings.main(arguments)
    assert told in capsys.readouterr().err
