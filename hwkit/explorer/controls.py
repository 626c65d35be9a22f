"""The controls of the explorer: each has a label, a tooltip in plain words, and a keyboard.

They turn into ``Settings`` and know nothing of what is computed from these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import ipywidgets as widgets

from hwkit.attribution.quadrature import RULES
from hwkit.explorer.albums.uploads import Uploads
from hwkit.explorer.settings import BASELINES, RANGES, RANKINGS, Settings, Source
from hwkit.explorer.widgets import Gallery, Tips
from hwkit.images.decode import PhotoError

_THUMBNAIL = 48  # CSS pixels
_ALPHABETICAL = 30  # with more classes than this they are listed by name
_RULES = {"gauss_legendre": "Gauss-Legendre"}
_TIPS = {
    "group": "Which pictures to choose from.",
    "upload": "Take a picture file of your own. It stays on this machine.",
    "class": "The class whose score is explained.",
    "versus": "Ask why the first class rather than this one: the difference of both scores.",
    "layer": "The layer whose neurons (channels) are looked at. Later layers see larger things.",
    "top": "How many of the most influential neurons are shown, kept or taken out.",
    "ranking": "What of a neuron's map decides its rank; the lowest speak against the class.",
    "resolution": "Points on the path from the baseline to the picture: more are more exact.",
    "rule": "Where on the path these points lie. The midpoint rule is the most exact.",
    "baseline": "The picture that stands for 'nothing to see', where paths in pixels start.",
    "blur": "Smooths the light on the pictures, so that patches show rather than dots.",
    "threshold": "Pixels that matter less than this share of the strongest stay dark.",
}
_NOTHING = -1  # a Dropdown takes None for no choice at all


class Controls:
    """The controls, laid out in a column.

    Args:
        album: the pictures, with room for uploads.
        classes: names, in the order of the output.
        layers: names of the layers that can be looked at.
        settings: what the controls say at first.
        own_ranking: whether neurons can be ranked by a function of one's own.
        points: whether the method takes a resolution and a rule.
        lock: held while settings change.
        changed: called after each change, with the lock held.
        refused: called with the reason when a file is not a picture, and with "" when one is.
    """

    def __init__(
        self,
        album: Uploads,
        classes: Sequence[str],
        layers: Sequence[str],
        settings: Settings,
        *,
        own_ranking: bool,
        points: bool,
        lock: AbstractContextManager[Any],
        changed: Callable[[], None],
        refused: Callable[[str], None],
    ) -> None:
        self._album = album
        self._classes = classes
        self._lock = lock
        self._changed = changed
        self._refused = refused
        self._settings = settings
        self._quiet = False
        self.group = _dropdown("pictures", "group", album.groups, settings.source.group)
        self.thumbnails = Gallery(label="choose a picture", select="one", side=_THUMBNAIL, rows=8)
        self.upload = widgets.FileUpload(
            accept="image/*", multiple=False, description="My picture", tooltip=_TIPS["upload"]
        )
        named = [(name, index) for index, name in enumerate(classes)]
        if len(named) > _ALPHABETICAL:
            named.sort(key=lambda each: each[0].lower())
        self.of_class = _dropdown("class", "class", named, settings.class_index)
        self.versus = _dropdown(
            "compared with",
            "versus",
            [("nothing", _NOTHING), *(named if len(named) > 1 else [])],
            _NOTHING if settings.versus is None else settings.versus,
        )
        self.layer = _dropdown("layer", "layer", layers, settings.layer)
        self.top = _slider(widgets.IntSlider, "neurons shown", "top", settings.top)
        rankings = [(told, key) for key, told in RANKINGS.items() if key != "own" or own_ranking]
        self.ranking = _dropdown("ranked by", "ranking", rankings, settings.ranking)
        self.resolution = _slider(widgets.IntSlider, "points", "resolution", settings.resolution)
        rules = [(_RULES.get(name, name), name) for name in RULES]
        self.rule = _dropdown("rule", "rule", rules, settings.rule)
        self.baseline = _dropdown("baseline", "baseline", BASELINES, settings.baseline)
        self.blur = _slider(widgets.FloatSlider, "blur (pixels)", "blur", settings.blur, 0.5)
        self.threshold = _slider(
            widgets.FloatSlider, "threshold", "threshold", settings.threshold, 0.05
        )
        self._absent = () if points else (self.resolution, self.rule)
        self._show_thumbnails()
        self._watch()

    @property
    def settings(self) -> Settings:
        """What the controls say now."""
        return self._settings

    def set(self, **changes: Any) -> None:
        """Change what is not on the controls themselves: ``selected``, or ``source``."""
        with self._lock:
            self._settings = replace(self._settings, **changes)
            self._changed()

    def column(self) -> widgets.VBox:
        """The controls in a column, in groups with headings."""
        groups = {
            "Picture": (self.group, self.thumbnails, self.upload),
            "Question": (self.of_class, self.versus),
            "Neurons": (self.layer, self.top, self.ranking),
            "Path": (self.resolution, self.rule, self.baseline),
            "Light": (self.blur, self.threshold),
        }
        children: list[widgets.Widget] = []
        for title, members in groups.items():
            there = [each for each in members if each not in self._absent]
            if there:
                heading = widgets.HTML(title)
                heading.add_class("hwkit-group")
                children += [heading, *there]
        told = [each for each in children if getattr(each, "description", "") and each.tooltip]
        tips = {each.description: each.tooltip for each in told}
        column = widgets.VBox([*children, Tips(tips=tips)])
        column.add_class("hwkit-controls")
        return column

    def _watch(self) -> None:
        plain = {
            self.of_class: "class_index",
            self.versus: "versus",
            self.layer: "layer",
            self.top: "top",
            self.ranking: "ranking",
            self.resolution: "resolution",
            self.rule: "rule",
            self.baseline: "baseline",
            self.blur: "blur",
            self.threshold: "threshold",
        }
        for control, name in plain.items():
            control.observe(lambda change, name=name: self._set(name, change["new"]), "value")
        self.group.observe(lambda change: self._choose_group(change["new"]), "value")
        self.thumbnails.observe(lambda change: self._choose_picture(change["new"]), "chosen")
        self.upload.observe(lambda change: self._take(change["new"]), "value")

    def _set(self, name: str, value: Any) -> None:
        if self._quiet:
            return
        changes = {name: value}
        if name in ("class_index", "versus"):
            changes = self._question(name, None if value == _NOTHING else value)
        if name == "layer":
            changes["selected"] = ()  # its neurons are others
        self.set(**changes)

    def _question(self, name: str, value: int | None) -> dict[str, Any]:
        """A class is not compared with itself: chosen on one side, it gives way on the other."""
        s = self._settings
        changes = {"class_index": s.class_index, "versus": s.versus, name: value}
        if changes["class_index"] == changes["versus"]:
            if name == "class_index":
                changes["versus"] = None
            else:
                following = (s.class_index + 1) % len(self._classes)
                changes["class_index"] = following if s.versus is None else s.versus
        self._say(**changes)
        return changes

    def _say(self, **values: Any) -> None:
        """Let controls show values without calling for a change."""
        controls = {"class_index": self.of_class, "versus": self.versus}
        self._quiet = True
        try:
            for name, value in values.items():
                controls[name].value = _NOTHING if value is None else value
        finally:
            self._quiet = False

    def _choose_group(self, group: str) -> None:
        if not self._quiet:
            self._go_to(self._album.sources(group)[0])

    def _choose_picture(self, chosen: list[str]) -> None:
        if self._quiet or not chosen:
            return
        by_name = {str(each.index): each for each in self._album.sources(self.group.value)}
        self.set(source=by_name[chosen[0]])

    def _go_to(self, source: Source) -> None:
        """Show a picture, and ask about its class if the question was about the last one's."""
        changes: dict[str, Any] = {"source": source}
        before = self._class_index(self._settings.source.group)
        now = self._class_index(source.group)
        if now is not None and before == self._settings.class_index:
            changes |= self._question("class_index", now)
        self._settings = replace(self._settings, source=source)
        self._show_thumbnails()
        self.set(**changes)

    def _class_index(self, group: str) -> int | None:
        if group not in self._album.groups:
            return None
        name = self._album.class_of(group)
        return None if name is None else self._classes.index(name)

    def _take(self, files: Sequence[Any]) -> None:
        """Take up an uploaded file, or say why it cannot be used."""
        if not files:
            return
        (file,) = files
        self.upload.value = ()  # so that the same file can be chosen again
        try:
            source = self._album.add(file["name"], file["content"])
        except PhotoError as error:
            self._refused(str(error))
            return
        self._refused("")
        self._quiet = True
        try:
            self.group.options = self._album.groups
            self.group.value = source.group
        finally:
            self._quiet = False
        self._go_to(source)

    def _show_thumbnails(self) -> None:
        source = self._settings.source
        pictures = [
            {
                "id": str(each.index),
                "caption": "",
                "detail": "",
                "alt": f"{source.group} {place + 1}",
                "height": small.shape[0],
                "width": small.shape[1],
                "pixels": small.tobytes(),
                "pending": False,
                "message": "",
            }
            for place, (each, small) in enumerate(
                zip(
                    self._album.sources(source.group),
                    self._album.thumbnails(source.group),
                    strict=True,
                )
            )
        ]
        self._quiet = True
        try:
            with self.thumbnails.hold_sync():
                self.thumbnails.pictures = pictures
                self.thumbnails.chosen = [str(source.index)]
        finally:
            self._quiet = False


def _dropdown(description: str, tip: str, options: Sequence[Any], value: Any) -> widgets.Dropdown:
    return widgets.Dropdown(
        description=description, options=options, value=value, tooltip=_TIPS[tip]
    )


def _slider(
    kind: type[Any], description: str, name: str, value: float, step: float = 1
) -> widgets.Widget:
    low, high = RANGES[name]
    return kind(
        description=description,
        value=value,
        min=low,
        max=high,
        step=step,
        tooltip=_TIPS[name],
        readout_format="d" if kind is widgets.IntSlider else ".2g",
    )
