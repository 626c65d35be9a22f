"""What is on screen as a cell of Python that computes the same with the public functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hwkit.attribution.aumann_shapley import AumannShapley
from hwkit.compression import keep_influential
from hwkit.explanation import ExplanationForLayer
from hwkit.explorer.albums import Picture, quoted, scene_code, without_code
from hwkit.explorer.albums.uploads import GROUP as UPLOADED
from hwkit.explorer.imports import Imports, is_import
from hwkit.explorer.settings import RANKINGS, Settings
from hwkit.network import layer_output
from hwkit.projection import project

if TYPE_CHECKING:
    from hwkit.explorer.computing import Own
    from hwkit.explorer.subject import Subject

Lines = list[str]
_BASELINES = {
    "blurred": "blurred(instance[np.newaxis])[0]",
    "black": "bound.black(instance.shape)",
    "grey": "bound.grey(instance.shape)",
}
_OPTIONS = (
    "tolerance",
    "largest_resolution",
    "distribution",
    "path_space",
    "dtype",
)  # of AumannShapley


def as_code(settings: Settings, subject: Subject, own: Own | None = None) -> str:
    """A cell that computes and shows what the explorer shows.

    It makes ``pixels`` (the explanation of the input), ``maps``, ``influence`` and ``neurons`` (of
    the layer), ``seen`` (the neurons in pixels), ``scores`` (a table of the logits), of a drawn
    picture ``shares`` (a table of its parts), and a figure.

    Args:
        settings: what the controls say.
        subject: the network and its pictures. Its ``network_code`` makes ``model``, ``bound`` and
            ``classes``, or says in a comment that these are the user's own.
        own: a student's functions that stand in for the library's; they are called by their names.

    Raises:
        ValueError: no such picture or layer.
    """
    return _Cell(settings, subject, own).text()


class _Cell:
    """Writes the cell block by block, and gathers what has to be imported."""

    def __init__(self, settings: Settings, subject: Subject, own: Own | None) -> None:
        self._s = settings
        self._subject = subject
        self._own = own
        shape = layer_output(subject.model, settings.layer).shape
        self._has_maps = len(shape) == 4
        self._top = min(settings.top, shape[-1])
        self._selected = [n for n in settings.selected if n < shape[-1]]
        self._chosen = "chosen" if self._selected else "neurons"
        self._single = subject.model.inputs[0].shape[-1] == 1
        self._picture = subject.album.picture(settings.source)
        self._imports = Imports()

    def text(self) -> str:
        blocks = [
            self._network(),
            self._instance(),
            self._question(),
            self._ranking(),
            self._projections(),
            self._scores(),
            self._parts(),
            self._figure(),
        ]
        self._imports.add(["import numpy as np", "import pandas as pd"])
        blocks.insert(0, self._imports.lines())
        return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"

    def _network(self) -> Lines:
        written = self._subject.network_code.strip().splitlines()
        self._imports.add(line for line in written if is_import(line))
        lines = [line for line in written if line.strip() and not is_import(line)]
        return [*lines, f"layer = {quoted(self._s.layer)}"]

    def _instance(self) -> Lines:
        self._imports.add(self._picture.imports)
        grey = ".mean(axis=-1, keepdims=True)" if self._single else ""
        if self._s.baseline == "blurred":
            self._imports.add(["from hwkit.images.baselines import blurred"])
        return [
            *_picture_lines(self._picture, self._s),
            f"instance = bound.from_rgb(picture){grey}",
            f"baseline = {_BASELINES[self._s.baseline]}",
        ]

    def _question(self) -> Lines:
        self._imports.add(["from hwkit import Explanation"])
        s, classes = self._s, self._subject.classes
        words, numbers = classes[s.class_index], [_class(s.class_index, classes)]
        names, ask = "c", "absolute(c)"
        if s.versus is not None:
            words += f" rather than {classes[s.versus]}"
            numbers.append(_class(s.versus, classes))
            names, ask = "c, other", "comparative(c, other)"
        arguments = self._method()
        if self._own is not None and self._own.layer_class is not ExplanationForLayer:
            arguments += f", {self._imports.reference(self._own.layer_class, 'layer_class')}"
        return [
            f"# What speaks for {words}? (False: with the difference term)",
            f"{names} = {', '.join(numbers)}",
            f"explanation = Explanation(model, {arguments})",
            f"pixels = explanation.for_input().{ask}.explain(instance, False, baseline)",
            f"maps = explanation.for_layer(layer).{ask}.explain(instance, False).attribution",
        ]

    def _method(self) -> str:
        """The attribution method; what the explorer does not set is as it was given."""
        if self._own is None:
            self._imports.add(["from hwkit import AumannShapley"])
            return f"AumannShapley({self._s.resolution}, {quoted(self._s.rule)})"
        method = self._own.method
        name = self._imports.reference(type(method), "method")
        if not (hasattr(method, "resolution") and hasattr(method, "rule")):
            return f"{name}()"
        arguments = [str(self._s.resolution), quoted(self._s.rule)]
        usual = AumannShapley()
        for option in _OPTIONS:
            value = getattr(method, option, getattr(usual, option))
            if not isinstance(value, str | float | int | None):
                arguments.append(f"{option}={option}")  # samples of the user's own
            elif value != getattr(usual, option):
                written = quoted(value) if isinstance(value, str) else repr(value)
                arguments.append(f"{option}={written}")
        return f"{name}({', '.join(arguments)})"

    def _ranking(self) -> Lines:
        s = self._s
        lines = [f"# The neurons in the order of the {RANKINGS[s.ranking]} of their map"]
        if s.ranking == "own":
            lines = ["# The neurons in an order of your own"]
            function = self._imports.reference(
                None if self._own is None else self._own.top_neurons, "top_neurons"
            )
            lines.append(f"influence = maps{'.sum(axis=(0, 1))' if self._has_maps else ''}")
            top = f"{function}(maps, maps.shape[-1])[:{self._top}]"
        else:
            self._imports.add(["from hwkit.ranking import neuron_influence"])
            lines.append(f"influence = neuron_influence(maps, {quoted(s.ranking)})")
            top = f"np.argsort(influence, kind={quoted('stable')})[:{self._top}]"
        if s.ranking in ("max", "mean"):
            self._imports.add(["from hwkit.ranking import top_neurons"])
            top = f"top_neurons(maps, {self._top}, {quoted(s.ranking)})"
        if not self._selected:
            return [*lines, f"neurons = {top}"]
        return [
            *lines,
            f"top = list({top})",
            f"chosen = {self._selected}  # by hand",
            "neurons = top + [neuron for neuron in chosen if neuron not in top]",
        ]

    def _projections(self) -> Lines:
        own = None if self._own is None else self._own.project
        function = self._imports.reference(own or project, "project")
        focus = "focus" if self._has_maps else "None"
        start = ", baseline" if own is None else ""  # one's own chooses a baseline itself
        lines = ["# What each of them sees", "seen = []", "for neuron in neurons:"]
        if self._has_maps:
            lines[0] += " where it speaks for that (or against it, if its influence is negative)"
            lines += [
                "    sign = -1 if influence[neuron] < 0 else 1",
                "    focus = np.maximum(sign * maps[..., neuron], 0)",
            ]
        call = f"{function}(explanation, layer, neuron, instance, {focus}{start})"
        return [*lines, f"    seen.append({call})"]

    def _scores(self) -> Lines:
        self._imports.add(["from hwkit.compression import Compression"])
        compress = ""
        if self._own is not None and self._own.compress is not keep_influential:
            compress = f", {self._imports.reference(self._own.compress, 'compress')}"
        chosen = self._chosen
        lines = [
            f"# What the network says: with {'the chosen' if self._selected else 'these'} neurons "
            "only, and without them",
            f"network = Compression(model, layer{compress})",
            "data = network.cache(instance[np.newaxis], [c])",
            f"marks = 1.0 * np.isin(np.arange(maps.shape[-1]), {chosen})",
            "scores = pd.DataFrame(index=classes)"
            if _named(self._subject.classes)
            else "scores = pd.DataFrame()",
            'scores["this picture"] = network.logits(data)[0]',
            f'scores["with only"] = network.logits(data, marks, len({chosen}))[0]',
            f'scores["without"] = network.logits(data, -marks, marks.size - len({chosen}))[0]',
        ]
        if self._s.source.without:
            lines += [
                "before = network.cache(bound.from_rgb(whole.image)[np.newaxis], [c])",
                'scores["whole picture"] = network.logits(before)[0]',
            ]
        show = 'scores.sort_values("this picture", ascending=False).head(10)'
        return [*lines, f"print({show}.round(2))"]

    def _parts(self) -> Lines:
        if self._picture.scene is None:
            return []
        self._imports.add(
            [
                "from hwkit.evaluation.regions import share_inside",
                "from hwkit.images.parts import SURROUNDINGS",
                "from hwkit.visualization import pixel_influence",
            ]
        )
        return [
            "# How much of the explanation lies on each part, beside its share of the picture",
            "strength = pixel_influence(pixels.attribution)",
            'shares = pd.DataFrame(columns=["of the explanation", "of the picture"])',
            "for part in (*scene.parts, *SURROUNDINGS):",
            "    mask = scene.mask(part)",
            "    shares.loc[part] = share_inside(strength, mask), mask.mean()",
            "print(shares.round(3))",
        ]

    def _figure(self) -> Lines:
        self._imports.add(["from hwkit.visualization import SignedHeatmap, tile"])
        s = self._s
        if self._single:
            self._imports.add(["from hwkit.visualization import mask_of"])
            lines = [
                f"masks = [mask_of(each.attribution, {s.blur}, {s.threshold}) "
                "for each in (pixels, *seen)]",
                "lit = [mask[..., np.newaxis] * picture / 255 for mask in masks]",
            ]
        else:
            self._imports.add(["from hwkit import AttributionMask"])
            lines = [
                f"visualizer = AttributionMask(blur={s.blur}, threshold={s.threshold})",
                "lit = [visualizer.visualize(each, bound) for each in (pixels, *seen)]",
            ]
        return [
            *lines,
            "signed = SignedHeatmap().visualize(pixels, bound)",
            'titles = ["the picture", "what matters", "red: for, blue: against"]',
            'titles += [f"neuron {neuron}: {influence[neuron]:+.3g}" for neuron in neurons]',
            "tile([picture / 255, lit[0], signed, *lit[1:]], titles)",
        ]


def _picture_lines(picture: Picture, settings: Settings) -> Lines:
    if picture.scene is None:
        note = "  # the file that you uploaded" if settings.source.group == UPLOADED else ""
        return [f"picture = {picture.code}{note}"]
    if not settings.source.without:
        return [f"scene = {scene_code(picture.scene)}", "picture = scene.image"]
    return [
        f"whole = {scene_code(picture.scene)}",
        f"scene = whole{without_code(settings.source.without)}",
        "picture = scene.image",
    ]


def _named(classes: Sequence[str]) -> bool:
    """Whether the classes have names; else there may be no variable that holds them."""
    return any(name != f"class {index}" for index, name in enumerate(classes))


def _class(index: int, classes: Sequence[str]) -> str:
    name = classes[index]
    if not _named(classes) or list(classes).count(name) > 1:
        return str(index)
    return f"classes.index({quoted(name)})"
