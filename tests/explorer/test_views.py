"""The page as data: what is there is shown, what is not is noted, previews stand in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hwkit.evaluation.regions import share_inside
from hwkit.explorer import chart_views, keys, picture_views
from hwkit.explorer.albums import ArrayAlbum, SceneAlbum
from hwkit.explorer.chart_views import Chosen
from hwkit.explorer.computing import Attribution, Order
from hwkit.explorer.keys import Points
from hwkit.explorer.reading import Reader
from hwkit.explorer.results import Failure, Results
from hwkit.explorer.settings import Settings, Source
from hwkit.explorer.views import ahead, page_of
from hwkit.visualization import mask_of

CLASSES = ("cat", "dog", "cow", "hen", "owl", "pig", "fox")
S = Settings(Source("pictures", 0), 1, None, "conv", top=3, resolution=30)
RNG = np.random.default_rng(4)


@pytest.fixture
def results() -> Results:
    return Results(2**24)


@pytest.fixture
def picture():
    pixels = RNG.integers(0, 256, (1, 10, 12, 3), dtype=np.uint8)
    return ArrayAlbum(pixels).picture(S.source)


def order(count: int = 40) -> Order:
    values = np.linspace(2, -1, count)
    return Order(np.arange(count), values)


def pixels(panel) -> np.ndarray:
    flat = np.frombuffer(panel["pixels"], np.uint8)
    return flat.reshape(panel["height"], panel["width"], 3)


# What is missing ----------------------------------------------------------------------------------


def test_previews_come_before_what_they_stand_for(results, picture):
    read = Reader(results)
    page_of(S, read, picture, picture, CLASSES)
    rough, fine = Points("midpoint", 5), Points("midpoint", 30)
    assert [(key.kind, key.parts[-1]) for key in read.missing] == [
        ("logits", S.source),  # what is quick comes first
        ("pixels", rough),
        ("order", rough),
        ("pixels", fine),
        ("order", fine),
    ]


def test_no_preview_where_it_would_save_little():
    assert keys.preview(keys.maps(replace(S, resolution=8))) is None
    assert keys.preview(keys.maps(replace(S, resolution=9))).parts[-1].resolution == 4
    assert keys.preview(keys.maps(replace(S, resolution=60))).parts[-1].resolution == 10


def test_a_preview_is_shown_as_pending_until_the_result_is_there(results, picture):
    rough, fine = RNG.normal(size=(2, 10, 12)).astype(np.float32)
    results.put(keys.preview(keys.pixels(S)), Attribution(rough, 0.2))
    shown = picture_views.explained(S, Reader(results), picture)["pictures"]
    assert [panel["pending"] for panel in shown] == [False, True, True]
    assert shown[1]["detail"] == "5 points so far"
    results.put(keys.pixels(S), Attribution(fine, 0.03))
    now = picture_views.explained(S, Reader(results), picture)["pictures"]
    assert [panel["pending"] for panel in now] == [False, False, False]
    assert now[1]["detail"] == "error about 3%"
    assert now[1]["pixels"] != shown[1]["pixels"]


def test_a_complete_page_misses_nothing(results, picture):
    results.put(keys.pixels(S), Attribution(np.ones((10, 12), np.float32), None))
    results.put(keys.order(S), order())
    results.put(keys.logits(S.source), np.arange(7.0))
    results.put(keys.scores(S, (0, 1, 2)), np.zeros((2, 7)))
    for neuron in range(3):
        found = Attribution(np.ones((10, 12), np.float32), None)
        results.put(keys.projection(S, neuron, 1), found)
    read = Reader(results)
    page = page_of(S, read, picture, picture, CLASSES)
    assert read.missing == []
    following = ahead(S, page.order, 6)
    assert following == [keys.projection(S, n, 1) for n in (3, 4, 5)]
    assert ahead(S, None, 6) == []


# Pictures -----------------------------------------------------------------------------------------


def test_light_is_the_mask_on_the_picture(results, picture):
    values = RNG.normal(size=(10, 12)).astype(np.float32)
    s = replace(S, blur=1.5, threshold=0.2)
    results.put(keys.pixels(s), Attribution(values, None))
    panel = picture_views.explained(s, Reader(results), picture)["pictures"][1]
    mask = mask_of(values[..., None], blur=1.5, threshold=0.2)
    expected = picture.rgb * mask[..., None]
    assert np.abs(pixels(panel) - expected).max() <= 0.5 + 1e-6


def test_red_speaks_for_and_blue_against():
    values = np.zeros((20, 20))
    values[0, 0], values[1, 1] = 5, -5
    colours = picture_views.signed_colours(values).astype(int)
    assert colours[0, 0, 0] > colours[0, 0, 2] + 50
    assert colours[1, 1, 2] > colours[1, 1, 0] + 50
    assert colours[5, 5].min() > 240


def test_a_map_of_zeros_is_shown():
    assert picture_views.signed_colours(np.zeros((3, 3))).min() > 240
    assert not picture_views.lit(np.full((3, 3, 3), 9, np.uint8), np.zeros((3, 3)), 1, 0).any()


def test_neurons_chosen_by_hand_join_the_top_ones(results, picture):
    results.put(keys.order(S), order())
    s = replace(S, selected=(1, 39))
    read = Reader(results)
    shown = picture_views.neurons(s, read, picture, order(), True)
    assert [panel["id"] for panel in shown["pictures"]] == ["0", "1", "2", "39"]
    assert shown["chosen"] == ["1", "39"]
    assert shown["pictures"][3]["detail"] == "-1.00"
    assert keys.projection(s, 39, -1) in read.asked


def test_a_failure_is_shown_in_its_place(results, picture):
    results.put(keys.order(S), Failure("Answer II.2 first."))
    results.put(keys.pixels(S), Failure("Answer I.2 first."))
    page = page_of(S, Reader(results), picture, picture, CLASSES)
    assert page.pictures["pictures"][1]["message"] == "Answer I.2 first."
    assert [panel["message"] for panel in page.neurons["pictures"]] == ["Answer II.2 first."]
    assert page.bars["message"] == "Answer II.2 first."


# Charts -------------------------------------------------------------------------------------------


def test_the_first_and_the_last_neurons_have_bars():
    found = chart_views.bars(S, order(100), True)
    assert [bar["id"] for bar in found["bars"]] == [*range(14), *range(92, 100)]
    assert (found["gap"], found["omitted"]) == (14, 78)
    assert [bar["top"] for bar in found["bars"]] == [True] * 3 + [False] * 19
    assert [bar["rank"] for bar in found["bars"]][-1] == 100


def test_few_neurons_all_have_bars():
    found = chart_views.bars(S, order(20), True)
    assert len(found["bars"]) == 20
    assert (found["gap"], found["omitted"]) == (-1, 0)


def test_scores_show_the_classes_asked_about_and_the_highest(results):
    results.put(keys.logits(S.source), np.array([0.0, -5, 3, 9, 1, 2, 8]))
    results.put(keys.scores(S, (4, 2)), np.stack([np.arange(7.0), -np.arange(7.0)]))
    found = chart_views.scores(S, Reader(results), CLASSES, Chosen((4, 2), "the top 2"))
    assert [row["name"] for row in found["rows"]] == ["dog", "hen", "fox", "cow", "pig"]
    assert found["rows"][0]["values"] == [-5, 1, -1]
    assert found["rows"][0]["strong"]
    assert not found["rows"][1]["strong"]
    assert found["footnote"] == "The network says hen (9.0), then fox (8.0)."


def test_scores_name_what_they_are_of(results, picture):
    results.put(keys.logits(S.source), np.arange(7.0))
    results.put(keys.order(S), order(2))
    results.put(keys.pixels(S), Attribution(np.ones((10, 12), np.float32), None))
    for s, name in (
        (S, "with the top 2 only"),  # the layer has no more
        (replace(S, selected=(1,)), "with the chosen only"),
        (replace(S, selected=(60,)), "with the top 2 only"),  # it was chosen in another layer
    ):
        page = page_of(s, Reader(results), picture, picture, CLASSES)
        assert page.scores["series"][1]["name"] == name


@pytest.fixture(scope="module")
def scenes() -> SceneAlbum:
    return SceneAlbum(2)


def test_shares_of_the_parts(results, scenes):
    source = Source("sports car", 0)
    s, whole = replace(S, source=source), scenes.picture(source)
    values = RNG.normal(size=whole.rgb.shape[:2]).astype(np.float32)
    results.put(keys.pixels(s), Attribution(values, None))
    rows = {r["id"]: r for r in chart_views.parts(s, Reader(results), whole, whole)["rows"]}
    roof = whole.scene.mask("roof")
    expected = [share_inside(values, roof), roof.mean()]
    assert rows["roof"]["values"] == pytest.approx(expected)
    assert sum(row["values"][1] for row in rows.values()) == pytest.approx(1)
    assert rows["roof"]["switch"] is True
    assert rows["background"]["switch"] is None


def test_what_is_left_out_has_no_share(results, scenes):
    source = Source("sports car", 0, frozenset({"roof"}))
    s = replace(S, source=source)
    whole = scenes.picture(Source("sports car", 0))
    found = chart_views.parts(s, Reader(results), scenes.picture(source), whole)
    rows = {row["id"]: row for row in found["rows"]}
    assert found["off"] == ["roof"]
    assert rows["roof"]["values"] == [None, None]
    assert rows["roof"]["switch"] is False
    assert rows["window"]["switch"] is None  # it goes with the roof
    assert rows["window"]["note"] == "goes with it"
    assert rows["wheel"]["switch"] is True


def test_photos_have_no_parts(results, picture):
    found = chart_views.parts(S, Reader(results), picture, picture)
    assert found["rows"] == []
    assert "drawn pictures" in found["message"]


def test_nothing_of_a_preview_or_of_before_is_shown_as_final(results, picture):
    results.put(keys.logits(S.source), np.arange(7.0))
    before = page_of(S, Reader(results), picture, picture, CLASSES)
    assert before.bars["pending"]
    assert before.bars["chosen"] == []
    results.put(keys.preview(keys.order(S)), order())
    read = Reader(results)
    rough = page_of(S, read, picture, picture, CLASSES)
    assert rough.bars["pending"]
    assert all(panel["pending"] for panel in rough.neurons["pictures"])
    # Scores are of the finished ranking only.
    assert [row["values"][1:] for row in rough.scores["rows"]] == [[None, None]] * 5
    assert all(key.kind != "scores" for key in read.missing)
    results.put(keys.order(S), order())
    assert not page_of(S, Reader(results), picture, picture, CLASSES).bars["pending"]


def test_without_logits_nothing_is_said_of_the_picture(results):
    found = chart_views.scores(S, Reader(results), CLASSES, None)
    assert (found["pending"], found["footnote"]) == (True, "")


def test_a_compression_that_fails_leaves_the_scores(results):
    results.put(keys.logits(S.source), np.arange(7.0))
    results.put(keys.scores(S, (0,)), Failure("Expected the shape."))
    found = chart_views.scores(S, Reader(results), CLASSES, Chosen((0,), "the top 1"))
    assert found["rows"][0]["values"] == [1, None, None]
    assert found["footnote"].endswith("then pig (5.0). Expected the shape.")


def test_a_network_with_one_output_says_one_thing():
    assert chart_views.said(np.array([0.25]), ["cat"]) == "The network says cat (0.2)."


def test_an_attribution_of_nothing_has_no_shares(results, scenes):
    source = Source("sports car", 0)
    s, whole = replace(S, source=source), scenes.picture(source)
    results.put(keys.pixels(s), Attribution(np.zeros(whole.rgb.shape[:2], np.float32), None))
    rows = chart_views.parts(s, Reader(results), whole, whole)["rows"]
    assert {row["values"][0] for row in rows} == {None}


def test_what_comes_to_light_has_a_row(results, scenes):
    for group in scenes.groups:
        for source in scenes.sources(group):
            whole = scenes.picture(source)
            if not whole.scene.mask("occluder").any():
                continue
            without = replace(source, without=frozenset({"occluder"}))
            bare = scenes.picture(without)
            s = replace(S, source=without)
            rows = chart_views.parts(s, Reader(results), bare, whole)["rows"]
            areas = [row["values"][1] for row in rows if row["values"][1] is not None]
            assert sum(areas) == pytest.approx(1)
