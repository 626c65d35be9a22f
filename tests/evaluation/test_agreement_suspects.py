from __future__ import annotations

import keras
import numpy as np
import pytest
from ring_page import SIDE, network, ring
from scipy.stats import spearmanr
from student_edition import assert_runs_without_answers

from hwkit.checks.agreement_hunt import AGREEMENT_HUNT
from hwkit.evaluation.agreement_suspects import agreement_suspects, seen_digits
from hwkit.images.zero_one import load_zero_one
from hwkit.networks import load

VERDICTS = {"A": "sound", "B": "blind to training", "C": "does not add up"}


@pytest.fixture(scope="module")
def nets():
    return load("zero-one"), load("zero-one-control")


@pytest.fixture(scope="module")
def small():
    """Two networks of small pages, and pages of them: half a ring, and a ring upside down."""
    page = np.maximum(ring(), 0)
    half = page * (np.arange(SIDE) < 6)[:, np.newaxis]
    return network(3, seed=6), network(3, seed=7), np.stack([page, half, page[::-1] / 2])


def gains(net, pages, c):
    empty, *full = net(np.concatenate([0 * pages[:1], pages])).numpy().astype(float)[:, c]
    return np.array(full) - empty


def numbers_on(explain, net, control, pages, c):
    """Errors and agreements on each page, worked out anew."""
    here, there = (explain(each, pages, c)[..., 0].astype(float) for each in (net, control))
    gain = gains(net, pages, c)
    errors = np.abs(here.sum(axis=(1, 2)) - gain) / np.abs(gain)
    inked = zip(here, there, pages[..., 0] > 0, strict=True)
    return errors, np.array([spearmanr(a[ink], b[ink]).statistic for a, b, ink in inked])


@pytest.mark.parametrize("c", [0, 1])
def test_margins_are_wide_on_any_eight_digits(nets, c):
    digits = load_zero_one()
    pages, labels = digits.x_test[::2], digits.y_test[::2]
    rng = np.random.default_rng(0)
    draws = [
        np.concatenate([rng.choice(np.flatnonzero(labels == k), 4, replace=False) for k in (0, 1)])
        for _ in range(500)
    ]
    for name, explain in agreement_suspects().items():
        found = numbers_on(explain, *nets, pages, c)
        errors, agreements = (each[np.array(draws)].mean(axis=1) for each in found)
        if VERDICTS[name] == "does not add up":
            assert errors.min() > 0.25
        else:
            assert errors.max() < 0.01
        if VERDICTS[name] == "blind to training":
            assert found[1].min() > 0.999
        else:
            assert np.abs(agreements).max() < 0.5


def test_the_verdicts_hold_on_the_pages_of_the_hunt(nets):
    net, control = nets
    pages = seen_digits(net)
    assert pages.shape == (8, 28, 28, 1)
    assert (net(pages).numpy().argmax(axis=1) == [0, 0, 0, 0, 1, 1, 1, 1]).all()
    for name, explain in agreement_suspects().items():
        errors, agreements = numbers_on(explain, net, control, pages, 1)
        if agreements.mean() > 0.9:
            told = "blind to training"
        else:
            told = "does not add up" if errors.mean() > 0.1 else "sound"
        assert told == VERDICTS[name]


def test_a_network_that_sees_too_few_digits_right_is_refused():
    """One that says 0 where the course's network says 1, and the other way round."""
    net = load("zero-one")
    turned = keras.models.clone_model(net)
    weights = net.get_weights()
    weights[-2:] = weights[-2][:, ::-1], weights[-1][::-1]
    turned.set_weights(weights)
    with pytest.raises(ValueError, match="sees 0 and 0"):
        seen_digits(turned)


def test_the_check_knows_the_same_verdicts():
    claims = {AGREEMENT_HUNT.digest(name, verdict) for name, verdict in VERDICTS.items()}
    assert claims == AGREEMENT_HUNT.true


def test_of_a_linear_network_the_sound_one_is_weights_times_ink(small):
    source = keras.Input((SIDE, SIDE, 1))
    scores = keras.layers.Dense(2, name="score")(keras.layers.Flatten()(source))
    linear = keras.Model(source, scores)
    weights = linear.get_layer("score").get_weights()[0]
    pages = small[2]
    for c in range(2):
        expected = weights[:, c].reshape(SIDE, SIDE, 1) * pages
        for name in "AC":  # where every way is straight, its start says it all
            np.testing.assert_allclose(
                agreement_suspects()[name](linear, pages, c), expected, atol=1e-5
            )


def test_two_add_up_and_one_takes_the_slope_at_bare_paper(small):
    net, _, pages = small
    for c in range(3):
        for name in "AB":
            found = agreement_suspects()[name](net, pages, c)
            np.testing.assert_allclose(
                found.sum(axis=(1, 2, 3)), gains(net, pages, c), rtol=1e-2, atol=1e-4
            )
        steps = agreement_suspects()["C"](net, pages, c).sum(axis=(1, 2, 3))
        nearly = gains(net, pages * np.float32(1e-3), c) * 1e3
        np.testing.assert_allclose(steps, nearly, rtol=0.05, atol=0.02)


def test_the_blind_one_ranks_the_ink_the_same_whatever_the_network(small):
    net, control, pages = small
    blind = agreement_suspects()["B"]
    for c in range(3):
        _, agreements = numbers_on(blind, net, control, pages, c)
        np.testing.assert_allclose(agreements, 1, atol=1e-6)


def test_maps_look_alike_in_form_and_size(nets):
    net, _ = nets
    pages = seen_digits(net)
    sizes = []
    for explain in agreement_suspects().values():
        found = explain(net, pages, 1)
        assert found.shape == pages.shape
        assert found.dtype == np.float32
        assert not found[pages == 0].any()
        assert (found < 0).any(axis=(1, 2, 3)).all() and (found > 0).any(axis=(1, 2, 3)).all()
        np.testing.assert_array_equal(found, explain(net, pages, 1))
        np.testing.assert_array_equal(found[3], explain(net, pages[3], 1))
        sizes.append(np.abs(found).sum(axis=(1, 2, 3)))
    assert (np.max(sizes, axis=0) < 5 * np.min(sizes, axis=0)).all()


def test_bare_paper_and_a_single_drop_of_ink(small):
    net, _, pages = small
    drop = np.zeros_like(pages[:1])
    drop[0, 5, 5] = 1
    for name, explain in agreement_suspects().items():
        assert not explain(net, 0 * drop, 1).any()
        found = explain(net, drop, 1)
        assert np.isfinite(found).all() and not found[drop == 0].any()
        if name != "C":
            assert found.sum() == pytest.approx(gains(net, drop, 1)[0], rel=1e-2, abs=1e-4)


def test_names_say_nothing_and_errors_say_what_to_do(small):
    net, _, pages = small
    accused = agreement_suspects()
    assert [repr(each) for each in accused.values()] == [f"<suspect {name}>" for name in "ABC"]
    with pytest.raises(ValueError, match="Expected one instance of shape"):
        accused["A"](net, pages[..., 0], 1)
    with pytest.raises(ValueError, match="from 0 to 2"):
        accused["A"](net, pages, 3)


@pytest.mark.slow
def test_the_hunt_works_where_the_answers_are_the_students_to_give(small, tmp_path):
    """And gives the same maps there."""
    net, _, pages = small
    net.save(tmp_path / "net.keras")
    maps = [explain(net, pages, 2) for explain in agreement_suspects().values()]
    np.savez(tmp_path / "given.npz", pages=pages, maps=np.stack(maps))
    script = """
import keras
import numpy as np
from hwkit.evaluation.agreement_suspects import agreement_suspects

given = np.load("given.npz")
net = keras.models.load_model("net.keras")
found = [explain(net, given["pages"], 2) for explain in agreement_suspects().values()]
np.testing.assert_allclose(found, given["maps"], rtol=1e-4, atol=1e-5)
print("all of it works")
"""
    assert_runs_without_answers(script, "agreement", tmp_path)
