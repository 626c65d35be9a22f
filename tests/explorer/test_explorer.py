"""The explorer without a browser: its controls are moved, its views are read."""

from __future__ import annotations

import datetime
import io
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from hwkit import AumannShapley, Explanation, load_world
from hwkit.evaluation.counterfactual import predictions_without
from hwkit.evaluation.regions import share_inside
from hwkit.explorer import NeuronExplorer
from hwkit.explorer.widgets import Tips
from hwkit.images.baselines import blurred
from hwkit.images.frozen import frozen_scene
from hwkit.ranking import neuron_influence, top_neurons

POINTS = 10
SPORTS_CAR, CONVERTIBLE = 1, 2


@pytest.fixture(scope="module")
def world():
    return load_world("pocket")


@pytest.fixture(scope="module")
def shared(world):
    explorer = NeuronExplorer(world, resolution=POINTS)
    yield explorer
    explorer.close()


@pytest.fixture
def explorer(shared):
    """An explorer as it begins; its network is compiled once for all tests."""
    controls = shared.controls
    for control, value in (
        (controls.group, "pelican"),  # so that the next line shows the first picture
        (controls.group, "sports car"),
        (controls.of_class, SPORTS_CAR),
        (controls.versus, -1),
        (controls.top, 5),
        (controls.ranking, "max"),
        (controls.blur, 1),
        (controls.threshold, 0),
        (shared.bars, []),
    ):
        setattr(control, "chosen" if control is shared.bars else "value", value)
    shared.actions.problem = ""
    shared.wait()
    return shared


def maps_of(world, versus=None, instance=None) -> np.ndarray:
    instance = world.images("test_sports_cars")[0] if instance is None else instance
    at = Explanation(world.model, AumannShapley(POINTS, "midpoint")).for_layer("conv4_1")
    ask = at.absolute(SPORTS_CAR) if versus is None else at.comparative(SPORTS_CAR, versus)
    return ask.explain(instance, ignore_difference_term=False).attribution


def neurons_shown(explorer) -> list[int]:
    return [int(picture["id"]) for picture in explorer.neurons.pictures]


def upload(explorer, name: str, data: bytes) -> None:
    explorer.controls.upload.value = [
        {
            "name": name,
            "type": "image/png",
            "size": len(data),
            "content": memoryview(data),
            "last_modified": datetime.datetime.now(),
        }
    ]


# The questions of the homework --------------------------------------------------------------------


def test_begins_with_a_sports_car_and_what_speaks_for_it(world, explorer):
    assert explorer.actions.sentence == "What speaks for sports car?"
    assert explorer.actions.busy == ""
    maps = maps_of(world)
    assert neurons_shown(explorer) == top_neurons(maps, 5).tolist()
    influence = neuron_influence(maps)
    for bar in explorer.bars.bars:
        assert bar["value"] == pytest.approx(influence[bar["id"]], rel=1e-5)


def test_more_neurons(world, explorer):
    explorer.controls.top.value = 8
    explorer.wait()
    assert neurons_shown(explorer) == top_neurons(maps_of(world), 8).tolist()
    assert [bar["top"] for bar in explorer.bars.bars[:10]] == [True] * 8 + [False] * 2


def test_compared_with_a_class(world, explorer):
    explorer.controls.versus.value = CONVERTIBLE
    explorer.wait()
    assert explorer.actions.sentence == "What speaks for sports car rather than convertible?"
    maps = maps_of(world, CONVERTIBLE)
    assert neurons_shown(explorer) == top_neurons(maps, 5).tolist()
    explorer.controls.ranking.value = "min"
    explorer.wait()
    lowest = np.argsort(neuron_influence(maps, "min"))[:5]
    assert neurons_shown(explorer) == lowest.tolist()
    assert all(p["detail"].startswith("-") for p in explorer.neurons.pictures)


def test_the_picture_is_lit_where_it_matters(world, explorer):
    explorer.controls.blur.value = 0
    explorer.controls.threshold.value = 0.3
    explorer.wait()
    scene = frozen_scene("test_sports_cars", 0)
    found = (
        Explanation(world.model, AumannShapley(POINTS, "midpoint"))
        .for_input()
        .absolute(SPORTS_CAR)
        .explain(world.images("test_sports_cars")[0], False, blurred)
    )
    strength = np.abs(found.attribution.sum(axis=-1))
    mask = np.clip(strength / np.percentile(strength, 99), 0, 1)
    expected = scene.image * np.where(mask >= 0.3, mask, 0)[..., None]
    shown = np.frombuffer(explorer.pictures.pictures[1]["pixels"], np.uint8).reshape(96, 96, 3)
    assert np.abs(shown - expected).max() <= 1
    rows = {row["id"]: row["values"] for row in explorer.parts.rows}
    assert rows["wheel"][0] == pytest.approx(share_inside(strength, scene.mask("wheel")), rel=1e-4)


def test_without_the_roof_the_network_says_something_else(world, explorer):
    explorer.parts.off = ["roof", "spoiler"]
    explorer.wait()
    scene = frozen_scene("test_sports_cars", 0)
    before, after = predictions_without(world.model, [scene], ("roof", "spoiler"), world.bound)
    rows = {row["name"]: row["values"] for row in explorer.scores.rows}
    for name in ("sports car", "convertible"):
        c = world.index(name)
        assert rows[name][0] == pytest.approx(after[0, c], abs=1e-3)
        assert rows[name][3] == pytest.approx(before[0, c], abs=1e-3)
    assert explorer.pictures.pictures[0]["caption"] == "sports car 1 without roof and spoiler"
    explorer.controls.thumbnails.chosen = ["1"]  # another picture is whole
    explorer.wait()
    assert explorer.parts.off == []
    assert len(explorer.scores.series) == 3


def test_a_bar_chooses_the_neuron_that_scores_are_about(world, explorer):
    neuron = explorer.bars.bars[10]["id"]
    explorer.bars.chosen = [neuron]
    explorer.wait()
    assert neurons_shown(explorer)[-1] == neuron
    assert explorer.neurons.chosen == [str(neuron)]
    from hwkit.network import cut, in_batches

    parts = cut(world.model, "conv4_1")
    slices = parts.activations(world.images("test_sports_cars")[:1])
    without = slices.copy()
    without[..., neuron] = 0
    expected = in_batches(parts.tail, np.concatenate([slices - without, without]))
    for row in explorer.scores.rows:
        c = world.index(row["name"])
        assert row["values"][1:] == pytest.approx(expected[:, c], abs=1e-3)
    explorer.controls.top.value = 6  # what was chosen by hand stays chosen
    explorer.wait()
    assert explorer.bars.chosen == [neuron]
    explorer.neurons.chosen = []
    explorer.wait()
    assert explorer.bars.chosen == []


# Controls -----------------------------------------------------------------------------------------


def test_the_question_follows_the_pictures_class(explorer):
    explorer.controls.group.value = "pelican"
    assert explorer.actions.sentence == "What speaks for pelican?"
    explorer.controls.of_class.value = SPORTS_CAR  # asked on purpose: it stays
    explorer.controls.group.value = "chainsaw"
    assert explorer.actions.sentence == "What speaks for sports car?"


def test_a_class_is_not_compared_with_itself(explorer):
    controls = explorer.controls
    controls.versus.value = CONVERTIBLE
    controls.of_class.value = CONVERTIBLE
    assert (controls.settings.class_index, controls.settings.versus) == (CONVERTIBLE, None)
    controls.versus.value = SPORTS_CAR
    controls.versus.value = CONVERTIBLE
    assert (controls.settings.class_index, controls.settings.versus) == (SPORTS_CAR, CONVERTIBLE)
    assert controls.of_class.value == SPORTS_CAR


def test_every_control_has_a_label_and_a_tooltip(explorer):
    for control in explorer.controls.column().children:
        if isinstance(control, Tips):
            continue
        if "hwkit-group" in control._dom_classes:
            assert control.value
            continue
        assert getattr(control, "description", "") or control.label
        assert getattr(control, "tooltip", None) or control.label


def test_an_uploaded_picture_is_explained(world, explorer):
    pixels = np.random.default_rng(1).integers(0, 256, (96, 96, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    upload(explorer, "mine.png", file.getvalue())
    explorer.wait()
    assert explorer.pictures.pictures[0]["caption"] == "mine.png"
    assert explorer.pictures.pictures[0]["pixels"] == pixels.tobytes()
    assert explorer.actions.sentence == "What speaks for sports car?"
    maps = maps_of(world, instance=world.bound.from_rgb(pixels))
    assert neurons_shown(explorer) == top_neurons(maps, 5).tolist()
    assert explorer.parts.rows == []
    assert "my pictures" in explorer.controls.group.options


def test_what_is_no_picture_is_told_and_changes_nothing(explorer):
    before = explorer.settings
    upload(explorer, "notes.txt", b"This is text.")
    assert "notes.txt: is not an image" in explorer.actions.problem
    assert explorer.settings == before
    file = io.BytesIO()
    Image.new("RGB", (96, 96), "red").save(file, "PNG")
    upload(explorer, "red.png", file.getvalue())
    assert explorer.actions.problem == ""


def test_a_small_memory_does_not_make_it_compute_for_ever(world):
    explorer = NeuronExplorer(world, resolution=4, top=2)
    explorer._results._largest = 1  # nothing fits but what is in use
    explorer.controls.versus.value = CONVERTIBLE
    explorer.wait()
    deadline = time.monotonic() + 60
    while explorer._worker._thread is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert explorer._worker._thread is None  # what is likely to be wanted next is computed once
    explorer.close()
    assert explorer._results.size == 0


def test_closing_ends_the_work(world):
    explorer = NeuronExplorer(world, resolution=200)
    explorer.close()
    deadline = time.monotonic() + 60
    while explorer._worker._thread is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert explorer._worker._thread is None
    seen = [key for key in explorer._results._entries if key.kind == "projection"]
    assert len(seen) <= 1  # what was under way may have been finished


# A student's own ----------------------------------------------------------------------------------


def test_a_wrong_implementation_shows_as_wrong_pictures(world, explorer):
    class Forgotten(AumannShapley):
        """Takes the gradient at the end alone."""

        def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
            z = self.activations(instance)
            return self.gradients(z) * (1 if ignore_difference_term else z)

    wrong = NeuronExplorer(world, method=Forgotten(), resolution=POINTS)
    wrong.wait()
    assert [p["pixels"] for p in wrong.pictures.pictures[:1]] == [
        p["pixels"] for p in explorer.pictures.pictures[:1]
    ]
    for place in (1, 2):
        right, other = (each.pictures.pictures[place] for each in (explorer, wrong))
        assert right["pixels"] != other["pixels"]
    assert neurons_shown(wrong) != neurons_shown(explorer)
    wrong.close()


def test_an_empty_blank_is_named_in_its_place(world):
    class MyAumannShapley(AumannShapley):
        def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
            raise ZeroDivisionError("division by zero")

    explorer = NeuronExplorer(world, method=MyAumannShapley(), resolution=POINTS)
    explorer.wait()
    assert explorer.pictures.pictures[1]["message"] == "ZeroDivisionError: division by zero"
    assert explorer.bars.message == "ZeroDivisionError: division by zero"
    assert explorer.scores.rows  # what needs no attribution is there
    explorer.close()


class Nothing(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        return 0 * self.activations(instance)


class NotNumbers(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        return np.nan * self.activations(instance)


def test_an_implementation_that_gives_nothing_shows_nothing(world):
    explorer = NeuronExplorer(world, method=Nothing(), resolution=4, top=2)
    explorer.wait()
    assert explorer.actions.problem == ""
    assert not any(explorer.pictures.pictures[1]["pixels"])
    assert {bar["value"] for bar in explorer.bars.bars} == {0}
    explorer.close()


def test_what_is_no_number_or_has_another_shape_is_told_in_its_place(world):
    explorer = NeuronExplorer(world, method=NotNumbers(), resolution=4, top=2)
    explorer.wait()
    assert explorer.pictures.pictures[1]["message"].startswith("Expected finite attributions")
    assert explorer.bars.message.startswith("Expected finite attributions")
    explorer.close()

    def flat(explanation, layer, neuron, instance, focus=None):
        found = explanation.for_input().channel(layer, neuron, focus).explain(instance, False)
        return replace(found, attribution=found.attribution.sum(axis=-1))

    explorer = NeuronExplorer(world, project=flat, resolution=4, top=2)
    explorer.wait()
    told = "Expected attributions of the picture, (96, 96, 3). Received: shape (96, 96)."
    assert explorer.neurons.pictures[0]["message"] == told
    explorer.close()


def test_an_error_in_the_page_is_told_and_does_not_stop_it(monkeypatch, explorer):
    from hwkit.explorer import app

    with monkeypatch.context() as patched:
        patched.setattr(app, "page_of", lambda *_: 1 / 0)
        explorer.controls.top.value = 3
        assert "ZeroDivisionError" in explorer.actions.problem
    explorer.controls.top.value = 4
    explorer.wait()
    assert len(neurons_shown(explorer)) == 4
    explorer.neurons.chosen = ["place 0", explorer.neurons.pictures[0]["id"]]
    explorer.wait()
    assert len(explorer.settings.selected) == 1


def test_own_functions_take_part(world):
    seen = set()

    def ranking(maps, k):
        seen.add("top_neurons")
        return np.arange(maps.shape[-1])[::-1][:k]

    def keep(activations, influence, top, bottom):
        seen.add("compress")
        return activations

    def project(explanation, layer, neuron, instance, focus=None):
        seen.add("project")
        return explanation.for_input().channel(layer, neuron, focus).explain(instance, False)

    explorer = NeuronExplorer(
        world, top_neurons=ranking, compress=keep, project=project, resolution=POINTS
    )
    explorer.wait()
    assert seen == {"top_neurons", "compress", "project"}
    assert neurons_shown(explorer) == [63, 62, 61, 60, 59]
    for row in explorer.scores.rows:
        assert row["values"][1:] == pytest.approx([row["values"][0]] * 2, abs=1e-4)
    explorer.close()


# Taking it along ----------------------------------------------------------------------------------


def test_the_figure_holds_what_the_page_shows(explorer):
    figure = explorer.figure()
    titles = [axis.get_title() for axis in figure.axes]
    assert figure.get_suptitle() == explorer.actions.sentence
    for picture in explorer.neurons.pictures:
        (place,) = [t for t in titles if t.startswith(f"neuron {picture['id']}\n")]
        shown = figure.axes[titles.index(place)].images[0].get_array()
        assert np.asarray(shown, np.uint8).tobytes() == picture["pixels"]


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_saving_sends_a_file(explorer, kind, start):
    sent, there = [], threading.Event()

    def send_file(*arguments):
        sent.append(arguments)
        there.set()

    explorer.actions.send_file = send_file
    explorer._save(kind)
    assert there.wait(60)
    ((name, media, data),) = sent
    assert name == f"explorer.{kind}"
    assert kind in media
    assert data.startswith(start)


def test_the_code_follows_the_controls(explorer):
    explorer.controls.versus.value = CONVERTIBLE
    explorer.parts.off = ["roof"]
    code = explorer.actions.code
    assert "comparative(c, other)" in code
    assert '.without("roof")' in code
    compile(code, "cell", "exec")


# Errors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ({"class_name": "sport car"}, "Did you mean sports car"),
        ({"class_name": "pelican", "versus": "pelican"}, "Expected two different classes"),
        ({"tops": 3}, "Expected settings among .*Received: tops"),
        ({"group": "cats"}, "Expected a group of pictures"),
        ({"top": 20}, "Expected top as a whole number from 1 to 12. Received: top=20"),
        ({"resolution": 2.5}, "Expected resolution as a whole number from 2 to 200"),
        ({"threshold": 2}, "Expected threshold as a number from 0 to 0.9"),
        ({"ranking": "median"}, "Expected ranking among max, mean, min, own"),
        ({"rule": "x"}, "Expected rule among right, left"),
    ],
)
def test_what_cannot_be_begun_with_is_told(world, start, told):
    with pytest.raises(ValueError, match=told):
        NeuronExplorer(world, **start)
