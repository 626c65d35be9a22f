"""The explorer's views: what their traits take, what goes to the browser and what comes back."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import hwkit.explorer.widgets as widgets
from hwkit.explorer.widgets import Actions, Bars, Gallery, Rows

FRONTEND = Path(widgets.__file__).parent / "frontend"
VIEWS = {"gallery": Gallery, "bars": Bars, "rows": Rows, "actions": Actions}


def picture(**changes):
    """A picture of 2 x 3 pixels: 18 bytes."""
    plain = {"id": "a", "caption": "a car", "height": 2, "width": 3, "pixels": bytes(18)}
    return plain | changes


def bar(**changes):
    return {"id": 17, "value": 0.42, "top": True, "rank": 3} | changes


def row(**changes):
    return {"id": "roof", "name": "roof", "values": [0.25, None]} | changes


SERIES = [
    {"name": "share", "shape": "bar", "tone": "blue"},
    {"name": "area", "shape": "line", "tone": "grey"},
]


def test_pixels_fit_height_and_width():
    with pytest.raises(ValueError, match=r"= 18 bytes.*'a' of 2 x 3\. Received: 24 bytes"):
        Gallery(pictures=[picture(pixels=bytes(24))])
    with pytest.raises(ValueError, match="height=0"):
        Gallery(pictures=[picture(height=0, pixels=b"")])


def test_wrong_pictures_leave_the_right_ones():
    gallery = Gallery(pictures=[picture()])
    with pytest.raises(ValueError):
        gallery.pictures = [picture(caption="two cars", pixels=b"")]
    assert [each["caption"] for each in gallery.pictures] == ["a car"]


def test_what_a_picture_leaves_out():
    (shown,) = Gallery(pictures=[picture(pixels=None)]).pictures
    assert shown == picture(pixels=None, alt="a car", detail="", message="", pending=False)


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"pixels": np.zeros((2, 3, 3), np.uint8)}, TypeError, "bytes or None as pixels"),
        ({"height": 2.0}, TypeError, "a whole number as height"),
        ({"caption": 7}, TypeError, "words .* as caption"),
        ({"pending": 1}, TypeError, "True or False as pending"),
        ({"colour": "red"}, ValueError, "Received: .*colour"),
    ],
)
def test_what_a_picture_holds(changes, error, told):
    with pytest.raises(error, match=told):
        Gallery(pictures=[picture(**changes)])


def test_what_a_picture_lacks():
    with pytest.raises(ValueError, match=r"Expected a picture with id, .*Received: id"):
        Gallery(pictures=[{"id": "a"}])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Gallery(pictures=[picture(), picture()]),
        lambda: Bars(bars=[bar(), bar(value=-1.0)]),
        lambda: Rows(rows=[row(), row(name="window")]),
        lambda: Rows(series=[SERIES[0], SERIES[0]]),
    ],
)
def test_no_id_twice(make):
    with pytest.raises(ValueError, match="Received twice"):
        make()


@pytest.mark.parametrize("value", [np.nan, np.inf, np.float32("-inf")])
def test_numbers_are_finite(value):
    with pytest.raises(ValueError, match="finite number as value of a bar"):
        Bars(bars=[bar(value=value)])
    with pytest.raises(ValueError, match="finite number as values of a row"):
        Rows(rows=[row(values=[0.5, value])])


def test_numbers_of_numpy_become_plain_ones():
    bars = Bars(bars=[bar(id=np.int64(17), value=np.float32(0.5), top=np.bool_(True))])
    assert [type(bars.bars[0][name]) for name in ("id", "value", "top")] == [int, float, bool]
    rows = Rows(rows=[row(values=(np.float32(0.25), None), switch=np.True_)])
    assert rows.rows[0]["values"] == [0.25, None]
    assert type(rows.rows[0]["values"][0]) is float
    assert rows.rows[0]["switch"] is True


def test_shapes_and_tones_are_those_that_can_be_drawn():
    script = (FRONTEND / "rows.js").read_text(encoding="utf-8")
    style = (FRONTEND / "rows.css").read_text(encoding="utf-8")
    for shape in widgets.checks.SHAPES:
        assert f"\n  {shape}: " in script
    for tone in widgets.checks.TONES:
        assert f".hw-tone-{tone} " in style
    with pytest.raises(ValueError, match="bar, circle, .*Received: 'star'"):
        Rows(series=[SERIES[0] | {"shape": "star"}])
    with pytest.raises(ValueError, match="blue, orange, .*Received: 'red'"):
        Rows(series=[SERIES[0] | {"tone": "red"}])


def test_saving_asks_who_wants_to_know():
    actions = Actions()
    asked = []
    actions.on_save(asked.append)
    actions._handle_custom_msg({"kind": "save", "format": "svg"}, [])
    actions._handle_custom_msg({"kind": "something else"}, [])
    assert asked == ["svg"]
    actions.on_save(asked.append, remove=True)
    actions._handle_custom_msg({"kind": "save", "format": "png"}, [])
    assert asked == ["svg"]


def test_no_other_format(caplog):
    actions = Actions()
    asked = []
    actions.on_save(asked.append)
    with pytest.raises(ValueError, match="png, svg. Received: 'exe'"):
        actions._received(actions, {"kind": "save", "format": "exe"}, [])
    assert not asked


def test_a_file_goes_to_the_browser(monkeypatch):
    sent = []
    monkeypatch.setattr(
        Actions, "send", lambda self, content, buffers: sent.append((content, buffers))
    )
    Actions().send_file("explorer.png", "image/png", b"\x89PNG")
    content = {"kind": "file", "name": "explorer.png", "type": "image/png"}
    assert sent == [(content, [b"\x89PNG"])]


@pytest.mark.parametrize("name", ["", "figures/a.png", "..", "figures\\a.png"])
def test_a_file_has_a_plain_name(name):
    with pytest.raises(ValueError, match="Expected a plain file name"):
        Actions().send_file(name, "image/png", b"")


@pytest.mark.parametrize("name", VIEWS)
def test_scripts_load_alone(name):
    """The browser gets a module in one piece: all that it uses is in it, nothing is fetched."""
    view = VIEWS[name]()
    assert view._esm.startswith((FRONTEND / "common.js").read_text(encoding="utf-8"))
    assert view._esm.rstrip().endswith("render };")
    assert not [line for line in view._esm.splitlines() if line.startswith("import ")]
    assert "url(" not in view._css
    assert "@import" not in view._css
    for other in set(VIEWS) - {name}:
        assert (FRONTEND / f"{other}.js").read_text(encoding="utf-8") not in view._esm


@pytest.mark.parametrize("name", VIEWS)
def test_scripts_are_javascript(name, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: scripts cannot be parsed")
    module = tmp_path / f"{name}.mjs"
    module.write_text(VIEWS[name]()._esm, encoding="utf-8")
    done = subprocess.run([node, "--check", module], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def run_script(tmp_path, name, expression):
    """What an expression is with the functions of a widget's script."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: scripts cannot run")
    module = tmp_path / "tried.mjs"
    printed = f"console.log(JSON.stringify({expression}));\n"
    module.write_text(VIEWS[name]()._esm + printed, encoding="utf-8")
    done = subprocess.run([node, module], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("count", "size", "side", "rows", "room", "factor"),
    [
        (2, 96, 192, 1, 1000, "2"),
        (2, 96, 191, 1, 1000, "1"),  # twice the size would be a pixel too wide
        (5, 96, 192, 1, 980, "1"),  # five of 192 pixels are too wide for a row
        (5, 96, 192, 2, 980, "2"),  # but not for two rows
        (1, 224, 192, 1, 980, "0.5"),
        (8, 96, 48, 8, 250, "0.5"),
        (1, 8, 192, 1, 980, "8"),  # no larger than eight times
    ],
)
def test_scale_is_whole(tmp_path, count, size, side, rows, room, factor):
    pictures = f"Array({count}).fill({{ width: {size}, height: {size}, caption: 'x' }})"
    call = f"wholeFactor({pictures}, {side}, {rows}, {room})"
    assert run_script(tmp_path, "gallery", call) == factor


def test_scale_is_told(tmp_path):
    told = run_script(tmp_path, "gallery", "[3, 1, 1 / 2, 1 / 3, 1 / 5].map(scaleNote)")
    assert told.replace("\u00a0", " ") == (
        '["each pixel shown 3 × 3","","shown at half size","shown at a third of full size",'
        '"shown at 1/5 of full size"]'
    )


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("[0, 0.4249, 12.34, -1234.5].map(signed)", '["0","+0.425","+12.3","−1235"]'),
        ("signed(-0.0000042)", '"−4.2e−6"'),
        ("[0, 0.344, 0.0814, 1].map(percentage)", '["0%","34%","8.1%","100%"]'),
        ("ticks(-6, 13, 5).values.map(ticks(-6, 13, 5).write)", '["−5","0","5","10"]'),
        ("ticks(0, 0.61, 5).values.map(ticks(0, 0.61, 5).write)", '["0","0.2","0.4","0.6"]'),
        ("ticks(0, 11, 5).values.map(ticks(0, 11, 5).write)", '["0","2.5","5.0","7.5","10.0"]'),
        ("range([0, 0], true)", "[-1,1]"),
        ("range([1, 26], true)", "[0,27.04]"),
        ("range([10, 35], false)", "[9,36]"),
    ],
)  # fmt: skip
def test_numbers_read_well(tmp_path, call, expected):
    assert run_script(tmp_path, "bars", call) == expected
