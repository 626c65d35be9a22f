"""Scores of one class against the rest: by hand, and against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as reference

from hwkit.evaluation.metrics import (
    auc,
    bias_for_rate,
    false_positive_rate,
    margin,
    precision,
    recall,
)

PREDICTED = np.array([0, 0, 1, 2, 1, 0, 2, 2])
LABELS = np.array([0, 1, 1, 2, 1, 0, 0, 2])


def test_by_hand():
    assert recall(PREDICTED, LABELS, 0) == 2 / 3  # of instances 0, 5 and 6, the last is missed
    assert precision(PREDICTED, LABELS, 0) == 2 / 3  # instance 1 is no 0
    assert false_positive_rate(PREDICTED, LABELS, 0) == 1 / 5
    assert recall(PREDICTED, LABELS, 2) == 1 and precision(PREDICTED, LABELS, 1) == 1


def test_the_margin_is_positive_where_the_class_wins():
    logits = np.array([[3.0, 1, 2], [0, 1, 5], [2, 2, -1]])
    np.testing.assert_array_equal(margin(logits, 0), [1, -5, 0])
    np.testing.assert_array_equal(margin(logits, 2), [-1, 4, -3])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("ties", [False, True])
def test_against_scikit_learn(seed, ties):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 4, 300)
    logits = rng.normal(size=(300, 4)) + 1.5 * np.eye(4)[labels]
    logits = np.round(logits) if ties else logits
    predicted = logits.argmax(axis=1)
    recalls = reference.recall_score(labels, predicted, average=None)
    precisions = reference.precision_score(labels, predicted, average=None)
    for c in range(4):
        assert recall(predicted, labels, c) == pytest.approx(recalls[c])
        assert precision(predicted, labels, c) == pytest.approx(precisions[c])
        scores = margin(logits, c)
        assert auc(scores, labels, c) == pytest.approx(reference.roc_auc_score(labels == c, scores))
        counts = reference.confusion_matrix(labels != c, predicted != c)  # "other" is positive
        rate = 1 - reference.recall_score(labels != c, predicted != c)
        assert false_positive_rate(predicted, labels, c) == pytest.approx(rate)
        assert counts.sum() == 300


def test_area_under_the_curve_by_hand():
    # Pairs (positive, negative): 3 > 2, 3 > 0, 2 = 2 (half), 2 > 0: 3.5 of 4.
    assert auc(np.array([3.0, 2, 2, 0]), np.array([1, 1, 0, 0]), 1) == 3.5 / 4
    assert auc(np.zeros(4), np.array([1, 1, 0, 0]), 1) == 0.5
    assert auc(np.array([1.0, 2]), np.array([1, 0]), 1) == 0


def test_a_class_that_is_never_predicted_has_no_precision():
    assert np.isnan(precision(np.zeros(3, int), np.array([0, 1, 2]), 1))


def test_a_class_that_is_not_there_is_refused():
    for score in (recall, auc):
        with pytest.raises(ValueError, match=r"instances of class 7. Received: labels \[0, 1, 2\]"):
            score(PREDICTED, LABELS, 7)


def test_without_negatives_there_are_no_false_positives():
    for score in (false_positive_rate, auc):
        with pytest.raises(ValueError, match="no negatives"):
            score(np.array([1, 0]), np.array([1, 1]), 1)


@pytest.mark.parametrize("labels", [LABELS[:-1], LABELS[:, None]])
def test_lengths_must_agree(labels):
    for score in (recall, precision, false_positive_rate, auc):
        with pytest.raises(ValueError, match=r"both \(n,\)"):
            score(PREDICTED, labels, 0)


@pytest.mark.parametrize("rate", [0, 0.013, 0.1, 0.25, 0.5, 0.99, 1])
@pytest.mark.parametrize("seed", range(3))
def test_the_bias_reaches_the_rate_and_not_more(rate, seed):
    rng = np.random.default_rng(seed)
    labels, logits = rng.integers(0, 5, 200), rng.normal(size=(200, 5))
    bias = bias_for_rate(margin(logits, 2), labels, 2, rate)
    biased = logits.copy()
    biased[:, 2] += bias
    reached = false_positive_rate(biased.argmax(axis=1), labels, 2)
    negatives = (labels != 2).sum()
    assert reached <= rate
    assert rate == 1 or reached + 1 / negatives > rate  # one more would be too many


def test_the_bias_with_tied_margins_stays_below_the_rate():
    margins, labels = np.array([2.0, 1, 1, 1, 0]), np.zeros(5, int)
    bias = bias_for_rate(margins, labels, 1, 0.4)  # two may pass, but three are alike
    assert ((margins + bias) > 0).mean() <= 0.4


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_a_rate_is_a_share(rate):
    with pytest.raises(ValueError, match=r"rate from 0 to 1"):
        bias_for_rate(np.array([1.0, 2]), np.array([0, 1]), 1, rate)


def test_a_bias_needs_negatives():
    with pytest.raises(ValueError, match=r"0 such instances"):
        bias_for_rate(np.array([1.0, 2]), np.array([1, 1]), 1, 0.5)
