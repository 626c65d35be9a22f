"""Agreement of methods: on networks that are known, and summed up as numpy does it by hand."""

from __future__ import annotations

import warnings

import keras
import numpy as np
import pytest
from scipy.stats import spearmanr

from hwkit.evaluation.agreement import (
    METHODS,
    Agreement,
    Reading,
    Setting,
    aggregated,
    method_maps,
    over_seeds,
    sweep,
    sweep_readings,
)
from hwkit.images.bounds import UNIT

SIDE = 8


def network(use_bias: bool = False, seed: int = 4) -> keras.Model:
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    entry = keras.Input((SIDE, SIDE, 2))
    x = layers.Conv2D(3, 3, activation="relu", use_bias=use_bias, bias_initializer="normal")(entry)
    x = layers.Dense(24, activation="relu", use_bias=use_bias, bias_initializer="normal")(
        layers.Flatten()(x)
    )
    return keras.Model(entry, layers.Dense(3, use_bias=use_bias, name="score")(x))


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return network()


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    """Ink on a left half; the right half is the reference, 0."""
    pictures = np.random.default_rng(0).uniform(0.2, 1, (12, SIDE, SIDE, 2)).astype(np.float32)
    pictures[:, :, SIDE // 2 :] = 0
    return pictures


class TestAggregation:
    def test_is_numpys_of_the_pictures_that_count(self):
        values = np.random.default_rng(1).uniform(-1, 1, (9, 3, 3))
        values[2:5, 0, 1] = values[2:5, 1, 0] = np.nan
        mean, deviation, counted = aggregated(values)
        np.testing.assert_allclose(mean, np.nanmean(values, axis=0))
        np.testing.assert_allclose(deviation, np.nanstd(values, axis=0, ddof=1))
        assert counted[0, 1] == 6 and counted[0, 2] == 9 and counted.dtype.kind == "i"

    def test_of_none_and_of_one_is_not_a_number_and_no_warning(self):
        values = np.full((3, 2, 2), np.nan)
        values[0, 0, 0] = 0.5
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            mean, deviation, counted = aggregated(values)
        assert mean[0, 0] == 0.5 and np.isnan(mean[0, 1])
        assert np.isnan(deviation).all() and counted.tolist() == [[1, 0], [0, 0]]


class TestSweep:
    def test_lrp_deeplift_and_gradient_times_input_coincide_without_biases(self, model, pictures):
        found = sweep(model, ["lrp", "gxi", "gbp", "deeplift", "ig"], pictures, progress=False)
        for name in ("lrp", "deeplift", "ig"):
            np.testing.assert_allclose(found.pair(name, "gxi"), 1, atol=2e-3)
        np.testing.assert_array_equal(np.diag(found.mean), 1)
        np.testing.assert_array_equal(np.diag(found.deviation), 0)
        assert found.mean[0, 2] < 0.99 and (found.counted == 12).all()

    def test_is_spearmans_correlation_of_the_maps(self, model, pictures):
        names = ["ig", "gbp", "sensitivity"]
        maps = method_maps(model, names, pictures, progress=False)
        found = sweep(model, names, pictures, progress=False)
        assert maps["ig"].shape == (12, SIDE**2)
        expected = [
            spearmanr(*rows).statistic for rows in zip(maps["ig"], maps["gbp"], strict=True)
        ]
        np.testing.assert_allclose(found.pair("ig", "gbp"), expected, atol=1e-12)

    def test_maps_are_the_methods_with_their_channels_added(self, model, pictures):
        from hwkit import AumannShapley, Explanation

        labels = np.arange(12) % 3
        maps = method_maps(model, ["ig"], pictures, labels, progress=False)["ig"]
        method = AumannShapley(50, "midpoint", progress=False)
        for row, c in enumerate(labels):
            question = Explanation(model, method).for_input().absolute(int(c))
            alone = question.explain(pictures[row], False).attribution.sum(axis=-1)
            np.testing.assert_allclose(maps[row].reshape(SIDE, SIDE), alone, atol=1e-5)

    def test_ink_only_is_the_maps_without_the_paper(self, model, pictures):
        names = ["gbp", "random-x-input"]
        readings = [Reading(), Reading(where="ink"), Reading(absolute=True)]
        everywhere, ink, sizes = sweep_readings(model, names, pictures, readings, progress=False)
        maps = method_maps(model, names, pictures, progress=False)
        inked = (pictures[0] != 0).any(axis=-1).ravel()
        assert inked.sum() == SIDE**2 // 2
        one, other = (maps[name][0] for name in names)
        assert ink.pair(*names)[0] == pytest.approx(spearmanr(one[inked], other[inked])[0])
        assert everywhere.pair(*names)[0] == pytest.approx(spearmanr(one, other)[0])
        assert sizes.pair(*names)[0] == pytest.approx(spearmanr(abs(one), abs(other))[0])

    def test_random_numbers_times_the_picture_agree_in_size_because_of_the_paper(
        self, model, pictures
    ):
        methods = {"one": "random-x-input", "ink": lambda _model, x, _c: np.abs(x)}
        readings = [Reading(absolute=True), Reading(absolute=True, where="ink")]
        paper, ink = sweep_readings(model, methods, pictures, readings, progress=False)
        assert paper.mean[0, 1] > 0.75 > 0.45 > ink.mean[0, 1]

    def test_a_batch_and_its_size_change_nothing(self, model, pictures):
        names = ["gxi", "random", "random-x-input", "kernelshap"]
        whole = sweep(model, names, pictures, progress=False)
        parts = sweep(model, names, pictures, batch=5, progress=False)
        np.testing.assert_allclose(parts.correlations, whole.correlations, atol=2e-3)

    def test_each_method_by_name_has_something_to_say(self, pictures):
        setting = Setting(bound=UNIT, points=5)
        found = sweep(network(True), list(METHODS), pictures[:2], setting=setting, progress=False)
        assert (found.counted == 2).all()

    def test_a_constant_map_is_left_out_and_counted(self, model, pictures):
        def blank_at_first(_model, x, c):
            return np.where(np.arange(len(x)) == 0, 0, 1)[:, None, None, None] * x

        methods = {"blank": blank_at_first, "gradient": "sensitivity"}
        labels = np.zeros(12, int)
        found = sweep(model, methods, pictures, labels, progress=False)
        assert found.counted.tolist() == [[11, 11], [11, 12]]
        np.testing.assert_allclose(found.mean[0, 1], np.nanmean(found.pair("blank", "gradient")))
        (row,) = found.table().to_dict("records")
        assert (row["counted"], row["undefined"], row["class"]) == (11, 1, "all")

    def test_other_measures(self, model, pictures):
        def same_sign(a, b):
            return (np.sign(a) == np.sign(b)).mean(axis=1)

        names = ["ig", "gbp"]
        readings = [Reading("kendall"), Reading("overlap", where="ink"), Reading(same_sign)]
        readings += [Reading(same_sign, where="ink")]
        found = sweep_readings(model, names, pictures, readings, progress=False)
        maps = method_maps(model, names, pictures, progress=False)
        np.testing.assert_allclose(found[2].pair(*names), same_sign(maps["ig"], maps["gbp"]))
        inked = (pictures[3] != 0).any(axis=-1).ravel()
        alone = same_sign(maps["ig"][3:4, inked], maps["gbp"][3:4, inked])
        np.testing.assert_allclose(found[3].pair(*names)[3], alone)
        assert all((each.counted == 12).all() for each in found)

    def test_what_cannot_be_asked_is_told(self, model, pictures):
        with pytest.raises(ValueError, match="Did you mean sensitivity"):
            sweep(model, ["ig", "sensitivty"], pictures)
        with pytest.raises(ValueError, match="each once"):
            sweep(model, ["ig", "ig"], pictures)
        with pytest.raises(TypeError, match="list of methods"):
            sweep(model, "ig", pictures)
        with pytest.raises(ValueError, match="labels from 0 to 2"):
            sweep(model, ["ig"], pictures, np.full(12, 3))
        with pytest.raises(ValueError, match="several pictures"):
            sweep(model, ["ig"], pictures[0])
        with pytest.raises(ValueError, match="a baseline that is a number"):
            sweep(model, ["ig"], pictures, setting=Setting(np.zeros((3, 3))))
        with pytest.raises(ValueError, match="maps of 'own'"):
            sweep(model, {"own": lambda _m, x, _c: x[..., 0]}, pictures, progress=False)
        with pytest.raises(ValueError, match="where"):
            Reading(where="paper")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="measure"):
            Reading("pearson")

    def test_a_layer_that_stops_a_method_is_named(self, pictures):
        entry = keras.Input((SIDE, SIDE, 2))
        odd = keras.layers.UnitNormalization(name="odd")(keras.layers.Flatten()(entry))
        stopping = keras.Model(entry, keras.layers.Dense(3)(odd))
        with pytest.raises(ValueError, match=r"'lrp' cannot be asked.*'odd'.*leave it out"):
            sweep(stopping, ["lrp", "ig"], pictures, progress=False)


class TestResults:
    @pytest.fixture
    def found(self) -> Agreement:
        rng = np.random.default_rng(3)
        values = rng.uniform(-0.2, 0.9, (40, 2, 2))
        values[:, 1, 0] = values[:, 0, 1]
        values[:, [0, 1], [0, 1]] = 1
        return Agreement(("a", "b"), values, np.arange(40) % 2)

    def test_classes_by_themselves(self, found):
        parts = found.per_class()
        assert list(parts) == [0, 1]
        np.testing.assert_allclose(
            parts[1].mean[0, 1], found.correlations[1::2, 0, 1].mean(), rtol=1e-12
        )
        table = found.table(("nought", "one"))
        assert table["class"].tolist() == ["all", "nought", "one"]
        assert table.counted.tolist() == [40, 20, 20]

    def test_the_interval_is_about_two_standard_errors_wide(self, found):
        interval = found.intervals()["a", "b"]
        error = found.deviation[0, 1] / np.sqrt(40)
        assert interval.estimate == pytest.approx(found.mean[0, 1])
        assert interval.high - interval.low == pytest.approx(2 * 1.96 * error, rel=0.08)

    def test_a_method_that_was_not_asked(self, found):
        with pytest.raises(ValueError, match="'c'"):
            found.pair("a", "c")

    def test_seeds_of_training(self, found):
        other = Agreement(found.names, found.correlations - 0.1, found.classes)
        spread = over_seeds([found, other])
        np.testing.assert_allclose(spread.mean, found.mean - 0.05)
        np.testing.assert_allclose(spread.between_seeds, 0.1 / np.sqrt(2))
        np.testing.assert_allclose(spread.between_pictures, found.deviation, atol=1e-12)
        with pytest.raises(ValueError, match="two networks"):
            over_seeds([found])
