from __future__ import annotations

import itertools
from math import comb

import keras
import numpy as np
import pytest
from ring_page import SIDE, network, ring
from scipy.stats import spearmanr
from student_edition import assert_runs_without_answers

from hwkit.attribution.superpixels import blocks
from hwkit.checks.surrogate_hunt import SURROGATE_HUNT
from hwkit.evaluation.randomisation import shuffled
from hwkit.evaluation.surrogate_suspects import hidden_page, surrogate_suspects
from hwkit.images.digits import load_digits
from hwkit.networks import load

VERDICTS = {"A": "does not add up", "B": "blind to the network", "C": "sound"}
CLASSES = 4
SEGMENTS = np.arange(SIDE**2).reshape(SIDE, SIDE) // 4 % 3 + 3 * (np.arange(SIDE)[:, None] // 4)


@pytest.fixture(scope="module")
def net():
    return network(CLASSES, seed=6)


@pytest.fixture(scope="module")
def page():
    return ring()


def gains(net, page):
    last, first = net(np.stack([page, 0 * page])).numpy().astype(float)
    return last - first


def verdict_on(here, there, gain):
    """By the two tests of the notebook, worked out anew."""
    if spearmanr(np.abs(here), np.abs(there)).statistic > 0.9:
        return "blind to the network"
    return "does not add up" if abs(here.sum() - gain) / abs(gain) > 0.1 else "sound"


@pytest.mark.parametrize("name", ["digits-lenet", "digits"])
def test_the_verdicts_hold_for_digits_of_every_class(name):
    net, digits, segments = load(name), load_digits(), blocks(4)(np.zeros((28, 28)))
    other = shuffled(net, seed=0)
    for c in range(10):
        page = digits.x_test[np.flatnonzero(digits.y_test == c)[c]]
        gain = gains(net, page)
        for asked in (c, (c + 4) % 10):
            told = {
                name: verdict_on(
                    *(explain(each, page, asked, segments) for each in (net, other)), gain[asked]
                )
                for name, explain in surrogate_suspects().items()
            }
            assert told == VERDICTS, (c, asked)


def test_the_check_knows_the_same_verdicts():
    claims = {SURROGATE_HUNT.digest(name, verdict) for name, verdict in VERDICTS.items()}
    assert claims == SURROGATE_HUNT.true


def test_the_sound_one_gives_shapley_values(net, page):
    """Against their definition, over all coalitions of nine blocks."""
    coalitions = np.array(list(itertools.product([0, 1], repeat=9)))
    pages = np.stack([page[..., 0] * row[SEGMENTS] for row in coalitions])[..., np.newaxis]
    scores = net(pages).numpy().astype(float)
    worth = {tuple(row): each for row, each in zip(coalitions, scores, strict=True)}
    exact = np.zeros((9, CLASSES))
    for row, without in worth.items():
        for player in np.flatnonzero(np.array(row) == 0):
            joined = (*row[:player], 1, *row[player + 1 :])
            exact[player] += (worth[joined] - without) / (9 * comb(8, sum(row)))
    for c in range(CLASSES):
        found = surrogate_suspects()["C"](net, page, c, SEGMENTS)
        assert found.sum() == pytest.approx(gains(net, page)[c], rel=1e-5)
        assert np.abs(found - exact[:, c]).sum() < 0.08 * np.abs(exact[:, c]).sum()


def test_the_leaving_ones_never_add_up(page):
    """Not even where they truly do: in a linear network."""
    source = keras.Input((SIDE, SIDE, 1))
    scores = keras.layers.Dense(CLASSES, name="score")(keras.layers.Flatten()(source))
    linear = keras.Model(source, scores)
    weights = linear.get_layer("score").get_weights()[0]
    terms = weights.reshape(SIDE, SIDE, CLASSES) * page
    true = np.stack([terms[block == SEGMENTS].sum(axis=0) for block in range(9)]).astype(float)
    for c in range(CLASSES):
        sound, lost = (surrogate_suspects()[name](linear, page, c, SEGMENTS) for name in "CA")
        np.testing.assert_allclose(sound, true[:, c], atol=1e-5)
        # The same but for its size.
        np.testing.assert_allclose(lost / lost[0], true[:, c] / true[0, c], rtol=1e-3)
        assert abs(lost.sum()) < 0.63 * abs(true[:, c].sum())


def test_the_blind_one_adds_up_and_gives_the_same_to_every_network(net, page):
    blind, other = surrogate_suspects()["B"], shuffled(net, seed=3)
    for c in range(CLASSES):
        here, there = (blind(each, page, c, SEGMENTS) for each in (net, other))
        assert here.sum() == pytest.approx(gains(net, page)[c], rel=1e-5)
        np.testing.assert_allclose(here / here.sum(), there / there.sum(), rtol=1e-6)
    # What a block has there is what it gives back: no ink, and the others have more.
    blank = page.copy()
    blank[SEGMENTS == 1] = -1
    shares = [each / each.sum() for each in (blind(net, x, 0, SEGMENTS) for x in (page, blank))]
    assert abs(shares[1][1]) < abs(shares[0][1])


def test_values_look_alike_in_form_and_size(net):
    digits, lenet = load_digits(), load("digits-lenet")
    segments = blocks(4)(digits.x_test[0])
    for c in range(10):
        page = digits.x_test[np.flatnonzero(digits.y_test == c)[0]]
        sizes = []
        for explain in surrogate_suspects().values():
            found = explain(lenet, page, c, segments)
            assert found.shape == (16,)
            assert found.dtype == np.float64
            assert (found < 0).any() and (found > 0).any()
            np.testing.assert_array_equal(found, explain(lenet, page, c, segments))
            sizes.append(np.abs(found).sum())
        assert max(sizes) < 4 * min(sizes)


def test_a_hidden_page_has_nothing_to_explain(net, page):
    assert not hidden_page(page).any()
    for explain in surrogate_suspects().values():
        np.testing.assert_allclose(explain(net, hidden_page(page), 1, SEGMENTS), 0, atol=1e-5)


def test_names_say_nothing_and_errors_say_what_to_do(net, page):
    accused = surrogate_suspects()
    assert [repr(each) for each in accused.values()] == [f"<suspect {name}>" for name in "ABC"]
    with pytest.raises(ValueError, match=r"one instance \(h, w, 1\)"):
        accused["A"](net, page[None], 1, SEGMENTS)
    with pytest.raises(ValueError, match="from 0 to 3"):
        accused["A"](net, page, 4, SEGMENTS)
    with pytest.raises(ValueError, match="every number from 0"):
        accused["A"](net, page, 1, SEGMENTS + 1)


@pytest.mark.slow
def test_the_hunt_works_where_the_answers_are_the_students_to_give(net, page, tmp_path):
    """And gives the same values there."""
    net.save(tmp_path / "net.keras")
    values = [explain(net, page, 2, SEGMENTS) for explain in surrogate_suspects().values()]
    np.savez(tmp_path / "given.npz", page=page, segments=SEGMENTS, values=np.stack(values))
    script = """
import keras
import numpy as np
from hwkit.attribution.superpixel_game import masked
from hwkit.evaluation.surrogate_suspects import surrogate_suspects

given = np.load("given.npz")
try:
    masked(given["page"], given["segments"], np.ones((1, 9)), 0 * given["page"])
    raise SystemExit("this edition holds answers")
except NotImplementedError:
    pass
net = keras.models.load_model("net.keras")
suspects = surrogate_suspects().values()
found = [explain(net, given["page"], 2, given["segments"]) for explain in suspects]
np.testing.assert_allclose(found, given["values"], rtol=1e-4, atol=1e-5)
print("all of it works")
"""
    assert_runs_without_answers(script, "surrogates", tmp_path)
