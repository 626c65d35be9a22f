"""Training: seeded, resumable without a trace, and a penalty that does what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from killing import killed_after_one_epoch

from hwkit.networks.training import Recipe, Trainer, TwoCosines, training_set


def test_a_killed_run_continues_as_if_nothing_had_happened(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (28, 96, 96, 3), dtype=np.uint8)
    labels = np.repeat(np.arange(14), 2)
    recipe = Recipe(seed=5, images=28, epochs=1, finish=1, batch=14)
    straight = Trainer(recipe, tmp_path / "straight")
    straight.run(images, labels)
    checkpoint = tmp_path / "straight" / "checkpoint.npz"
    with np.load(checkpoint) as state:
        assert len(state["history"]) == 2
    killed_after_one_epoch(Trainer(recipe, tmp_path / "interrupted"), images, labels)
    resumed = Trainer(recipe, tmp_path / "interrupted")
    assert resumed.epoch == 1
    resumed.run(images, labels)
    assert [record["loss"] for record in resumed.history] == pytest.approx(
        [record["loss"] for record in straight.history], rel=1e-3
    )
    for ours, theirs in zip(resumed.model.get_weights(), straight.model.get_weights(), strict=True):
        # Threads add gradients in any order: equal but for rounding.
        np.testing.assert_allclose(ours, theirs, rtol=1e-2, atol=2e-3)
    with pytest.raises(ValueError, match="another recipe"):
        Trainer(Recipe(seed=6, images=28, epochs=1, finish=1, batch=14), tmp_path / "straight")


def test_learning_rate_rises_falls_and_starts_again() -> None:
    schedule = TwoCosines(Recipe(epochs=2, finish=1, warm_up=0.1, learning_rate=1e-3), steps=100)
    rates = [float(schedule(tf.constant(step, tf.int64))) for step in range(300)]
    assert rates[0] == pytest.approx(5e-5)
    assert rates[20] == pytest.approx(1e-3)
    assert rates[110] == pytest.approx(1e-3 * (0.01 + 0.99 * 0.5), rel=1e-3)  # half way down
    assert rates[199] == pytest.approx(1e-5, rel=0.05)
    assert rates[200] == pytest.approx(1e-3)
    assert rates[250] == pytest.approx(1e-3 * (0.01 + 0.99 * 0.5), rel=1e-3)


def test_pictures_are_drawn_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    images, labels = training_set(28, tmp_path)
    (kept,) = tmp_path.glob("*.npy")
    stamp = kept.stat().st_mtime_ns
    again, _ = training_set(28, tmp_path)
    assert kept.stat().st_mtime_ns == stamp
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(labels, np.repeat(np.arange(14), 2))


def test_recipes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 14"):
        Recipe(images=1000)
    with pytest.raises(ValueError, match="epochs >= 1"):
        Recipe(epochs=0)
