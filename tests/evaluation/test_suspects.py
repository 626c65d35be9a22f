from __future__ import annotations

import keras
import numpy as np
import pytest
from scipy.stats import spearmanr

from hwkit.checks.hunt import HUNT
from hwkit.evaluation.suspects import randomised, suspects

VERDICTS = {"A": "ignores the network", "B": "sound", "C": "incomplete"}
C = 2


@pytest.fixture(scope="module")
def net():
    keras.utils.set_random_seed(3)
    source = keras.Input((16, 16, 3))
    x = keras.layers.Conv2D(6, 3, activation="relu", padding="same")(source)
    x = keras.layers.MaxPooling2D(2)(x)
    x = keras.layers.Conv2D(8, 3, activation="relu")(x)
    x = keras.layers.Flatten()(x)
    return keras.Model(source, keras.layers.Dense(4)(x))


@pytest.fixture(scope="module")
def picture():
    rng = np.random.default_rng(5)
    rows, columns = np.mgrid[:16, :16]
    disc = ((rows - 7) ** 2 + (columns - 8) ** 2 < 25)[..., None] * np.array([3.0, -2.0, 1.0])
    return (disc + rng.normal(0, 0.2, (16, 16, 3))).astype(np.float32)


@pytest.fixture(scope="module")
def maps(net, picture):
    other = randomised(net)
    return {
        name: (explain(net, picture, C), explain(other, picture, C))
        for name, explain in suspects().items()
    }


def gain(net, picture):
    scores = net(np.stack([picture, 0 * picture])).numpy()
    return scores[0, C] - scores[1, C]


def test_the_verdicts_hold_by_the_two_tests(net, picture, maps):
    whole = gain(net, picture)
    found = {}
    for name, (here, there) in maps.items():
        complete = abs(here.sum() - whole) / abs(whole) <= 0.1
        similarity = spearmanr(np.abs(here).ravel(), np.abs(there).ravel()).statistic
        found[name] = (
            "ignores the network" if similarity > 0.9 else "sound" if complete else "incomplete"
        )
    assert found == VERDICTS


def test_the_check_knows_the_same_verdicts():
    assert {HUNT.digest(name, verdict) for name, verdict in VERDICTS.items()} == HUNT.true


def test_the_impostor_adds_up_exactly(net, picture, maps):
    whole = gain(net, picture)
    assert maps["A"][0].sum() == pytest.approx(whole, rel=1e-4)
    # It is the same map, but for its scale, whatever the network is.
    here, there = (each / np.abs(each).max() for each in maps["A"])
    np.testing.assert_allclose(np.abs(here), np.abs(there), atol=1e-5)


def test_the_sound_one_is_integrated_gradients(net, picture, maps):
    from hwkit import AumannShapley, Explanation

    found = Explanation(net, AumannShapley(400, "midpoint")).for_input().absolute(C)
    true = found.explain(picture, False).attribution
    assert np.abs(maps["B"][0] - true).sum() < 0.05 * np.abs(true).sum()


def test_attributions_look_alike_in_form(maps):
    for here, _ in maps.values():
        assert here.shape == (16, 16, 3)
        assert here.dtype == np.float32
        assert (here < 0).any() and (here > 0).any()


def test_randomised_keeps_topology_and_spread_but_no_weight(net):
    other, again = randomised(net), randomised(net)
    # The input has no weights; Keras gives its layer another name in a clone.
    assert [layer.name for layer in other.layers[1:]] == [layer.name for layer in net.layers[1:]]
    for before, after, same in zip(
        net.get_weights(), other.get_weights(), again.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(after, same)
        if before.ndim > 1:
            assert abs(np.corrcoef(before.ravel(), after.ravel())[0, 1]) < 0.3
            assert after.std() == pytest.approx(before.std(), rel=0.2)
    kernels = [w for w in randomised(net, seed=1).get_weights() if w.ndim > 1]
    assert not np.array_equal(kernels[0], other.get_weights()[0])


def test_a_picture_of_one_colour_is_explained(net):
    flat = np.full((16, 16, 3), 0.5, np.float32)
    found = suspects()["A"](net, flat, C)
    assert np.isfinite(found).all()
    assert found.sum() == pytest.approx(gain(net, flat), rel=1e-3)


def test_names_say_nothing_and_errors_say_what_to_do(net, picture):
    accused = suspects()
    assert [repr(each) for each in accused.values()] == [f"<suspect {name}>" for name in "ABC"]
    with pytest.raises(ValueError, match="one instance"):
        accused["B"](net, picture[None], C)
    with pytest.raises(ValueError, match="from 0 to 3"):
        accused["B"](net, picture, 4)
