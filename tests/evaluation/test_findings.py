"""The notebook's claims about the pocket world, on fewer pictures than docs/findings.md reports."""

from __future__ import annotations

import keras
import pytest

from hwkit import networks
from hwkit.evaluation import findings


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return networks.load("pocket")


def test_integrated_gradients_find_the_object_better_than_edges_do(model):
    shares = findings.shares_inside(model, per_class=3, points=20)
    found = shares["IG, blurred baseline"]
    assert found > shares["Sobel filter"] + 0.05 > shares["area"]
    assert found > shares["IG, blurred baseline, untrained network"] + 0.1


def test_classes_have_neurons_of_their_own(model):
    overlap = findings.neuron_overlap(model, per_class=16)
    assert overlap["same class, two halves: mean"] > 0.65
    assert overlap["different classes: mean"] < 0.35


def test_a_comparison_looks_at_roof_windows_and_spoiler(model):
    parts = findings.comparative_parts(model, images=12)
    assert parts["ratio in pixels"] > 1.5
    assert parts["images whose top neuron holds a larger share"] > 0.8
    assert parts["share in pixels, comparative"] > 1.3 * parts["share of the car's area"]


def test_without_its_roof_a_sports_car_is_a_convertible(model):
    told = findings.without_roof(model, images=40)
    assert told["sports car as drawn"] > 0.85
    assert told["convertible without roof and spoiler"] > 0.65
