"""The explorer's views in the browser: pictures, bars, rows of marks, and a toolbar.

Each is a small widget of anywidget: what is shown is a trait, what the reader does comes back in a
trait or, for saving, to a callback. ``frontend/`` holds their scripts and styles.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets as t
from ipywidgets import CallbackDispatcher

from hwkit.explorer import widget_checks as checks

_FRONTEND = Path(__file__).parent / "frontend"
FORMATS = ("png", "svg")


def _script(name: str) -> str:
    """What the widgets share, then the widget's own: the browser gets one module."""
    files = (_FRONTEND / "common.js", _FRONTEND / f"{name}.js")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _style(name: str) -> str:
    """What the widgets and the page share, then the widget's own."""
    files = (_FRONTEND / "explorer.css", _FRONTEND / f"{name}.css")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


class Gallery(anywidget.AnyWidget):
    """Pictures in a wrapping row, painted with whole factors: never blurred by upscaling.

    Attributes:
        label: accessible name of the group.
        titled: whether the label is shown above the pictures.
        pictures: what to show, each a dict of ``id``, ``caption`` (str), ``height``, ``width``
            (int), ``pixels`` (bytes of RGB, row by row; ``None`` while there are none: an empty
            frame), and, if wanted, ``detail`` (second line), ``alt`` (what the picture shows, for
            screen readers; otherwise the caption), ``message`` (shown in place of the pixels) and
            ``pending`` (shown paler until the finished picture is set).
        chosen: ids of the outlined pictures.
        select: how many a reader may choose: "none", "one" or "many".
        side: the longest side that a picture may take, in CSS pixels.
        rows: how many rows the pictures may take before they are shown smaller.

    Raises:
        ValueError: a picture lacks something, holds something else, or its bytes are not
            ``height * width * 3``.
        TypeError: something of a picture has the wrong type.
    """

    _esm = _script("gallery")
    _css = _style("gallery")
    label = t.Unicode().tag(sync=True)
    titled = t.Bool(False).tag(sync=True)
    pictures = t.List(t.Dict()).tag(sync=True)
    chosen = t.List(t.Unicode()).tag(sync=True)
    select = t.Enum(["none", "one", "many"], default_value="none").tag(sync=True)
    side = t.Int(192, min=16).tag(sync=True)
    rows = t.Int(1, min=1).tag(sync=True)

    @t.validate("pictures")
    def _check_pictures(self, proposal: Any) -> list[dict[str, Any]]:
        return checks.pictures(proposal["value"])


class Bars(anywidget.AnyWidget):
    """The influences of neurons as vertical bars by rank; a click chooses a neuron or drops it.

    Attributes:
        label: title above the chart.
        measure: what the y axis shows.
        bars: by rank, each a dict of ``id`` (the neuron's index), ``value`` (float), ``top`` (among
            the top ones: drawn strong) and ``rank`` (counted from 1).
        gap: after how many bars a gap says that neurons are left out; -1: no gap.
        omitted: how many are left out there.
        chosen: ids of the bars that are marked.
        message: shown in place of the chart.
        pending: whether other values are on their way: shown paler, and not to be clicked.
        height: of the chart with its numbers, in CSS pixels, without title and captions.

    Raises:
        ValueError: as for ``Gallery``; also a value that is not finite.
        TypeError: as for ``Gallery``.
    """

    _esm = _script("bars")
    _css = _style("bars")
    label = t.Unicode().tag(sync=True)
    measure = t.Unicode("influence").tag(sync=True)
    bars = t.List(t.Dict()).tag(sync=True)
    gap = t.Int(-1, min=-1).tag(sync=True)
    omitted = t.Int(0, min=0).tag(sync=True)
    chosen = t.List(t.Int()).tag(sync=True)
    message = t.Unicode().tag(sync=True)
    pending = t.Bool(False).tag(sync=True)
    height = t.Int(190, min=80).tag(sync=True)

    @t.validate("bars")
    def _check_bars(self, proposal: Any) -> list[dict[str, Any]]:
        return checks.bars(proposal["value"])


class Rows(anywidget.AnyWidget):
    """A row for each class or part: bars and marks on one horizontal axis.

    Attributes:
        label: title above the chart.
        measure: what the x axis shows.
        series: what is marked in each row, each a dict of ``name``, ``shape`` (one of
            ``widget_checks.SHAPES``) and ``tone`` (one of ``widget_checks.TONES``).
        rows: each a dict of ``id``, ``name`` (str), ``values`` (a float or ``None`` for each
            series), and, if wanted, ``strong`` (name in bold), ``note`` (short, why there is
            nothing to see) and ``switch``: ``None``, there is no switch; otherwise there is one.
            It is on unless ``off`` holds the row's id.
        off: ids of the rows that a reader has switched off.
        zero: the x axis holds zero. It does so in any case where a series is drawn as bars.
        percent: values are shares of one, and are written beside the bars.
        message: shown in place of the chart.
        pending: whether other values are on their way: shown paler.
        footnote: shown below.

    Raises:
        ValueError: as for ``Bars``; also a shape or a tone that does not exist.
        TypeError: as for ``Bars``.
    """

    _esm = _script("rows")
    _css = _style("rows")
    label = t.Unicode().tag(sync=True)
    measure = t.Unicode().tag(sync=True)
    series = t.List(t.Dict()).tag(sync=True)
    rows = t.List(t.Dict()).tag(sync=True)
    off = t.List(t.Unicode()).tag(sync=True)
    zero = t.Bool(False).tag(sync=True)
    percent = t.Bool(False).tag(sync=True)
    message = t.Unicode().tag(sync=True)
    pending = t.Bool(False).tag(sync=True)
    footnote = t.Unicode().tag(sync=True)

    @t.validate("series")
    def _check_series(self, proposal: Any) -> list[dict[str, Any]]:
        return checks.series(proposal["value"])

    @t.validate("rows")
    def _check_rows(self, proposal: Any) -> list[dict[str, Any]]:
        return checks.rows(proposal["value"])


class Tips(anywidget.AnyWidget):
    """Gives the controls beside it the tooltips and names that ipywidgets leaves out.

    Attributes:
        tips: what each control is for, by its label.
    """

    _esm = _script("tips")
    tips = t.Dict().tag(sync=True)


class Actions(anywidget.AnyWidget):
    """A toolbar: the question in words, what is being computed, and buttons that take it along.

    Attributes:
        code: the cell that "Copy as code" copies; keep it up to date, since a browser lets pages
            copy only at once after a click.
        busy: what is being computed; "" when all is shown.
        sentence: the question in words.
        problem: an error to be told; a reader may dismiss it, which sets it to "".
    """

    _esm = _script("actions")
    _css = _style("actions")
    code = t.Unicode().tag(sync=True)
    busy = t.Unicode().tag(sync=True)
    sentence = t.Unicode().tag(sync=True)
    problem = t.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._savers = CallbackDispatcher()
        self.on_msg(self._received)

    def on_save(self, callback: Callable[[str], None], remove: bool = False) -> None:
        """Calls ``callback("png" or "svg")`` when a reader asks for the figure.

        It should call ``send_file`` in the end, or set ``problem``.

        Args:
            callback: what to call.
            remove: do not call it any more.
        """
        self._savers.register_callback(callback, remove=remove)

    def send_file(self, name: str, type: str, data: bytes) -> None:
        """Lets the browser save a file.

        Args:
            name: a plain file name, such as ``"explanation.png"``.
            type: the media type, such as ``"image/png"``.
            data: the file's bytes.

        Raises:
            ValueError: no name, or one with a folder.
        """
        if name in ("", "..") or Path(name).name != name or "\\" in name:
            raise ValueError(f"Expected a plain file name. Received: name={name!r}")
        self.send({"kind": "file", "name": name, "type": type}, buffers=[data])

    def _received(self, widget: Any, content: Any, buffers: Any) -> None:
        """A message from the browser."""
        if content.get("kind") != "save":
            return
        self._savers(checks.one_of("the format of a figure", content.get("format"), FORMATS))
