"""The explorer: controls on one side, what follows from them on the other.

A change of a control becomes ``Settings``; the page is a pure function of these and of what is
computed already; a worker computes what the page lacks, and the page is made anew as it arrives.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from hwkit.attribution.aumann_shapley import AumannShapley
from hwkit.compression import keep_influential
from hwkit.explanation import ExplanationForLayer
from hwkit.explorer import keys
from hwkit.explorer.albums import Pictures
from hwkit.explorer.as_code import as_code
from hwkit.explorer.beginning import first_settings
from hwkit.explorer.computing import Computing, Own
from hwkit.explorer.controls import Controls
from hwkit.explorer.figure import FORMATS, drawn, figure_of
from hwkit.explorer.reading import Reader
from hwkit.explorer.results import Key, Results
from hwkit.explorer.settings import RANGES, Settings, Source
from hwkit.explorer.subject import size_of, subject_of
from hwkit.explorer.views import Page, ahead, page_of
from hwkit.explorer.widgets import Actions, Bars, Gallery, Rows
from hwkit.explorer.worker import Worker, reason_of
from hwkit.visualization import Bound
from hwkit.worlds import World

if TYPE_CHECKING:
    import keras
    from matplotlib.figure import Figure

_MEMORY = 24 * 2**20  # bytes of results that are kept
_WITHOUT_KERNEL = (
    "<p>The explorer moves where a kernel runs: in the notebook itself, or as a page of its own "
    "with <code>hwkit explore</code>.</p>"
)
_LARGE = 128  # pixels; networks for larger pictures take seconds where others take a moment
_FEWER_POINTS = 12
_NEURONS = "What the top neurons see where they matter for the question"
_BETWEEN = 0.1  # seconds between two messages about progress
_AT_WORK = {
    "picture": "drawing",
    "logits": "asking the network",
    "pixels": "integrated gradients of the pixels",
    "order": "influence of the neurons",
    "projection": "neuron {neuron} in pixels",
    "scores": "the network with and without the chosen neurons",
}


class NeuronExplorer(widgets.Box):
    """Look into a network with your hands: which neurons matter for a class, and what they see.

    Args:
        world: "pocket", "vgg16", a ``World``, any Keras model that takes square pictures, or the
            path of a ``.keras`` file.
        images: pictures: a folder, a list of files, an array ``(n, h, w, 3)``, or a mapping from
            groups to arrays; ``None`` for the world's own.
        classes: names of an own network's outputs.
        image_bound: how an own network takes pictures: "unit", "signed", "bytes", "caffe" or an
            ``ImageBound``.
        layer: the slice to begin with; its name, its name in the VGG paper, or its index.
        method: the attribution method, such as a student's subclass of ``AumannShapley``.
        layer_class: a student's subclass of ``ExplanationForLayer``.
        top_neurons: a student's ranking, ``(maps (h, w, c), k) -> indices (k,)``.
        project: a student's projection to pixels, ``(explanation, layer, neuron, instance, focus)
            -> ExplanationData``; it chooses its own baseline.
        compress: a student's ``(activations, influence, top, bottom) -> activations``.
        start: what the controls say at first, by name: ``group`` of pictures, ``class_name`` and
            ``versus`` by their names, ``top``, ``ranking``, ``resolution``, ``rule``, ``baseline``,
            ``blur`` or ``threshold``.

    Raises:
        TypeError, ValueError, FileNotFoundError: what is given cannot be explored; the message says
            why.
    """

    def __init__(
        self,
        world: World | str | Path | keras.Model = "pocket",
        *,
        images: Pictures | None = None,
        classes: Sequence[str] | None = None,
        image_bound: Bound | None = None,
        layer: str | int | None = None,
        method: AumannShapley | None = None,
        layer_class: type[ExplanationForLayer] = ExplanationForLayer,
        top_neurons: Callable[..., Any] | None = None,
        project: Callable[..., Any] | None = None,
        compress: Callable[..., Any] = keep_influential,
        **start: Any,
    ) -> None:
        subject = subject_of(world, images, classes, image_bound, layer)
        self._subject = subject
        own = Own(method or AumannShapley(), layer_class, top_neurons, project, compress)
        self._results = Results(_MEMORY)
        student = (layer_class, top_neurons, project, compress)
        usual = (ExplanationForLayer, None, None, keep_influential)
        self._given = own if method is not None or student != usual else None
        self._compute = Computing(subject.model, subject.bound, subject.album, own, self._results)
        self._shown = threading.Condition(threading.RLock())
        self._closed = False
        self._worker = Worker(self._compute, self._results, self._refresh, self._advanced)
        self._missing: list[Key] = []
        self._told = 0.0
        self._showing = False  # what the views say then is said by us
        if top_neurons is not None:
            start.setdefault("ranking", "own")
        if size_of(subject.model) > _LARGE:
            start.setdefault("resolution", _FEWER_POINTS)
        settings = first_settings(subject.album, subject.classes, subject.layer, **start)
        points = hasattr(own.method, "resolution") and hasattr(own.method, "rule")
        if not points:  # it is asked once, without a preview
            settings = replace(settings, resolution=1)
        self.controls = Controls(
            subject.album,
            subject.classes,
            subject.layers,
            settings,
            own_ranking=top_neurons is not None,
            points=points,
            lock=self._shown,
            changed=self._refresh,
            refused=self._refused,
        )
        self.actions = Actions()
        self.pictures = Gallery(label="The picture, and what in it matters", side=224)
        self.neurons = Gallery(label=_NEURONS, titled=True, select="many")
        self.bars = Bars(label="Influence of the neurons", height=174)
        self.scores = Rows()
        self.parts = Rows()
        super().__init__(self._layout())
        self.add_class("hwkit-explorer")
        self.actions.on_save(self._save)
        self.bars.observe(lambda change: self._chosen(change["new"]), "chosen")
        self.neurons.observe(lambda change: self._chosen(change["new"]), "chosen")
        self.parts.observe(lambda change: self._left_out(change["new"]), "off")
        self._refresh()

    @property
    def settings(self) -> Settings:
        """What the controls say."""
        return self.controls.settings

    def wait(self, timeout: float = 600) -> None:
        """Wait until everything is computed that the page shows.

        Args:
            timeout: seconds.

        Raises:
            TimeoutError: it takes longer. RuntimeError: the explorer is closed.
        """
        with self._shown:
            ended = self._shown.wait_for(lambda: self._closed or not self._missing, timeout)
            if self._closed:
                raise RuntimeError(
                    "Expected an explorer that is open. Received: a closed one. Make a new one."
                )
            if not ended:
                raise TimeoutError(
                    f"Expected the page to be complete within {timeout:g} s. Still to be computed: "
                    f"{', '.join(dict.fromkeys(key.kind for key in self._missing))}."
                )

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """The explorer and, for pages without a kernel, a line that says where it lives."""
        return {**(super()._repr_mimebundle_(**options) or {}), "text/html": _WITHOUT_KERNEL}

    def close(self) -> None:
        """End all work, take the explorer off the page and free what it keeps."""
        if hasattr(self, "_worker"):  # what could not be made is closed as well
            with self._shown:
                self._closed = True
                self._worker.want([])
                self._results.clear()
                self._shown.notify_all()
        for part in _parts_of(self):
            part.close()
        super().close()

    def _layout(self) -> list[widgets.Widget]:
        charts = (self.scores, self.parts) if self._drawn() else (self.scores,)
        rows = [widgets.HBox([self.pictures, self.bars]), self.neurons, widgets.HBox(charts)]
        for row in rows:
            row.add_class("hwkit-row")
        views = widgets.VBox([self.actions, *rows])
        views.add_class("hwkit-views")
        return [self.controls.column(), views]

    def _drawn(self) -> bool:
        return self._compute.picture(self.settings.source).scene is not None

    # What the page shows ----------------------------------------------------------------------

    def _refresh(self) -> None:
        """Show what there is, and let the worker compute what there is not."""
        with self._shown:
            if self._closed:  # a last result arrived
                return
            try:
                self._make_page()
            except Exception as error:  # told on the page, where the reader looks
                self._missing = []
                self.actions.problem = f"This cannot be shown. {reason_of(error)}"
            self._shown.notify_all()

    def _make_page(self) -> None:
        s = self.settings
        read = Reader(self._results)
        whole = Source(s.source.group, s.source.index)
        page = page_of(
            s,
            read,
            self._compute.picture(s.source),
            self._compute.picture(whole),
            self._subject.classes,
        )
        following = ahead(s, page.order, int(RANGES["top"][1]))
        # What is computed ahead counts as used: else a full memory would drop it at once, and
        # it would be computed again and again.
        self._results.use([*read.asked, keys.maps(s), *following])
        self._missing = read.missing
        self._page = page
        self._show(page)
        self._worker.want([*self._missing, *following])

    def _show(self, page: Page) -> None:
        self._showing = True
        try:
            self._show_views(page)
        finally:
            self._showing = False
        self.actions.sentence = page.sentence
        self.actions.code = as_code(page.settings, self._subject, self._given)
        now = _at_work(self._missing[0]) if self._missing else ""
        if not self.actions.busy.startswith(now) or not now:
            self.actions.busy = now

    def _show_views(self, page: Page) -> None:
        for widget, traits in (
            (self.pictures, page.pictures),
            (self.neurons, page.neurons),
            (self.bars, page.bars),
            (self.scores, page.scores),
            (self.parts, page.parts),
        ):
            with widget.hold_sync():
                for name, value in traits.items():
                    setattr(widget, name, value)

    def _advanced(self, key: Key, points: int) -> None:
        """Say what is being computed, now and then; called by the worker."""
        now = time.monotonic()
        if now - self._told < _BETWEEN:
            return
        with self._shown:
            if key not in self._missing:
                return
            self._told = now
            self.actions.busy = f"{_at_work(key)}: {points} of {keys.resolution(key)} points"

    def _refused(self, reason: str) -> None:
        self.actions.problem = reason

    # What the views call for ------------------------------------------------------------------

    def _chosen(self, neurons: Sequence[Any]) -> None:
        """Neurons were chosen in a view, by index or by the index in words."""
        named = [str(neuron) for neuron in neurons]
        self._heard(selected=tuple(int(name) for name in named if name.isdigit()))

    def _left_out(self, parts: Sequence[str]) -> None:
        """Parts were switched off."""
        source = self.settings.source
        self._heard(source=Source(source.group, source.index, frozenset(parts)))

    def _heard(self, **changes: Any) -> None:
        with self._shown:
            known = all(getattr(self.settings, name) == new for name, new in changes.items())
            if self._showing or known:  # what the views say then is ours
                return
            if self._page.order is None and "selected" in changes:
                self._refresh()  # those bars are of before; they say so themselves
                return
            self.controls.set(**changes)

    def figure(self) -> Figure:
        """What the page shows, as a figure for print; waits until all of it is computed."""
        with self._shown:
            self.wait()
            page = self._page
        return figure_of(page)

    def _save(self, kind: str) -> None:
        """Send the figure as a file; in a thread of its own, for drawing takes a second."""
        threading.Thread(target=self._send_figure, args=(kind,), name="figure", daemon=True).start()

    def _send_figure(self, kind: str) -> None:
        try:
            data = drawn(self.figure(), kind)
        except Exception as error:  # told on the page; this thread has nobody else to tell
            self.actions.problem = f"The figure could not be made. {reason_of(error)}"
            return
        self.actions.send_file(f"explorer.{kind}", FORMATS[kind], data)


def _at_work(key: Key) -> str:
    """What a computation does, in words."""
    neuron = key.parts[-3] if key.kind == "projection" else ""
    return _AT_WORK[key.kind].format(neuron=neuron)


def _parts_of(box: widgets.Box) -> Iterator[widgets.Widget]:
    """All widgets inside a box, the inner ones first."""
    for child in box.children:
        if isinstance(child, widgets.Box):
            yield from _parts_of(child)
        yield child
