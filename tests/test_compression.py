"""Compressed networks and their grid, on a network whose answers are known."""

import keras
import numpy as np
import pandas as pd
import pytest
from hand_nets import bypassed, dense
from keras import layers

from hwkit import compression
from hwkit.compression import (
    GRID,
    Compression,
    best_combination,
    channel_count,
    keep_influential,
)
from hwkit.evaluation import metrics
from hwkit.network import cut

CHANNELS = 4
INFLUENCE = np.array([0.5, -2.0, 3.0, 0.1])


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """Logits are sums of channels: 0 of channels 0 and 2, 1 of channels 1 and 3."""
    source = keras.Input((CHANNELS,), name="x")
    features = layers.Identity(name="features")(source)
    kernel = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    return keras.Model(source, dense(2, [kernel], "logits")(features))


@pytest.fixture(scope="module")
def compressed(model) -> Compression:
    return Compression(model, "features")


X = np.array([[1.0, 2, 3, 0], [5, 0, 0, 6], [0, 4, 1, 1], [2, 1, 0, 0]], np.float32)
LABELS = np.array([0, 0, 1, 0])


# Keeping channels --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "bottom", "kept"),
    [
        (1, 0, [2]),
        (2, 0, [0, 2]),
        (0, 1, [1]),
        (0, 2, [1, 3]),  # the lowest, though channel 3 is positive
        (1, 1, [1, 2]),
        (2, 2, [0, 1, 2, 3]),
        (3, 3, [0, 1, 2, 3]),
        (0, 0, []),
        (0.25, 0.5, [1, 2, 3]),
        (1.0, 0, [0, 1, 2, 3]),
        (1, 0.0, [2]),
    ],
)
def test_which_channels_are_kept(top, bottom, kept):
    activations = np.arange(1.0, 25).reshape(2, 3, 4)
    got = keep_influential(activations, INFLUENCE, top, bottom)
    expected = np.zeros_like(activations)
    expected[..., kept] = activations[..., kept]
    np.testing.assert_array_equal(got, expected)
    assert (activations == np.arange(1.0, 25).reshape(2, 3, 4)).all()  # not changed


def test_the_others_can_be_set_to_their_mean():
    activations = np.arange(8.0).reshape(2, 4)
    mean = activations.mean(axis=0)
    got = keep_influential(activations, INFLUENCE, 1, 0, fill=mean)
    np.testing.assert_array_equal(got, [[2, 3, 2, 5], [2, 3, 6, 5]])


def test_one_influence_for_each_channel():
    with pytest.raises(ValueError, match=r"each of the 4 channels.*\(3,\).*class_influence"):
        keep_influential(np.ones((2, 4)), np.ones(3), 1, 1)


@pytest.mark.parametrize(
    ("amount", "count"), [(0, 0), (64, 64), (0.5, 32), (1 / 32, 2), (1.0, 64), (np.int64(3), 3)]
)
def test_counts_and_shares(amount, count):
    assert channel_count(amount, 64) == count


@pytest.mark.parametrize("amount", [-1, 65, 1.5, -0.5])
def test_amounts_out_of_range(amount):
    with pytest.raises(ValueError, match=rf"0 to 64 channels.*{amount}"):
        channel_count(amount, 64)


@pytest.mark.parametrize("amount", ["3", None, True, [1], np.ones(2)])
def test_amounts_that_are_none(amount):
    with pytest.raises(TypeError, match="number of channels or a share"):
        channel_count(amount, 64)


# Compressed networks -----------------------------------------------------------------------------


def test_logits_by_hand(compressed):
    data = compressed.cache(X, LABELS)
    np.testing.assert_allclose(compressed.logits(data), [[4, 2], [5, 6], [1, 5], [2, 1]])
    kept = compressed.logits(data, INFLUENCE, top=1, bottom=1)  # channels 2 and 1
    np.testing.assert_allclose(kept, [[3, 2], [0, 0], [1, 4], [0, 1]])
    np.testing.assert_allclose(compressed.logits(data, INFLUENCE, 0.25, 0.25), kept)


def test_compressing_at_a_slice_is_running_the_network_on_the_compressed_slice():
    from hand_nets import convolutional

    model = convolutional(4)
    x = np.random.default_rng(0).normal(size=(6, 12, 12, 3))
    influence = np.random.default_rng(1).normal(size=8)
    compressed = Compression(model, "second")
    got = compressed.logits(compressed.cache(x, np.zeros(6)), influence, 3, 2)
    parts = cut(model, "second")
    features = parts.activations(x)
    order = np.argsort(influence)
    features[..., order[2:5]] = 0  # two lowest and three highest of eight stay
    np.testing.assert_allclose(got, parts.tail(features), rtol=1e-4, atol=1e-5)


def test_a_bypassed_slice_keeps_the_bypass():
    compressed = Compression(bypassed(), "hidden")
    x = np.array([[2.0, 3.0], [1.0, -1.0]])
    data = compressed.cache(x, [0, 0])
    h = data.activations
    got = compressed.logits(data, np.array([1.0, 0.0]), 1, 0)  # h = (h_1, 0)
    np.testing.assert_allclose(got.ravel(), h[:, 0] * (1 + 4 * x[:, 0]), rtol=1e-5)


def test_scores(compressed):
    data = compressed.cache(X, LABELS)
    scores = compressed.scores(compressed.logits(data), data.labels, 0)
    assert scores == {"recall": 2 / 3, "precision": 1.0, "false_positive_rate": 0.0, "auc": 1.0}


def test_a_students_functions_are_used(model):
    wrong = Compression(model, "features", lambda a, *_: 0 * a, lambda *_: 0.123)
    data = wrong.cache(X, LABELS)
    assert (wrong.logits(data, INFLUENCE, 2, 2) == 0).all()
    assert wrong.scores(wrong.logits(data), LABELS, 0)["recall"] == 0.123
    seen = []

    def spy(activations, influence, top, bottom):
        seen.append((top, bottom))
        return activations

    Compression(model, "features", spy).logits(data, INFLUENCE, 0.5, 0.25)
    assert seen == [(2, 1)]  # shares have become counts


def test_a_students_function_of_another_shape_is_refused(model):
    wrong = Compression(model, "features", lambda a, *_: a[:, :2])
    with pytest.raises(ValueError, match=r"shape it was given, \(4, 4\). Received: \(4, 2\)"):
        wrong.logits(wrong.cache(X, LABELS), INFLUENCE, 1, 1)


def test_a_label_for_each_instance(compressed):
    with pytest.raises(ValueError, match=r"label for each instance. Received: 4 and 3"):
        compressed.cache(X, LABELS[:3])


# The grid ----------------------------------------------------------------------------------------


def test_the_grid_has_every_combination_that_fits(compressed):
    data = compressed.cache(X, LABELS)
    grid = compressed.grid(data, 0, INFLUENCE, tops=(0, 1, 3), bottoms=(0, 0.25, 0.5))
    cells = list(zip(grid.top, grid.bottom, strict=True))
    assert cells == [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (3, 0), (3, 1)]
    for row in grid.itertuples():
        logits = compressed.logits(data, INFLUENCE, row.top, row.bottom)
        predicted = logits.argmax(axis=1)
        assert row.recall == metrics.recall(predicted, LABELS, 0)
        expected = metrics.precision(predicted, LABELS, 0)
        assert row.precision == pytest.approx(expected, nan_ok=True)
        assert row.auc == metrics.auc(metrics.margin(logits, 0), LABELS, 0)


def test_a_class_that_is_never_predicted_has_no_precision_in_the_grid(compressed):
    positive = X[:3] + np.array([0, 1, 0, 0])  # channel 1 alone always says class 1
    grid = compressed.grid(compressed.cache(positive, LABELS[:3]), 0, INFLUENCE, (0,), (1,))
    assert grid.recall.item() == 0 and np.isnan(grid.precision.item())


def test_shares_that_are_the_same_number_give_one_cell(compressed):
    grid = compressed.grid(compressed.cache(X, LABELS), 0, INFLUENCE, tops=GRID, bottoms=GRID)
    assert not grid.duplicated(["top", "bottom"]).any()
    grid.pivot(index="top", columns="bottom", values="recall")  # as the heatmap does


def test_a_grid_without_cells_is_refused(compressed):
    with pytest.raises(ValueError, match=r"keep 1 to 4 channels"):
        compressed.grid(compressed.cache(X, LABELS), 0, INFLUENCE, (0,), (0,))


def test_the_slice_is_computed_once(model, monkeypatch):
    compressed = Compression(model, "features")
    data = compressed.cache(X, LABELS)
    monkeypatch.setattr(
        compression.Compression, "cache", lambda *_: pytest.fail("computed the slice again")
    )
    monkeypatch.setattr(
        type(compressed._cut), "activations", lambda *_: pytest.fail("computed the slice again")
    )
    assert len(compressed.grid(data, 0, INFLUENCE)) > 3


def test_the_best_combination_has_the_highest_recall_and_the_fewest_channels():
    grid = pd.DataFrame(
        {"top": [1, 8, 2, 4], "bottom": [0, 8, 2, 0], "recall": [0.5, 0.9, 0.9, 0.9]}
    )
    assert best_combination(grid) == (2, 2)  # 4 channels twice: the first of them
