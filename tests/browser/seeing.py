"""What tests see of a page: the pixels of a canvas, and whether the explorer is at work."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# Idle without a break: what the kernel has not heard of yet, it is not at work on either.
_IDLE = """(milliseconds) => {
    const bars = [...document.querySelectorAll(".hw-actions .hw-busy")];
    const idle = bars.length && bars.every((bar) => bar.classList.contains("hw-idle"));
    if (!idle || document.querySelector("[aria-busy=true]")) window.idleSince = undefined;
    else window.idleSince ??= performance.now();
    return idle && performance.now() - window.idleSince >= milliseconds;
}"""


def canvas_pixels(canvas: Locator) -> np.ndarray:
    """What is on a canvas: uint8 RGBA ``(height, width, 4)``, in the canvas's own pixels."""
    address = canvas.evaluate("(canvas) => canvas.toDataURL('image/png')")
    data = base64.b64decode(address.split(",", 1)[1])
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGBA"))


def wait_until_idle(page: Page, *, still: float = 0.3, seconds: float = 60) -> None:
    """Wait until the explorer has been idle for `still` seconds without a break."""
    page.evaluate("() => { window.idleSince = undefined; }")
    page.wait_for_function(_IDLE, arg=1000 * still, timeout=1000 * seconds)
