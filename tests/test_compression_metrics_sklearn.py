"""The scores of classes and of compressed networks, against scikit-learn's."""

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sklearn_metrics

from hwkit.compression import Compression
from hwkit.evaluation import metrics

CLASSES = 5


@pytest.fixture(params=["continuous", "tied"])
def scored(request) -> tuple[np.ndarray, np.ndarray]:
    """Logits (400, 5) that know the label somewhat, and the labels; tied: of few values only."""
    rng = np.random.default_rng(3)
    labels = rng.integers(0, CLASSES, 400)
    logits = rng.normal(0, 1, (400, CLASSES)) + 1.2 * np.eye(CLASSES)[labels]
    return (logits if request.param == "continuous" else np.round(logits)), labels


@pytest.mark.parametrize("c", range(CLASSES))
def test_scores_of_predictions(scored, c):
    logits, labels = scored
    predicted = logits.argmax(axis=1)
    is_c, said_c = labels == c, predicted == c
    true_negative, false_positive, _, _ = sklearn_metrics.confusion_matrix(is_c, said_c).ravel()
    expected = {
        "recall": sklearn_metrics.recall_score(is_c, said_c),
        "precision": sklearn_metrics.precision_score(is_c, said_c),
        "false_positive_rate": false_positive / (false_positive + true_negative),
    }
    found = {name: getattr(metrics, name)(predicted, labels, c) for name in expected}
    assert found == pytest.approx(expected, rel=1e-12)
    # Far enough from all or nothing for the comparison to mean something.
    assert all(0.02 < value < 0.98 for value in expected.values())


@pytest.mark.parametrize("c", range(CLASSES))
def test_area_under_the_curve(scored, c):
    logits, labels = scored
    scores = metrics.margin(logits, c)
    expected = sklearn_metrics.roc_auc_score(labels == c, scores)
    assert metrics.auc(scores, labels, c) == pytest.approx(expected, rel=1e-12)


def test_precision_of_a_class_that_is_never_predicted():
    labels, predicted = np.array([0, 1, 2, 2]), np.array([0, 1, 1, 0])
    expected = sklearn_metrics.precision_score(labels == 2, predicted == 2, zero_division=np.nan)
    assert np.isnan(expected) and np.isnan(metrics.precision(predicted, labels, 2))


@pytest.mark.parametrize("rate", [0.0, 0.01, 0.1, 0.37, 1.0])
def test_the_bias_reaches_the_rate_on_the_roc_curve(rate):
    rng = np.random.default_rng(5)
    labels = rng.integers(0, CLASSES, 400)
    logits = rng.normal(0, 1, (400, CLASSES)) + 1.2 * np.eye(CLASSES)[labels]
    margins = metrics.margin(logits, 1)
    bias = metrics.bias_for_rate(margins, labels, 1, rate)
    rates, recalls, _ = sklearn_metrics.roc_curve(labels == 1, margins, drop_intermediate=False)
    moved = logits + bias * np.eye(CLASSES)[1]
    predicted = moved.argmax(axis=1)
    reached = metrics.false_positive_rate(predicted, labels, 1)
    negatives = (labels != 1).sum()
    assert rate - 1 / negatives < reached <= rate + 1e-12
    # The point reached lies on the original network's ROC curve, between its neighbours there.
    at_rate = recalls[np.isclose(rates, reached)]
    assert at_rate.min() - 1e-12 <= metrics.recall(predicted, labels, 1) <= at_rate.max() + 1e-12


def test_the_grid_of_a_network_worked_out_by_hand():
    """A convolution, its mean over the map, a dense layer: every compressed network in numpy."""
    rng = np.random.default_rng(7)
    channels, classes = 8, 3
    entry = keras.Input((4, 4, 2))
    maps = keras.layers.Conv2D(channels, 1, activation="relu", name="maps")(entry)
    pooled = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(entry, keras.layers.Dense(classes, name="scores")(pooled))
    weights = [rng.normal(0, 1, w.shape) for w in model.get_weights()]
    model.set_weights(weights)
    kernel, bias, dense, dense_bias = (w.astype(np.float32).astype(np.float64) for w in weights)
    instances = rng.normal(0, 1, (120, 4, 4, 2)).astype(np.float32)
    features = np.maximum(instances @ kernel[0, 0] + bias, 0).mean(axis=(1, 2))
    noisy = features @ dense + rng.normal(0, 0.3, (120, classes))
    labels = (noisy - np.median(noisy, axis=0)).argmax(axis=1)
    influence = rng.permutation(np.linspace(-1, 1, channels))

    compression = Compression(model, "maps")
    data = compression.cache(instances, labels)
    amounts = [0, 2, 5, channels]
    for c in range(classes):
        grid = compression.grid(data, c, influence, amounts, amounts, progress=False)
        rows = []
        for top in amounts:
            for bottom in amounts:
                if not 0 < top + bottom <= channels:
                    continue
                strongest = np.argsort(-influence)
                kept = {*strongest[:top], *strongest[channels - bottom :]}
                mask = np.array([k in kept for k in range(channels)])
                logits = (features * mask) @ dense + dense_bias
                rows.append({"top": top, "bottom": bottom, **expected_scores(logits, labels, c)})
        expected = pd.DataFrame(rows).sort_values(["top", "bottom"], ignore_index=True)
        found = grid.sort_values(["top", "bottom"], ignore_index=True)
        pd.testing.assert_frame_equal(found, expected, check_like=True, rtol=1e-9, atol=1e-9)


def expected_scores(logits: np.ndarray, labels: np.ndarray, c: int) -> dict[str, float]:
    """The four scores by scikit-learn."""
    is_c, said_c = labels == c, logits.argmax(axis=1) == c
    margin = logits[:, c] - np.sort(np.delete(logits, c, axis=1), axis=1)[:, -1]
    matrix = sklearn_metrics.confusion_matrix(is_c, said_c, labels=[False, True])
    return {
        "recall": sklearn_metrics.recall_score(is_c, said_c),
        "precision": sklearn_metrics.precision_score(is_c, said_c, zero_division=np.nan),
        "false_positive_rate": matrix[0, 1] / matrix[0].sum(),
        "auc": sklearn_metrics.roc_auc_score(is_c, margin),
    }
