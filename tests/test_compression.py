"""Compressed networks, their grid and the recall table, on a network whose answers are known."""

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
    recall_table,
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


# The table ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sets() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Validation and report instances and labels of three classes in eight channels."""
    rng = np.random.default_rng(11)
    labels = rng.integers(0, 3, 240)
    signal = np.zeros((3, 8))
    signal[0, :2], signal[1, 2:4], signal[2, 4:6] = 1, 1, 1
    x = rng.normal(0.3, 1, (240, 8)) + signal[labels]
    return x[:120], labels[:120], x[120:], labels[120:]


@pytest.fixture(scope="module")
def three() -> Compression:
    source = keras.Input((8,))
    kernel = np.random.default_rng(2).normal(0, 0.3, (8, 3))
    kernel[0:2, 0] = kernel[2:4, 1] = kernel[4:6, 2] = 1
    features = layers.Identity(name="features")(source)
    return Compression(keras.Model(source, dense(3, [kernel])(features)), "features")


def rankings(three: Compression) -> dict[str, dict[int, np.ndarray]]:
    kernel = three._cut.tail.layers[-1].get_weights()[0]
    rng = np.random.default_rng(4)
    return {
        "influence": {c: kernel[:, c] for c in (0, 1)},
        "activation": {c: rng.normal(size=8) for c in (0, 1)},
    }


@pytest.fixture(scope="module")
def table(three, sets) -> pd.DataFrame:
    validation, report = three.cache(*sets[:2]), three.cache(*sets[2:])
    names = {0: "zero", 1: "one"}
    return recall_table(three, validation, report, rankings(three), names, random_draws=5)


NETWORKS = ["original", "influence", "activation", "random", "original + bias"]


def test_the_table_has_a_row_for_each_class_and_network(table):
    assert list(table["class"]) == ["zero"] * 5 + ["one"] * 5
    assert list(table.network) == NETWORKS * 2
    assert list(table.columns[:5]) == ["class", "network", "top", "bottom", "recall"]
    assert set(table.columns[5:]) == {"precision", "false_positive_rate", "auc"}
    assert table.recall.between(0, 1).all()


def rows(table: pd.DataFrame, name: str) -> dict[str, pd.Series]:
    return {row.network: row for _, row in table[table["class"] == name].iterrows()}


@pytest.mark.parametrize(("c", "name"), [(0, "zero"), (1, "one")])
def test_the_tables_numbers_are_those_of_the_report_set(three, sets, table, c, name):
    """Every row worked out again from the network's kernel alone."""
    validation, validation_labels, x, labels = sets
    kernel = three._cut.tail.layers[-1].get_weights()[0]
    row = rows(table, name)

    def scores(logits, labels):
        predicted = logits.argmax(axis=1)
        return np.mean(predicted[labels == c] == c), np.mean(predicted[labels != c] == c)

    def smaller(instances, ranking, top, bottom):
        order = np.argsort(-ranking)
        kept = [*order[: int(top)], *order[len(order) - int(bottom) :]]
        return instances[:, kept] @ kernel[kept]

    recall, rate = scores(x @ kernel, labels)
    assert row["original"].recall == pytest.approx(recall)
    assert row["original"].false_positive_rate == pytest.approx(rate)
    for ranking in ("influence", "activation"):
        influence = rankings(three)[ranking][c]
        chosen = row[ranking].top, row[ranking].bottom
        recall, rate = scores(smaller(x, influence, *chosen), labels)
        assert row[ranking].recall == pytest.approx(recall)
        assert row[ranking].false_positive_rate == pytest.approx(rate)
        # No combination is better on validation.
        best = scores(smaller(validation, influence, *chosen), validation_labels)[0]
        for top in (0, 1, 2, 3, 4, 6):
            for bottom in (0, 1, 2, 3, 4, 6):
                if 0 < top + bottom <= 8:
                    logits = smaller(validation, influence, top, bottom)
                    assert scores(logits, validation_labels)[0] <= best + 1e-9
    assert row["random"].top == row["influence"].top + row["influence"].bottom


@pytest.mark.parametrize(("c", "name"), [(0, "zero"), (1, "one")])
def test_the_biased_original_has_the_rate_of_the_compressed_on_validation(
    three, sets, table, c, name
):
    validation, labels, x, report_labels = sets
    kernel = three._cut.tail.layers[-1].get_weights()[0]
    row = rows(table, name)
    data = three.cache(validation, labels)
    influence = rankings(three)["influence"][c]
    chosen = int(row["influence"].top), int(row["influence"].bottom)
    wanted = metrics.false_positive_rate(
        three.logits(data, influence, *chosen).argmax(axis=1), labels, c
    )
    # By brute force: the largest bias on the logit whose rate on validation is not above.
    margins = metrics.margin(validation @ kernel, c)[labels != c]
    allowed = [b for b in -np.sort(margins) if np.mean(margins + b > 0) <= wanted]
    passed = np.mean(metrics.margin(x @ kernel, c)[report_labels == c] + max(allowed) > 0)
    among = 1 / (report_labels == c).sum()
    assert row["original + bias"].recall == pytest.approx(passed, abs=2 * among)


def test_nothing_is_chosen_on_the_data_that_is_reported_on(three, sets, table):
    x, labels = sets[2:]
    shuffled = three.cache(x, np.random.default_rng(0).permutation(labels))
    again = recall_table(
        three, three.cache(*sets[:2]), shuffled, rankings(three), {0: "zero", 1: "one"}
    )
    chosen = ["influence", "activation"]
    for column in ("top", "bottom"):
        ours, theirs = (each[each.network.isin(chosen)][column] for each in (table, again))
        np.testing.assert_array_equal(ours, theirs)
    assert (again.recall != table.recall).any()


def test_random_choices_follow_the_seed(three, sets, table):
    validation, report = three.cache(*sets[:2]), three.cache(*sets[2:])
    tables = [
        recall_table(
            three, validation, report, rankings(three), {0: "zero"}, random_draws=3, seed=s
        )
        for s in (5, 5, 6)
    ]
    random = [each[each.network == "random"].recall.item() for each in tables]
    assert random[0] == random[1] != random[2]


@pytest.mark.parametrize(
    ("names", "draws"), [(["activation"], 3), (["influence"], 0)], ids=["ranking", "draws"]
)
def test_a_table_needs_an_influence_and_a_draw(three, sets, names, draws):
    data = three.cache(*sets[:2])
    some = {name: rankings(three)[name] for name in names}
    with pytest.raises(ValueError, match=r"ranking named 'influence' and at least one random draw"):
        recall_table(three, data, data, some, {0: "zero"}, random_draws=draws)
