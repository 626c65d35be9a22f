"""hwkit and the lime package on the same superpixels and coalitions: the same weights.

The fits are compared on given answers, for every way to choose superpixels; the whole explainers on
a picture whose network both sides compute in numpy.
"""

import os
import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from peer_bridge import exchange

from hwkit.attribution import superpixels
from hwkit.attribution.image_explanation import ImageExplanation
from hwkit.attribution.lime import LIME, default_width, local_fit, weighting_kernel
from hwkit.images.bounds import UNIT

SCRIPT = Path(__file__).with_name("peer_lime.py")
SELECTIONS = {  # by hwkit's names
    "auto": "auto",
    "forward": "forward_selection",
    "highest_weights": "highest_weights",
    "lasso_path": "lasso_path",
    "none": "none",
}
PLAYERS, SAMPLES, OUTPUTS = 16, 60, 3
COUNTS = (1, 4, 6, 7, 11, 16)
METRICS = ("cosine", "l2")
WHOLE = {  # of the explainer on a picture: hide_color, num_features, selection
    "mean": (None, 100_000, "auto"),
    "grey": (0.5, 5, "auto"),
    "few": (None, 8, "highest_weights"),
    "lasso": (0.0, 9, "lasso_path"),
}
MASKS = (
    {},
    {"num_features": 2, "hide_rest": True},
    {"positive_only": False, "negative_only": True, "num_features": 3},
    {"positive_only": False, "num_features": 6},
    {"positive_only": False, "num_features": 8, "hide_rest": True, "min_weight": 0.3},
    {"min_weight": 0.4},
)
SEED, DRAWN = 11, 200


def answers_to(Z: np.ndarray) -> np.ndarray:
    """A game with interactions, different for each output."""
    rng = np.random.default_rng(5)
    linear = rng.normal(size=(Z.shape[1], OUTPUTS)) ** 3
    pairs = rng.normal(size=(Z.shape[1], Z.shape[1], OUTPUTS)) / 4
    noise = rng.normal(size=(len(Z), OUTPUTS)) / 10
    return np.tanh(Z @ linear / 4 + np.einsum("ni,nj,ijk->nk", Z, Z, pairs) / 9) + noise


@pytest.fixture(scope="module")
def coalitions() -> np.ndarray:
    Z = np.random.default_rng(1).integers(0, 2, (SAMPLES, PLAYERS))
    Z[0], Z[7] = 1, 0  # also one that hides everything
    return Z


@pytest.fixture(scope="module")
def scene() -> dict[str, np.ndarray]:
    """A picture, its superpixels, weights of these, and the matrix of a small network."""
    rng = np.random.default_rng(2)
    picture = rng.uniform(0, 0.9, (20, 24, 3)).astype(np.float32)
    segments = superpixels.blocks(3, 5)(picture)
    weights = rng.normal(size=15) / 2
    matrix = rng.normal(size=(picture.size, 6)) / np.sqrt(picture.size)
    return {"picture": picture, "segments": segments, "weights": weights, "matrix": matrix}


@pytest.fixture(scope="module")
def lime(coalitions, scene, tmp_path_factory) -> dict[str, np.ndarray]:
    python = os.environ.get("HWKIT_PEERS_PYTHON")
    if not python:
        pytest.skip("HWKIT_PEERS_PYTHON does not name a Python with lime")
    if shutil.which(python) is None:
        pytest.fail(f"HWKIT_PEERS_PYTHON names no program: {python}")
    job, arrays = [], {}
    for metric in METRICS:
        for own, theirs in SELECTIONS.items():
            for count in COUNTS:
                name = f"{metric} {own} {count}"
                width = default_width(metric, PLAYERS)
                job.append(
                    {"name": name, "kind": "fit", "seed": 0, "width": width, "metric": metric}
                    | {"num_features": count, "selection": theirs}
                )
                arrays |= {f"{name}/Z": coalitions, f"{name}/answers": answers_to(coalitions)}
    for name, (color, count, selection) in WHOLE.items():
        job.append(
            {"name": name, "kind": "picture", "seed": SEED, "samples": DRAWN, "top_labels": 4}
            | {"hide_color": color, "num_features": count, "masks": MASKS}
            | {"selection": SELECTIONS[selection]}
        )
        arrays |= {f"{name}/{key}": scene[key] for key in ("picture", "segments", "matrix")}
    job.append({"name": "masks", "kind": "masks", "masks": MASKS})
    arrays |= {f"masks/{key}": scene[key] for key in ("picture", "segments", "weights")}
    return exchange(python, SCRIPT, tmp_path_factory.mktemp("lime"), job, arrays)


@pytest.mark.parametrize("metric", METRICS)
def test_the_kernel(lime, coalitions, metric):
    found = weighting_kernel(coalitions, default_width(metric, PLAYERS), metric)
    np.testing.assert_allclose(found, lime[f"{metric} none 1/kernel"], rtol=1e-9)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("metric", METRICS)
def test_the_same_weights_for_each_way_to_choose_superpixels(
    lime, coalitions, metric, selection, count
):
    name = f"{metric} {selection} {count}"
    kernel = weighting_kernel(coalitions, default_width(metric, PLAYERS), metric)
    found = local_fit(coalitions, answers_to(coalitions), kernel, count, selection)
    expected = lime[f"{name}/weights"]
    used = np.zeros(expected.shape, bool)
    for place, chosen in enumerate(found.chosen):
        used[chosen, place] = True
    np.testing.assert_array_equal(used, np.isfinite(expected))
    np.testing.assert_allclose(found.values, np.nan_to_num(expected), rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.intercept, lime[f"{name}/intercept"], atol=1e-9)
    np.testing.assert_allclose(found.r_squared, lime[f"{name}/score"], atol=1e-9)
    np.testing.assert_allclose(found.local_prediction, lime[f"{name}/prediction"], atol=1e-9)


def test_the_ways_choose_differently(lime):
    """Else agreement would tell little."""
    used = {
        name: [np.isfinite(lime[f"cosine {name} {count}/weights"]) for count in COUNTS]
        for name in ("forward", "highest_weights", "lasso_path")
    }
    for a, b in combinations(used.values(), 2):
        assert (np.array(a) != np.array(b)).any()


@pytest.mark.parametrize("case", WHOLE)
def test_the_whole_explainer(lime, scene, case):
    color, count, selection = WHOLE[case]
    segments, matrix = scene["segments"], scene["matrix"]
    Z = np.random.RandomState(SEED).randint(0, 2, DRAWN * 15).reshape(DRAWN, 15)
    Z[0] = 1
    method = LIME(
        segments,
        fill="mean" if color is None else color,
        coalitions=Z,
        num_features=None if count > 15 else count,
        selection=selection,
    )
    found = method.explain_image(
        lambda pictures: np.tanh(pictures.reshape(len(pictures), -1) @ matrix) * 3,
        scene["picture"],
        top_labels=4,
        outputs="probabilities",
    )
    assert found.labels == tuple(lime[f"{case}/labels"])
    expected = lime[f"{case}/weights"]
    np.testing.assert_array_equal(found.values != 0, np.isfinite(expected))
    np.testing.assert_allclose(found.values, np.nan_to_num(expected), rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.fit.intercept, lime[f"{case}/intercept"], atol=1e-6)
    assert np.abs(found.values).max() > 0.01
    for number, arguments in enumerate(MASKS):
        picture, mask = found.image_and_mask(**arguments)
        np.testing.assert_array_equal(mask, lime[f"{case}/mask {number}"])
        np.testing.assert_allclose(picture, lime[f"{case}/shown {number}"], atol=1e-7)


def test_pictures_and_masks_of_given_weights(lime, scene):
    own = ImageExplanation(
        scene["picture"], scene["segments"], (0,), scene["weights"][:, np.newaxis], None, UNIT
    )
    seen = set()
    for number, arguments in enumerate(MASKS):
        picture, mask = own.image_and_mask(**arguments)
        np.testing.assert_array_equal(mask, lime[f"masks/mask {number}"])
        np.testing.assert_allclose(picture, lime[f"masks/shown {number}"], atol=1e-7)
        seen.add((picture.tobytes(), mask.tobytes()))
    assert len(seen) == len(MASKS)
