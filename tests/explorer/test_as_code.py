"""The cell of "copy as code" runs as it stands and computes what is asked."""

from __future__ import annotations

import ast
import importlib
import io
from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import hand_nets
import keras
import numpy as np
import pytest
from PIL import Image

from hwkit import AumannShapley, ExplanationForLayer, load_world, network
from hwkit.compression import keep_influential
from hwkit.evaluation.regions import share_inside
from hwkit.explorer.albums import SceneAlbum, Uploads, album_of
from hwkit.explorer.as_code import as_code
from hwkit.explorer.imports import Imports
from hwkit.explorer.settings import BASELINES, RANKINGS, Settings, Source
from hwkit.images.baselines import NAMES, blurred
from hwkit.images.bounds import UNIT
from hwkit.quantities import Quantity
from hwkit.visualization import pixel_influence

cut = lru_cache(network.cut)  # with its compiled gradients

OWN_CODE = "# model, bound and classes are your own"
CLASSES = ("cat", "dog", "it's a bird", "fish")
IMAGES = np.random.default_rng(3).integers(0, 256, (3, 12, 12, 3), dtype=np.uint8)
BASE = Settings(Source("pictures", 1), 2, None, "second", top=2, resolution=6)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return hand_nets.convolutional(size=12)


@pytest.fixture(scope="module")
def subject(model) -> SimpleNamespace:
    return SimpleNamespace(
        model=model,
        bound=UNIT,
        classes=CLASSES,
        album=album_of(IMAGES, 12),
        network_code=OWN_CODE,
    )


def run(code: str, **names: Any) -> dict[str, Any]:
    """The variables that a cell makes, and its last value as "figure"."""
    tree = ast.parse(code)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    namespace: dict[str, Any] = dict(names)
    exec(compile(tree, "cell", "exec"), namespace)
    namespace["figure"] = eval(compile(ast.Expression(last.value), "cell", "eval"), namespace)
    return namespace


def run_own(settings: Settings, subject: SimpleNamespace, own: Any = None, **names: Any) -> dict:
    code = as_code(settings, subject, own)
    return run(
        code,
        model=subject.model,
        bound=subject.bound,
        classes=subject.classes,
        images=IMAGES,
        **names,
    )


class Expected:
    """What the library's inner parts say, without the explanation's questions."""

    def __init__(self, model: keras.Model, settings: Settings, instance: np.ndarray) -> None:
        self.model, self.s, self.instance = model, settings, instance
        s = settings
        terms = [(s.class_index, 1.0)] + ([] if s.versus is None else [(s.versus, -1.0)])
        question = Quantity(tuple(terms))
        self.start = {
            "blurred": lambda: blurred(instance[None])[0],
            "black": lambda: np.zeros_like(instance),
            "grey": lambda: np.full_like(instance, 0.5),
        }
        self.maps = self.attribution(question, s.layer, None)
        self.pixels = self.attribution(question, None, self.start[s.baseline]())

    def attribution(self, quantity: Quantity, layer: str | None, baseline: Any) -> np.ndarray:
        at = cut(self.model, layer, quantity.layer)
        method = AumannShapley(self.s.resolution, self.s.rule).compile(quantity, at)
        return method.get_attributions(self.instance, False, baseline)

    def influence(self) -> np.ndarray:
        over = {"max": np.max, "mean": np.mean, "min": np.min}[self.s.ranking]
        return over(self.maps, axis=(0, 1)) if self.maps.ndim > 1 else self.maps

    def top(self) -> list[int]:
        values = self.influence().tolist()
        order = sorted(range(len(values)), key=lambda n: -values[n])
        return (order[::-1] if self.s.ranking == "min" else order)[: self.s.top]

    def projection(self, neuron: int, sign: int = 1) -> np.ndarray:
        focus = np.maximum(sign * self.maps[..., neuron], 0) if self.maps.ndim > 1 else None
        quantity = Quantity(((neuron, 1.0),), layer=self.s.layer, focus=focus)
        return self.attribution(quantity, None, self.start[self.s.baseline]())

    def logits(self, kept: list[int]) -> np.ndarray:
        at = cut(self.model, self.s.layer)
        slices = at.activations(self.instance[None])
        masked = slices * np.isin(np.arange(slices.shape[-1]), kept)
        return network.in_batches(
            at.tail, [self.instance[None], masked] if at.bypassed else masked
        )[0]

    def rest(self, chosen: list[int]) -> list[int]:
        return [n for n in range(self.maps.shape[-1]) if n not in chosen]


def close(found: Any, expected: np.ndarray) -> None:
    scale = float(np.abs(expected).max())
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5 * scale)


def check(made: dict[str, Any], expected: Expected, chosen: list[int] | None = None) -> None:
    """Everything that a cell makes."""
    top = expected.top()
    chosen = top if chosen is None else chosen
    close(made["pixels"].attribution, expected.pixels)
    close(made["maps"], expected.maps)
    close(made["influence"], expected.influence())
    neurons = [*top, *(n for n in chosen if n not in top)]
    assert [int(n) for n in made["neurons"]] == neurons
    signs = [-1 if expected.influence()[n] < 0 else 1 for n in neurons]
    for seen, neuron, sign in zip(made["seen"], neurons, signs, strict=True):
        close(seen.attribution, expected.projection(neuron, sign))
    everything = list(range(expected.maps.shape[-1]))
    scores = made["scores"]
    close(scores["this picture"], expected.logits(everything))
    close(scores["with only"], expected.logits(chosen))
    close(scores["without"], expected.logits(expected.rest(chosen)))
    assert len(made["figure"].axes) >= 3 + len(neurons)


VARIANTS = {
    "absolute": {},
    "comparative": {"versus": 0},
    "black, another rule": {"baseline": "black", "rule": "gauss_legendre", "resolution": 4},
    "grey, another layer": {"baseline": "grey", "versus": 3, "layer": "first"},
    "mean": {"ranking": "mean", "top": 3},
    "min": {"ranking": "min"},
    "dense layer": {"layer": "flat"},
    "every neuron": {"layer": "first", "top": 6},
}


@pytest.mark.parametrize("change", VARIANTS.values(), ids=VARIANTS)
def test_a_cell_computes_what_is_asked(model, subject, change):
    settings = replace(BASE, **change)
    made = run_own(settings, subject)
    np.testing.assert_array_equal(made["picture"], IMAGES[1])
    check(made, Expected(model, settings, IMAGES[1].astype(np.float32) / 255))


def test_neurons_chosen_by_hand(model, subject):
    settings = replace(BASE, selected=(6, 0, 99))  # 99 is left from a wider layer
    expected = Expected(model, settings, IMAGES[1].astype(np.float32) / 255)
    check(run_own(settings, subject), expected, [6, 0])


def test_branches_around_the_slice_are_kept(subject):
    image = keras.Input((12, 12, 3))
    inner = keras.layers.Conv2D(3, 3, padding="same", activation="relu", name="inner")(image)
    out = keras.layers.Dense(4)(keras.layers.Flatten()(keras.layers.Add()([image, inner])))
    around = keras.Model(image, out)
    settings = replace(BASE, layer="inner", top=1, ranking="max")
    made = run_own(settings, SimpleNamespace(**{**vars(subject), "model": around}))
    check(made, Expected(around, settings, IMAGES[1].astype(np.float32) / 255))


def test_a_network_for_grey_pictures(subject):
    image = keras.Input((12, 12, 1))
    conv = keras.layers.Conv2D(4, 3, activation="relu", name="conv")(image)
    grey = keras.Model(image, keras.layers.Dense(4)(keras.layers.Flatten()(conv)))
    settings = replace(BASE, layer="conv", top=2)
    made = run_own(settings, SimpleNamespace(**{**vars(subject), "model": grey}))
    instance = (IMAGES[1] / 255).mean(axis=-1, keepdims=True).astype(np.float32)
    check(made, Expected(grey, settings, instance))
    assert made["lit"][0].shape == (12, 12, 3)


def test_classes_without_names_need_no_variable(model, subject):
    unnamed = SimpleNamespace(**{**vars(subject), "classes": tuple(f"class {i}" for i in range(4))})
    code = as_code(replace(BASE, versus=0), unnamed)
    made = run(code, model=model, bound=UNIT, images=IMAGES)
    assert (made["c"], made["other"]) == (2, 0)
    twice = SimpleNamespace(**{**vars(subject), "classes": ("crane", "dog", "crane", "fish")})
    assert run_own(replace(BASE, class_index=2), twice)["c"] == 2


def test_an_uploaded_file_is_read_from_beside_the_notebook(subject, tmp_path, monkeypatch):
    buffer = io.BytesIO()
    Image.fromarray(IMAGES[2]).save(buffer, "PNG")
    album = Uploads(subject.album, 12)
    settings = replace(BASE, source=album.add("my file's.png", buffer.getvalue()))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my file's.png").write_bytes(buffer.getvalue())
    made = run_own(settings, SimpleNamespace(**{**vars(subject), "album": album}))
    np.testing.assert_array_equal(made["picture"], IMAGES[2])


# A student's own code -------------------------------------------------------------------------


class Halved(AumannShapley):
    """Wrong by a factor, so that it shows whose code has run; takes arrays as baselines only."""

    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        assert baseline is None or isinstance(baseline, np.ndarray)
        return 0.5 * super().get_attributions(instance, ignore_difference_term, baseline)


class Negated(ExplanationForLayer):
    """Asks for the opposite."""

    def absolute(self, c):
        return self.for_quantity(Quantity(((c, -1.0),)))


def last_first(maps, k):
    """Ranks neurons by their number."""
    return np.arange(maps.shape[-1])[::-1][:k]


def nothing_seen(explanation, layer, neuron, instance, focus):
    """Projects every neuron to the picture itself."""
    return replace(
        explanation.for_input().absolute(0).explain(instance), attribution=instance * neuron
    )


def all_kept(activations, influence, top, bottom):
    """Compresses nothing."""
    return activations


def test_a_students_own_code_is_called(model, subject):
    own = SimpleNamespace(
        method=Halved(distribution="point", tolerance=None),
        layer_class=Negated,
        top_neurons=last_first,
        project=nothing_seen,
        compress=all_kept,
    )
    settings = replace(BASE, ranking="own", rule="right")
    code = as_code(settings, subject, own)
    assert 'Halved(6, "right", distribution="point")' in code
    made = run_own(settings, subject, own)
    instance = IMAGES[1].astype(np.float32) / 255
    method = AumannShapley(distribution="point")
    question = Quantity(((2, -1.0),))
    maps = 0.5 * method.compile(question, cut(model, "second")).get_attributions(instance, False)
    close(made["maps"], maps)
    close(made["influence"], maps.sum(axis=(0, 1)))
    assert made["neurons"].tolist() == [7, 6]
    close(made["seen"][1].attribution, 6 * instance)
    close(made["scores"]["without"], made["scores"]["this picture"])


def test_code_of_the_notebook_itself_is_not_imported(subject):
    notebook = type("Mine", (AumannShapley,), {"__module__": "__main__"})
    own = SimpleNamespace(
        method=notebook(path_space="input"),
        layer_class=ExplanationForLayer,
        top_neurons=lambda maps, k: np.arange(k),
        project=None,
        compress=keep_influential,
    )
    code = as_code(replace(BASE, ranking="own"), subject, own)
    assert 'Explanation(model, Mine(6, "midpoint", path_space="input"))\n' in code
    assert "import Mine" not in code
    made = run_own(replace(BASE, ranking="own"), subject, own, Mine=notebook, own_top_neurons=first)
    assert made["neurons"].tolist() == [0, 1]


def first(maps, k):
    return np.arange(k)


# How it reads ---------------------------------------------------------------------------------


def cells(subject) -> list[str]:
    world = SimpleNamespace(**{**vars(subject), "album": SceneAlbum(2), "classes": CLASSES})
    car = Source("sports car", 1, frozenset({"roof", "spoiler"}))
    own = [replace(BASE, **change) for change in VARIANTS.values()]
    return [
        *(as_code(settings, subject) for settings in [*own, replace(BASE, selected=(1,))]),
        *(as_code(replace(BASE, source=each), world) for each in (car, Source("daisy", 0))),
    ]


def test_cells_import_what_they_use_and_no_more(subject):
    for code in cells(subject):
        tree = ast.parse(code)
        imported = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        assert imported <= {name.id for name in names}
        stored = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        known = imported | stored | {"model", "bound", "classes", "images", "print", "list", "len"}
        assert {name.id for name in names} <= known


def test_cells_are_short_lines_of_public_names(subject):
    for code in cells(subject):
        assert max(map(len, code.splitlines())) <= 100
        assert code.count("\n") < 70
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.ImportFrom):
                module = importlib.import_module(str(node.module))
                assert all(hasattr(module, alias.name) for alias in node.names)
            if isinstance(node, ast.Attribute):
                assert not node.attr.startswith("_")


def test_import_lines_are_merged():
    imports = Imports()
    imports.add(["from b import z, a", "import numpy as np", "from a import c"])
    imports.add(["from b import y", "import numpy as np"])
    assert imports.lines() == ["import numpy as np", "from a import c", "from b import a, y, z"]


def test_every_choice_of_the_controls_is_known(subject):
    assert BASELINES == NAMES
    for ranking in RANKINGS:
        for baseline in BASELINES:
            as_code(replace(BASE, ranking=ranking, baseline=baseline), subject)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"layer": "third"}, "third"), ({"source": Source("pictures", 9)}, "Received: 9")],
)
def test_what_there_is_not(subject, change, message):
    with pytest.raises(ValueError, match=message):
        as_code(replace(BASE, **change), subject)


# The pocket world -----------------------------------------------------------------------------


def test_a_sports_car_without_its_roof():
    world = load_world("pocket")
    subject = SimpleNamespace(
        model=world.model,
        bound=world.bound,
        classes=world.classes,
        album=SceneAlbum(),
        network_code="from hwkit import load_world\n\nworld = load_world('pocket')\n"
        "model, bound, classes = world.model, world.bound, world.classes",
    )
    car, open_car = (world.index(name) for name in ("sports car", "convertible"))
    source = Source("sports car", 0, frozenset({"roof"}))
    settings = Settings(source, car, open_car, "block4_conv1", top=2, resolution=4)
    made = run(as_code(settings, subject))
    whole = subject.album.picture(Source("sports car", 0)).scene
    scene = whole.without("roof")
    np.testing.assert_array_equal(made["picture"], scene.image)
    expected = Expected(world.model, settings, world.bound.from_rgb(scene.image))
    check(made, expected)
    before = network.in_batches(world.model, world.bound.from_rgb(whole.image)[None])[0]
    close(made["scores"]["whole picture"], before)
    assert list(made["scores"].index) == list(world.classes)
    shares = made["shares"].astype(float)
    assert "roof" not in shares.index and "wheel" in shares.index
    wheels = scene.mask("wheel")
    assert shares.loc["wheel", "of the picture"] == pytest.approx(wheels.mean())
    strength = pixel_influence(expected.pixels)
    assert shares.loc["wheel", "of the explanation"] == pytest.approx(
        share_inside(strength, wheels), rel=1e-3
    )
    assert shares.sum().tolist() == pytest.approx([1, 1])
