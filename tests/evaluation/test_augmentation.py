"""Training with pictures of which only some pixels stay: what is changed, and what is compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from hwkit.evaluation import augmentation as module
from hwkit.evaluation.augmentation import (
    PLAIN,
    Augmentation,
    AugmentedTraining,
    Trials,
    table,
    trials,
)
from hwkit.evaluation.keeping import important, random_maps
from hwkit.evaluation.retraining import finished, hits_of
from hwkit.images.digits import load_digits
from hwkit.networks.recipes import SmallRecipe
from hwkit.networks.resumable import ResumableTraining
from hwkit.networks.small_training import SmallTraining

RECIPE = SmallRecipe("rectifier", units=(12,), epochs=2, batch=16)


@pytest.fixture(scope="module")
def digits():
    whole = load_digits()
    return replace(
        whole,
        x_train=whole.x_train[:96],
        y_train=whole.y_train[:96],
        x_test=whole.x_test[::5],
        y_test=whole.y_test[::5],
    )


def test_what_is_important_stays_and_noise_comes_elsewhere(digits):
    pictures, maps = digits.x_train[:40], random_maps(digits.x_train[:40])
    changed = Augmentation("noise", 0.4, 1.0).changed(pictures, maps, np.random.default_rng(0))
    kept = important(maps, 0.4)
    np.testing.assert_array_equal(changed[kept], pictures[kept])
    rest = changed[~kept].ravel()
    assert changed.dtype == np.float32 and rest.min() >= -1 and rest.max() <= 1
    np.testing.assert_allclose(np.histogram(rest, 5, (-1, 1))[0] / len(rest), 0.2, atol=0.01)
    assert stats.spearmanr(changed[0][~kept[0]], changed[1][~kept[1]]).statistic < 0.2


def test_elsewhere_is_another_picture_of_the_batch(digits):
    pictures, maps = digits.x_train[:8], random_maps(digits.x_train[:8])
    changed = Augmentation("others", 0.25, 1.0).changed(pictures, maps, np.random.default_rng(1))
    kept = important(maps, 0.25)
    np.testing.assert_array_equal(changed[kept], pictures[kept])
    partners = []
    for place, picture in enumerate(changed):
        same = [
            other
            for other in range(8)
            if np.array_equal(picture[~kept[place]], pictures[other][~kept[place]])
        ]
        assert place not in same and len(same) == 1
        partners += same
    assert sorted(partners) == list(range(8))


def test_the_share_says_how_many_are_changed(digits):
    pictures = np.repeat(digits.x_train[:1], 4000, axis=0)
    maps = random_maps(pictures)
    for share in (0, 0.3, 1):
        changed = Augmentation("noise", 0.5, share).changed(
            pictures, maps, np.random.default_rng(2)
        )
        touched = (changed != pictures).any(axis=(1, 2, 3)).mean()
        assert touched == pytest.approx(share, abs=0.03 if 0 < share < 1 else 0)


def test_without_changes_it_is_the_plain_training(digits, tmp_path):
    maps = random_maps(digits.x_train)
    plain = SmallTraining(RECIPE, 96, tmp_path / "plain")
    never = AugmentedTraining(RECIPE, maps, Augmentation("noise", share=0.0), tmp_path / "never")
    always = AugmentedTraining(RECIPE, maps, Augmentation("noise", share=1.0), tmp_path / "always")
    one, same, other = (
        finished(trainer, digits.x_train, digits.y_train).get_weights()
        for trainer in (plain, never, always)
    )
    for place, weights in enumerate(one):
        np.testing.assert_allclose(weights, same[place], rtol=1e-4, atol=1e-5)
    assert np.abs(one[0] - other[0]).max() > 1e-3


def test_trials_differ_by_the_pictures_only_and_are_not_done_twice(digits, tmp_path, monkeypatch):
    asked = []

    def explain(model, pictures):
        asked.append(model.get_weights())
        return pictures[..., 0]

    seen = []
    begin = AugmentedTraining.__init__

    def noted(self, recipe, maps, augmentation, folder):
        seen.append((recipe.seed, augmentation.rest, maps))
        begin(self, recipe, maps, augmentation, folder)

    monkeypatch.setattr(AugmentedTraining, "__init__", noted)
    kinds = (Augmentation("others"),)
    given = {"augmentations": kinds, "recipe": RECIPE, "seeds": (1, 2), "progress": False}
    found = trials(digits, explain, tmp_path / "runs", **given)
    assert list(found.hits) == [PLAIN, "others", "others, random pixels"]
    assert all(rows.shape == (2, len(digits.y_test)) for rows in found.hits.values())
    # Maps are those of the seed's own plain network, or random ones.
    for seed, weights in zip((1, 2), asked, strict=True):
        own = replace(RECIPE, seed=seed)
        plain = finished(
            SmallTraining(own, 96, tmp_path / f"plain{seed}"), digits.x_train, digits.y_train
        )
        for ours, theirs in zip(plain.get_weights(), weights, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)
        hits = hits_of(plain, digits.x_test, digits.y_test)
        assert np.mean(hits == found.hits[PLAIN][seed - 1]) > 0.97
    for place, (seed, rest, maps) in enumerate(seen):
        assert (seed, rest) == (1 + place // 2, "others")
        wanted = random_maps(digits.x_train, seed) if place % 2 else digits.x_train[..., 0]
        np.testing.assert_array_equal(maps, wanted)

    # Now all are done, so that nothing may be trained or saved any more.
    def refuse(self):
        raise AssertionError("trained twice")

    monkeypatch.setattr(ResumableTraining, "_save", refuse)
    again = trials(digits, explain, tmp_path / "runs", **given)
    for kind, rows in found.hits.items():
        np.testing.assert_array_equal(rows, again.hits[kind])
    with pytest.raises(AssertionError, match="trained twice"):
        trials(digits, lambda _, pictures: -pictures[..., 0], tmp_path / "runs", **given)


def test_gains_are_paired_by_seed():
    rng = np.random.default_rng(3)
    hits = {
        PLAIN: rng.random((5, 400)) < 0.8,
        "noise": rng.random((5, 400)) < 0.85,
        "noise, random pixels": rng.random((5, 400)) < 0.82,
    }
    found = Trials(hits)
    pair = hits["noise"].mean(1), hits[PLAIN].mean(1)
    true = stats.ttest_rel(*pair).confidence_interval(0.95)
    gain = found.gain("noise")
    assert gain.estimate == pytest.approx(pair[0].mean() - pair[1].mean())
    assert (gain.low, gain.high) == pytest.approx((true.low, true.high))
    assert found.gain("noise", "noise, random pixels").estimate < gain.estimate
    lines = table(found)
    mean, spread = 100 * pair[0].mean(), 100 * pair[0].std(ddof=1)
    assert lines[3].startswith(f"| noise | {mean:.2f} ± {spread:.2f} | {100 * gain.estimate:+.2f}")
    assert lines[2].endswith("|  |  |") and lines[4].endswith("|  |")


def test_the_command_prints_the_table(tmp_path, capsys, monkeypatch, digits):
    monkeypatch.setattr(module, "load_digits", lambda name: digits)
    monkeypatch.setattr(module, "RECIPE", RECIPE)
    arguments = ["--examples", "64", "--seeds", "2", "--epochs", "1", "--still"]
    module.main([*arguments, "--folder", str(tmp_path)])
    lines = capsys.readouterr().out.strip().splitlines()
    kinds = [line.split(" | ")[0] for line in lines[2:]]
    assert kinds == [
        "| without",
        "| noise",
        "| noise, random pixels",
        "| others",
        "| others, random pixels",
    ]
    assert len(list(tmp_path.iterdir())) == 10  # two seeds of five


def test_some_examples_are_of_all_classes_whatever_their_order(digits, monkeypatch, capsys):
    order = np.argsort(digits.y_train, kind="stable")
    by_class = replace(digits, x_train=digits.x_train[order], y_train=digits.y_train[order])
    given = []

    def noted(digits, *_, **__):
        given.append(digits)
        return Trials({PLAIN: np.ones((2, 3), bool)})

    monkeypatch.setattr(module, "load_digits", lambda name: by_class)
    monkeypatch.setattr(module, "trials", noted)
    for arguments in (["--examples", "40"], ["--examples", "40"], []):
        module.main(arguments)
    some, again, whole = given
    assert whole is by_class
    np.testing.assert_array_equal(some.x_train, again.x_train)
    assert len(some.x_train) == 40 and len(set(some.y_train)) > 7
    for picture, label in zip(some.x_train, some.y_train, strict=True):
        (place,) = np.flatnonzero((by_class.x_train == picture).all(axis=(1, 2, 3)))
        assert by_class.y_train[place] == label


def test_what_cannot_be_is_refused(digits, tmp_path):
    with pytest.raises(ValueError, match="'noise' or 'others'"):
        Augmentation("blur")
    with pytest.raises(ValueError, match="from 0 to 1"):
        Augmentation("noise", fraction=30)
    twice = (Augmentation("noise", 0.1), Augmentation("noise", 0.2))
    with pytest.raises(ValueError, match="different rests"):
        trials(digits, lambda *_: None, tmp_path, augmentations=twice)
