"""The explorer in a real browser: what the page shows is what the library computes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import numpy as np
import pytest
from complaints import no_complaints
from front_ends import served
from PIL import Image
from seeing import canvas_pixels, wait_until_idle

from hwkit import AumannShapley, Explanation, load_world
from hwkit.evaluation.counterfactual import predictions_without
from hwkit.evaluation.regions import share_inside
from hwkit.images.baselines import blurred
from hwkit.images.frozen import frozen_scene
from hwkit.network import cut, in_batches
from hwkit.projection import project
from hwkit.ranking import neuron_influence, top_neurons
from hwkit.visualization import mask_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

POINTS = 10
CELL = f"""
from hwkit.explorer import NeuronExplorer
NeuronExplorer("pocket", top=3, resolution={POINTS})
"""
NEURONS, PICTURES = (
    "What the top neurons see where they matter for the question",
    "The picture, and what in it matters",
)
SPORTS_CAR, CONVERTIBLE = 1, 2
FIRST = (
    ("pictures", "pelican"),  # so that sports cars begin with the first one
    ("pictures", "sports car"),
    ("class", "sports car"),
    ("compared with", "nothing"),
)
STEPS = {"neurons shown": 2, "blur (pixels)": 2}  # from the lowest value up


class Truth:
    """What the library says, computed here and not in the page's kernel."""

    def __init__(self) -> None:
        self.world = load_world("pocket")
        self.scene = frozen_scene("test_sports_cars", 0)
        self.explanation = Explanation(self.world.model, AumannShapley(POINTS, "midpoint"))
        self.cut = cut(self.world.model, "conv4_1")

    def maps(self, rgb: np.ndarray, versus: int | None = None) -> np.ndarray:
        at = self.explanation.for_layer("conv4_1")
        ask = at.absolute(SPORTS_CAR) if versus is None else at.comparative(SPORTS_CAR, versus)
        return ask.explain(self.world.bound.from_rgb(rgb), False).attribution

    def lit(self, rgb: np.ndarray, attribution: np.ndarray, blur: float = 1.0) -> np.ndarray:
        mask = mask_of(attribution, blur)
        return rgb * mask[..., np.newaxis]

    def neuron(self, rgb: np.ndarray, maps: np.ndarray, neuron: int) -> np.ndarray:
        instance, focus = self.world.bound.from_rgb(rgb), np.maximum(maps[..., neuron], 0)
        found = project(self.explanation, "conv4_1", neuron, instance, focus)
        return self.lit(rgb, found.attribution)

    def without(self, rgb: np.ndarray, neurons: list[int]) -> np.ndarray:
        """Logits with only these neurons, and without them: ``(2, classes)``."""
        slices = self.cut.activations(self.world.bound.from_rgb(rgb)[np.newaxis])
        rest = slices.copy()
        rest[..., neurons] = 0
        return in_batches(self.cut.tail, np.concatenate([slices - rest, rest]))


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Truth()


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("notebooks") / "explorer.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)]), file)
    return file


@pytest.fixture(scope="module")
def visit(chromium: Browser, notebook) -> Iterator[Page]:
    """A visit of the page of `hwkit explore`; it takes seconds, so all tests share it."""
    with served(notebook, "voila") as shown:
        page = chromium.new_context(viewport={"width": 1280, "height": 720}).new_page()
        shown.open(page)
        yield page
        page.context.close()


@pytest.fixture
def explorer(visit: Page) -> Iterator[Page]:
    """The page with its controls as they are at first; a complaint of the browser is a failure."""
    with no_complaints(visit):
        for control, option in FIRST:
            choose(visit, control, option)
        for name, steps in STEPS.items():
            slider(visit, name).press("Home")
            for _ in range(steps):
                slider(visit, name).press("ArrowRight")
        for bar in visit.locator(".hw-bars [aria-pressed=true]").all():
            bar.click()
        wait_until_idle(visit)
        yield visit


def shown_neurons(page: Page) -> list[int]:
    gallery = page.get_by_label(NEURONS)
    return [int(each) for each in gallery.locator("[data-id]").evaluate_all(IDS)]


IDS = "(nodes) => nodes.map((node) => node.dataset.id)"


def canvas(page: Page, gallery: str, name: str) -> np.ndarray:
    node = page.get_by_label(gallery, exact=True).locator(f"[data-id='{name}'] canvas")
    return canvas_pixels(node)[..., :3].astype(float)


def value(page: Page, row: str, series: str) -> float:
    """What a chart of rows marks: by the ids of the row and the name of the series."""
    mark = page.locator(f"tr[data-id='{row}'] [data-series='{series}']").first
    return float(mark.get_attribute("data-value"))


def slider(page: Page, name: str) -> Locator:
    return page.locator(".widget-slider", has_text=name).get_by_role("slider")


def choose(page: Page, control: str, option: str) -> None:
    page.locator(".widget-dropdown", has_text=control).locator("select").select_option(option)


def drag_to(page: Page, handle: Locator, share: float) -> None:
    """Drag a slider's handle to a share of its track, as a hand does."""
    track = handle.locator("xpath=ancestor::*[contains(@class, 'slider-container')]").bounding_box()
    box = handle.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(track["x"] + share * track["width"], y, steps=8)
    page.mouse.up()


def upload(page: Page, name: str, kind: str, data: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="My picture").click()
    chooser.value.set_files({"name": name, "mimeType": kind, "buffer": data})


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_a_lecture(explorer: Page, truth: Truth):
    """The issue's walk: drag, compare, click a bar, take the roof away."""
    page, rgb = explorer, truth.scene.image
    maps = truth.maps(rgb)
    assert shown_neurons(page) == top_neurons(maps, 3).tolist()
    assert page.get_by_role("heading", name="What speaks for sports car?").is_visible()

    # Drag the number of neurons from 3 to 7.
    drag_to(page, slider(page, "neurons shown"), 6 / 11)
    page.wait_for_function(f"() => document.querySelectorAll(`[aria-label='{NEURONS}'] [data-id]`)"
                           ".length === 7")  # fmt: skip
    wait_until_idle(page)
    neurons = top_neurons(maps, 7).tolist()
    assert shown_neurons(page) == neurons
    for neuron in neurons:
        expected = truth.neuron(rgb, maps, neuron)
        assert np.abs(canvas(page, NEURONS, str(neuron)) - expected).max() <= 1.5

    # Compare with convertibles.
    choose(page, "compared with", "convertible")
    wait_until_idle(page)
    question = "What speaks for sports car rather than convertible?"
    assert page.get_by_role("heading", name=question).is_visible()
    compared = truth.maps(rgb, CONVERTIBLE)
    neurons = top_neurons(compared, 7).tolist()
    assert shown_neurons(page) == neurons
    influence = neuron_influence(compared)
    bars = page.locator(".hw-bars [data-value]")
    for number in range(bars.count()):
        bar = bars.nth(number)
        neuron = int(bar.get_attribute("data-id"))
        assert float(bar.get_attribute("data-value")) == pytest.approx(influence[neuron], rel=1e-3)

    # Click a bar: the scores are about that neuron now.
    neuron = int(bars.nth(9).get_attribute("data-id"))
    bars.nth(9).click()
    wait_until_idle(page)
    assert page.get_by_label(f"neuron {neuron},").first.get_attribute("aria-pressed") == "true"
    assert shown_neurons(page) == [*neurons, neuron]
    kept, dropped = truth.without(rgb, [neuron])
    for c in (SPORTS_CAR, CONVERTIBLE):
        assert value(page, str(c), "with the chosen only") == pytest.approx(kept[c], abs=0.01)
        assert value(page, str(c), "without the chosen") == pytest.approx(dropped[c], abs=0.01)

    # Take the roof away.
    page.get_by_role("checkbox", name="roof").uncheck()
    wait_until_idle(page)
    open_car = truth.scene.without("roof").image
    assert np.abs(canvas(page, PICTURES, "picture") - open_car).max() == 0
    before, after = predictions_without(
        truth.world.model, [truth.scene], ("roof",), truth.world.bound
    )
    for c in (SPORTS_CAR, CONVERTIBLE):
        assert value(page, str(c), "this picture") == pytest.approx(after[0, c], abs=0.01)
        assert value(page, str(c), "the whole picture") == pytest.approx(before[0, c], abs=0.01)
    assert page.get_by_text("The network says convertible").is_visible()


def test_what_was_left_out_is_back_in_another_picture(explorer: Page, truth: Truth):
    page = explorer
    page.get_by_role("checkbox", name="roof").uncheck()
    page.get_by_label("choose a picture").locator("[data-id='1']").click()
    wait_until_idle(page)
    expected = frozen_scene("test_sports_cars", 1).image
    assert np.abs(canvas(page, PICTURES, "picture") - expected).max() == 0


def test_uploads(explorer: Page, truth: Truth):
    page = explorer
    photo = np.random.default_rng(6).integers(0, 256, (120, 150, 3), dtype=np.uint8)
    photo[30:90, 40:110] = (200, 40, 40)
    upload(page, "photo.png", "image/png", png(photo))
    page.get_by_text("photo.png").first.wait_for()
    wait_until_idle(page)
    from hwkit.images.decode import fit

    expected = fit(Image.fromarray(photo), 96)
    assert np.abs(canvas(page, PICTURES, "picture") - expected).max() == 0
    assert shown_neurons(page) == top_neurons(truth.maps(expected), 3).tolist()

    upload(page, "notes.png", "image/png", b"These are notes, not a picture.")
    alert = page.get_by_role("alert").filter(has_text="notes.png")
    alert.wait_for()
    assert "is not an image that can be read" in alert.inner_text()
    assert np.abs(canvas(page, PICTURES, "picture") - expected).max() == 0  # nothing is lost
    assert shown_neurons(page) == top_neurons(truth.maps(expected), 3).tolist()


def test_by_keyboard_alone(explorer: Page, truth: Truth):
    page, rgb = explorer, truth.scene.image
    handle = slider(page, "neurons shown")
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.locator(f"[aria-label='{NEURONS}'] [data-id]").nth(3).wait_for()
    bar = page.locator(".hw-bars [data-value]").first
    bar.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    wait_until_idle(page)
    second = int(top_neurons(truth.maps(rgb), 2)[1])
    pressed = page.locator(".hw-bars [aria-pressed=true]").evaluate_all(IDS)
    assert pressed == [str(second)]
    box = page.get_by_role("checkbox", name="wheel")
    box.focus()
    page.keyboard.press("Space")
    wait_until_idle(page)
    expected = truth.scene.without("wheel").image
    assert np.abs(canvas(page, PICTURES, "picture") - expected).max() == 0


def test_every_control_says_what_it_is_for(explorer: Page):
    page = explorer
    for name in ("pictures", "class", "compared with", "layer", "ranked by", "rule", "baseline"):
        control = page.locator(".hwkit-controls .widget-dropdown", has_text=name).first
        tips = control.locator("xpath=descendant-or-self::*[@title]").evaluate_all(
            "(nodes) => nodes.map((node) => node.title)"
        )
        assert any(len(tip.split()) > 3 for tip in tips), name
    for name in ("neurons shown", "points", "blur (pixels)", "threshold"):
        control = page.locator(".hwkit-controls .widget-slider", has_text=name)
        tips = control.locator("xpath=descendant-or-self::*[@title]").evaluate_all(
            "(nodes) => nodes.map((node) => node.title)"
        )
        assert any(len(tip.split()) > 3 for tip in tips), name


def test_shares_of_the_parts_and_the_light(explorer: Page, truth: Truth):
    page, scene = explorer, truth.scene
    instance = truth.world.bound.from_rgb(scene.image)
    ask = truth.explanation.for_input().absolute(SPORTS_CAR)
    found = ask.explain(instance, False, blurred).attribution
    for part in ("wheel", "roof", "car body"):
        expected = share_inside(np.abs(found.sum(axis=-1)), scene.mask(part))
        assert value(page, part, "share of the explanation") == pytest.approx(expected, abs=0.002)
        area = scene.mask(part).mean()
        assert value(page, part, "share of the area") == pytest.approx(area, abs=1e-6)
    lit = truth.lit(scene.image, found)
    assert np.abs(canvas(page, PICTURES, "lit") - lit).max() <= 1.5
    handle = slider(page, "blur (pixels)")
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    wait_until_idle(page)
    lit = truth.lit(scene.image, found, blur=2.0)
    assert np.abs(canvas(page, PICTURES, "lit") - lit).max() <= 1.5


def test_code_and_figures_are_taken_along(explorer: Page):
    page = explorer
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(page, "compared with", "convertible")
    wait_until_idle(page)
    page.get_by_role("button", name="Copy as code").click()
    page.get_by_text("Copied").first.wait_for()
    code = page.evaluate("() => navigator.clipboard.readText()")
    assert "comparative(c, other)" in code
    compile(code, "cell", "exec")
    for kind, start in (("PNG", b"\x89PNG"), ("SVG", b"<?xml")):
        with page.expect_download(timeout=60_000) as download:
            page.get_by_role("button", name=f"Save {kind}").click()
        assert download.value.suggested_filename == f"explorer.{kind.lower()}"
        assert Path(download.value.path()).read_bytes().startswith(start)


@pytest.mark.parametrize("front_end", ["lab", "notebook"])
def test_the_same_page_in_other_front_ends(page: Page, notebook, truth: Truth, front_end):
    with served(notebook, front_end) as shown:
        shown.open(page)
        wait_until_idle(page)
        handle = slider(page, "neurons shown")
        handle.scroll_into_view_if_needed()
        handle.press("ArrowRight")
        wait_until_idle(page)
        maps = truth.maps(truth.scene.image)
        neurons = top_neurons(maps, 4).tolist()
        assert shown_neurons(page) == neurons
        expected = truth.neuron(truth.scene.image, maps, neurons[3])
        assert np.abs(canvas(page, NEURONS, str(neurons[3])) - expected).max() <= 1.5
