from __future__ import annotations

import keras
import numpy as np
import pytest
from ring_page import SIDE, network, ring
from scipy.stats import spearmanr

from hwkit.checks.class_hunt import CLASS_HUNT
from hwkit.evaluation.digit_suspects import digit_suspects
from hwkit.images.digits import load_digits
from hwkit.networks import load

VERDICTS = {"A": "sound", "B": "does not conserve", "C": "blind to the class"}
CLASSES = 5


@pytest.fixture(scope="module")
def net():
    return network(CLASSES, seed=4)


@pytest.fixture(scope="module")
def page():
    return ring()


@pytest.fixture(scope="module")
def maps(net, page):
    return {
        name: np.stack([explain(net, page, c) for c in range(CLASSES)])
        for name, explain in digit_suspects().items()
    }


def gains(net, page):
    last, first = net(np.stack([page, np.full_like(page, -1)])).numpy().astype(float)
    return last - first


def verdict_on(found, gain, c, rival):
    """By the two tests of the notebook, worked out anew."""
    error = abs(float(found[c].sum()) - gain[c]) / abs(gain[c])
    if spearmanr(np.abs(found[c]).ravel(), np.abs(found[rival]).ravel()).statistic > 0.9:
        return "blind to the class"
    return "does not conserve" if error > 0.1 else "sound"


def test_the_verdicts_hold_by_the_two_tests_for_every_class(net, page, maps):
    gain = gains(net, page)
    for c in range(CLASSES):
        for rival in set(range(CLASSES)) - {c}:
            assert {n: verdict_on(each, gain, c, rival) for n, each in maps.items()} == VERDICTS


def test_the_verdicts_hold_for_digits_of_every_class():
    net, digits = load("digits"), load_digits()
    chosen = [np.flatnonzero(digits.y_test == c)[1] for c in range(10)]
    for page in digits.x_test[chosen]:
        gain, seen = gains(net, page), int(net(page[None]).numpy().argmax())
        found = {
            name: {c: explain(net, page, c) for c in range(10)}
            for name, explain in digit_suspects().items()
        }
        for rival in set(range(10)) - {seen}:
            told = {name: verdict_on(each, gain, seen, rival) for name, each in found.items()}
            assert told == VERDICTS


def test_the_check_knows_the_same_verdicts():
    claims = {CLASS_HUNT.digest(name, verdict) for name, verdict in VERDICTS.items()}
    assert claims == CLASS_HUNT.true


def test_of_a_linear_network_the_sound_one_is_weights_times_ink(page):
    source = keras.Input((SIDE, SIDE, 1))
    scores = keras.layers.Dense(3, name="score")(keras.layers.Flatten()(source))
    linear = keras.Model(source, scores)
    weights = linear.get_layer("score").get_weights()[0]
    for c in range(3):
        expected = weights[:, c].reshape(page.shape) * (page + 1)
        np.testing.assert_allclose(digit_suspects()["A"](linear, page, c), expected, atol=1e-5)


def test_two_conserve_and_one_gives_one_map_for_all(net, page, maps):
    gain = gains(net, page)
    for name, tolerance in (("A", 1e-2), ("C", 1e-5)):
        sums = maps[name].sum(axis=(1, 2, 3))
        assert np.abs(sums - gain).max() < tolerance * np.abs(gain).max()
    alike = maps["C"] / np.abs(maps["C"]).max(axis=(1, 2, 3), keepdims=True)
    np.testing.assert_allclose(np.abs(alike), np.abs(alike[:1]).repeat(CLASSES, 0), atol=1e-5)


def test_maps_look_alike_in_form(maps):
    for each in maps.values():
        assert each.shape == (CLASSES, SIDE, SIDE, 1)
        assert each.dtype == np.float32
        assert (each < 0).any() and (each > 0).any()


def test_an_empty_page_has_nothing_to_explain(net):
    empty = np.full((SIDE, SIDE, 1), -1, np.float32)
    for explain in digit_suspects().values():
        found = explain(net, empty, 1)
        assert np.isfinite(found).all()
    assert digit_suspects()["A"](net, empty, 1).sum() == pytest.approx(0, abs=1e-4)


def test_names_say_nothing_and_errors_say_what_to_do(net, page):
    accused = digit_suspects()
    assert [repr(each) for each in accused.values()] == [f"<suspect {name}>" for name in "ABC"]
    with pytest.raises(ValueError, match=r"one instance \(h, w, 1\)"):
        accused["A"](net, page[None], 1)
    with pytest.raises(ValueError, match="from 0 to 4"):
        accused["A"](net, page, 5)
