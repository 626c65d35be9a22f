"""The front ends show widgets, and what is moved reaches the kernel and comes back."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import numpy as np
import psutil
import pytest
from complaints import no_complaints
from front_ends import served
from seeing import canvas_pixels, wait_until_idle

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDGETS = '''
import sys
import anywidget, ipywidgets, traitlets

class Swatch(anywidget.AnyWidget):
    """A canvas of 3 x 2 pixels in a shade of red, which tells the kernel when it is clicked."""

    _esm = """
    export default {
        render({model, el}) {
            const canvas = document.createElement("canvas");
            [canvas.className, canvas.width, canvas.height] = ["swatch", 3, 2];
            const brush = canvas.getContext("2d");
            const paint = () => {
                brush.fillStyle = `rgb(${model.get("red")}, 20, 30)`;
                brush.fillRect(0, 0, 3, 2);
            };
            model.on("change:red", paint);
            canvas.addEventListener("click", () => {
                model.set("clicks", model.get("clicks") + 1);
                model.save_changes();
            });
            el.append(canvas);
            paint();
        },
    };
    """
    red = traitlets.Int(3).tag(sync=True)
    clicks = traitlets.Int(0).tag(sync=True)

slider = ipywidgets.IntSlider(value=3, max=10, description="top")
swatch, said = Swatch(), ipywidgets.Label(sys.executable)
slider.observe(lambda change: setattr(swatch, "red", change.new ** 2), "value")
swatch.observe(lambda change: setattr(said, "value", f"clicked {change.new}"), "clicks")
ipywidgets.VBox([slider, swatch, said])
'''


UPLOAD = """
import ipywidgets

button, said = ipywidgets.FileUpload(), ipywidgets.Label("")
size = lambda change: f"{len(change.new[0].content)} bytes"
button.observe(lambda change: setattr(said, "value", size(change)), "value")
ipywidgets.VBox([button, said])
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cells = [nbformat.v4.new_markdown_cell("# Widgets"), nbformat.v4.new_code_cell(WIDGETS)]
    file = tmp_path_factory.mktemp("notebooks") / "widgets.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    return file


def test_what_is_moved_reaches_the_kernel_and_comes_back(page: Page, notebook):
    with served(notebook, "voila") as shown:
        shown.open(page)
        assert page.get_by_text(sys.executable).is_visible()  # the kernel is this interpreter
        swatch = page.locator("canvas.swatch")
        swatch.wait_for()
        assert canvas_pixels(swatch).tolist() == [[[3, 20, 30, 255]] * 3] * 2
        # Half its length further. The arrow keys are Notebook's where nobody claims them.
        page.get_by_role("slider").press("PageUp")
        page.wait_for_function(
            "() => document.querySelector('canvas.swatch').getContext('2d')"
            ".getImageData(0, 0, 1, 1).data[0] === 64"
        )
        np.testing.assert_array_equal(canvas_pixels(swatch)[1, 2], [8**2, 20, 30, 255])
        swatch.click()
        page.get_by_text("clicked 1").wait_for()


def test_a_large_photo_can_be_uploaded(page: Page, tmp_path):
    """A message of more than 10 MiB, at which servers of this kind hang up unless told not to."""
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(UPLOAD)]),
        tmp_path / "upload.ipynb",
    )
    (tmp_path / "photo.jpg").write_bytes(bytes(12_345_678))
    with served(tmp_path / "upload.ipynb", "voila") as shown:
        shown.open(page)
        with page.expect_file_chooser() as choosing:
            page.locator(".widget-upload").click()
        choosing.value.set_files(tmp_path / "photo.jpg")
        page.get_by_text("12345678 bytes").wait_for()


def test_a_page_that_is_left_ends_its_kernel(page: Page, notebook):
    def kernels() -> int:
        count = 0
        for each in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # it ends just now
                count += "ipykernel_launcher" in each.cmdline()
        return count

    with served(notebook, "voila") as shown:
        shown.open(page)
        shown.open(page)  # as a reload does
        for left in (1, 0):
            deadline = time.monotonic() + 20
            while kernels() > left and time.monotonic() < deadline:
                time.sleep(0.1)
            assert kernels() == left
            page.goto("about:blank")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("console.error('gone wrong')", "console: gone wrong"),
        ("setTimeout(() => { throw new Error('slip'); })", "uncaught: slip"),
        ("fetch('http://elsewhere.example/x').catch(() => 0)", "asks elsewhere: http://elsewhere"),
        # Known words, but not from Jupyter.
        ("setTimeout(() => undefined.schema)", r"uncaught: Cannot read .*reading 'schema'"),
    ],
)
def test_a_complaint_of_the_browser_fails_the_test(chromium, script, told):
    page = chromium.new_page()
    with pytest.raises(AssertionError, match=told), no_complaints(page):
        page.set_content("<p>nothing</p>")
        page.evaluate(f"() => {{ {script}; }}")
        page.wait_for_timeout(200)
    page.close()


def test_a_page_without_complaints_passes(page: Page):
    page.set_content("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>")
    page.evaluate("() => console.warn('only a warning')")


def test_idle_is_waited_for(page: Page):
    from playwright.sync_api import TimeoutError

    page.set_content("<div class='hw-actions'><div class='hw-busy'>at work</div></div>")
    with pytest.raises(TimeoutError):
        wait_until_idle(page, seconds=0.5)
    page.evaluate(
        """() => {
            const bar = document.querySelector(".hw-busy");
            const idle = (yes) => { bar.classList.toggle("hw-idle", yes); };
            idle(true);  // a breath before the work begins
            setTimeout(() => idle(false), 150);
            setTimeout(() => { idle(true); window.done = true; }, 600);
        }"""
    )
    wait_until_idle(page, still=0.3)
    assert page.evaluate("() => window.done")
