"""The recall table, on a network whose answers are known."""

import keras
import numpy as np
import pandas as pd
import pytest
from hand_nets import dense
from keras import layers

from hwkit.compression import Compression
from hwkit.evaluation import metrics
from hwkit.recall_table import recall_table


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


def test_combinations_come_from_the_given_steps(three, sets):
    validation, report = three.cache(*sets[:2]), three.cache(*sets[2:])
    table = recall_table(three, validation, report, rankings(three), {0: "zero"}, steps=(1, 3))
    chosen = table[table.network.isin(["influence", "activation"])]
    assert chosen[["top", "bottom"]].isin([1, 3]).all(axis=None)
