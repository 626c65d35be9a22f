"""Remove and retrain: on pictures of which it is known where the answer is."""

from __future__ import annotations

import numpy as np
import pytest

from hwkit.evaluation import roar as module
from hwkit.evaluation.keeping import random_maps
from hwkit.evaluation.relevance_maps import relevance_maps
from hwkit.evaluation.retraining import run_folder
from hwkit.evaluation.roar import RetrainedCurve, remove_and_retrain, table
from hwkit.images.digits import Digits, load_digits
from hwkit.networks import load
from hwkit.networks.recipes import SmallRecipe
from hwkit.networks.resumable import ResumableTraining

RECIPE = SmallRecipe(
    "rectifier",
    units=(8,),
    epochs=4,
    batch=16,
    learning_rate=5e-3,
    dropout=0.0,
    shift=0.0,
    turn=0.0,
    stretch=0.0,
)


def spots(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise, and a spot of nine pixels that is ink for class 1 and paper for class 0."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count)
    pictures = rng.normal(0.3, 0.2, (count, 28, 28, 1)).astype(np.float32)
    pictures[:, 10:13, 4:7] = np.where(labels, 1, -1)[:, None, None, None]
    return pictures, labels


@pytest.fixture(scope="module")
def data() -> Digits:
    return Digits("spots", *spots(256, 0), *spots(200, 1))


def spot_maps(pictures: np.ndarray) -> np.ndarray:
    maps = np.zeros(pictures.shape[:3])
    maps[:, 10:13, 4:7] = 1
    return maps


def test_what_is_lost_was_in_the_pixels(data, tmp_path):
    given = {"recipe": RECIPE, "seeds": (1, 2), "progress": False}
    maps = spot_maps(data.x_train), spot_maps(data.x_test)
    fractions = (0.0, 9 / 784, 1.0)
    true = remove_and_retrain(data, maps, fractions, tmp_path, **given)
    assert true.accuracies.shape == (3, 2)
    np.testing.assert_allclose(true.accuracies[0], 1)
    assert (true.accuracies[1] < 0.65).all()  # the answer is gone
    # All pictures are the same now: one class is said of all.
    share = data.y_test.mean()
    assert set(true.accuracies[2].round(6)) <= {round(share, 6), round(1 - share, 6)}
    random = random_maps(data.x_train, 1), random_maps(data.x_test, 2)
    blind = remove_and_retrain(data, random, (9 / 784,), tmp_path, **given)
    np.testing.assert_allclose(blind.accuracies, 1, atol=0.02)
    kept = remove_and_retrain(data, maps, (9 / 784,), tmp_path, keeping=True, **given)
    np.testing.assert_allclose(kept.accuracies, 1)


def test_a_killed_call_continues_and_done_runs_are_not_done_again(data, tmp_path, monkeypatch):
    maps = spot_maps(data.x_train), spot_maps(data.x_test)
    given = {"recipe": RECIPE, "seeds": (1, 2), "progress": False}
    save, saved = ResumableTraining._save, []

    def killed(self):
        save(self)
        saved.append(self.epoch)
        if len(saved) == 6:  # in the second run
            raise KeyboardInterrupt

    monkeypatch.setattr(ResumableTraining, "_save", killed)
    with pytest.raises(KeyboardInterrupt):
        remove_and_retrain(data, maps, (0.005, 0.01), tmp_path, **given)
    found = remove_and_retrain(data, maps, (0.005, 0.01), tmp_path, **given)
    assert len(saved) == 16  # of two fractions, two seeds and four epochs none is done twice
    again = remove_and_retrain(data, maps, (0.005, 0.01), tmp_path, **given)
    assert len(saved) == 16
    np.testing.assert_array_equal(found.hits, again.hits)


def test_folders_tell_everything_apart(tmp_path):
    zeros = np.zeros(6, np.float32)
    marks = [
        (RECIPE, zeros),
        (RECIPE, zeros + 1),
        (RECIPE, zeros.reshape(2, 3)),
        (RECIPE, zeros.astype(np.int32)),
        (SmallRecipe("rectifier", units=(9,)), zeros),
        (RECIPE, zeros, "noise"),
    ]
    folders = [run_folder(tmp_path, *each) for each in marks]
    assert len(set(folders)) == len(marks)
    assert folders[0] == run_folder(tmp_path, RECIPE, zeros.copy())


def test_a_table_of_means_over_seeds():
    hits = np.zeros((1, 2, 10), bool)
    hits[0, 0, :6] = hits[0, 1, :8] = True
    curve = RetrainedCurve(np.array([0.3]), hits, False)
    (interval,) = curve.intervals()
    # Two runs: 12.706 standard errors of 0.1 to either side.
    assert (interval.low, interval.high) == pytest.approx((0.7 - 1.2706, 0.7 + 1.2706), abs=1e-4)
    assert table({"LRP": curve}) == [
        "| removed | LRP |",
        "|---|---|",
        "| 30% | 70.0 (-57.1 to 197.1) |",
    ]


def test_the_command_compares_with_random_pixels(data, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(module, "RECIPE", RECIPE)
    arguments = ["--fractions", "0", "0.9", "--seeds", "2", "--epochs", "1"]
    module.main([*arguments, "--folder", str(tmp_path)])
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[0] == "| removed | LRP | random |" and len(lines) == 4
    # Where nothing is removed, both rankings share the runs.
    assert len(list(tmp_path.iterdir())) == 6


def test_relevance_is_of_the_predicted_class():
    from hwkit import LRP, Explanation
    from hwkit.attribution.relevance import rules

    model, pictures = load("digits-lenet"), load_digits().x_test[::60]
    scores = np.asarray(model(pictures))
    explanation = Explanation(model, LRP(rules.alpha_beta(1, 0))).for_input()
    for picture, c, found in zip(
        pictures, scores.argmax(1), relevance_maps(model, pictures), strict=True
    ):
        true = explanation.absolute(int(c)).explain(picture).attribution[..., 0]
        np.testing.assert_allclose(found, true, atol=1e-5 * np.abs(true).max())


def test_what_cannot_be_is_refused(data, tmp_path):
    maps = spot_maps(data.x_train), spot_maps(data.x_test)
    for fractions, seeds in (((), (1,)), ((0.1,), ()), ((0.2, 0.1), (1,))):
        with pytest.raises(ValueError, match="ascending fractions and seeds"):
            remove_and_retrain(data, maps, fractions, tmp_path, seeds=seeds)
    with pytest.raises(ValueError, match="Expected pictures"):
        remove_and_retrain(data, maps[::-1], (0.1,), tmp_path, recipe=RECIPE, progress=False)
