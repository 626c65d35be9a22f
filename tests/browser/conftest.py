"""A browser for the tests, and a page that fails its test when the browser has complaints."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import pytest
from complaints import no_complaints

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


# Per module: while Playwright runs, its event loop is the main thread's, and asyncio.run() fails in
# whatever test comes next.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, without a window."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        _without_browser("playwright is not installed (extra dev brings it)")
    # Without a program, Playwright's own. Some are found that do not run: Ubuntu's leads to a snap.
    programs = [*filter(None, map(shutil.which, PROGRAMS)), None]
    # Chromium's own box cannot be had by root.
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser, reasons = None, []
        while browser is None and programs:
            program = programs.pop(0)
            try:
                browser = playwright.chromium.launch(executable_path=program, args=root)
            except Error as error:
                reasons.append(
                    f"{program or 'Playwright'}: {error.message.strip().splitlines()[0]}"
                )
        if browser is None:
            _without_browser(f"no Chromium to be had: {'; '.join(reasons)}")
        yield browser
        browser.close()


def _without_browser(reason: str) -> NoReturn:
    if os.environ.get("HWKIT_REQUIRE_BROWSER"):
        pytest.fail(f"HWKIT_REQUIRE_BROWSER is set, but {reason}")
    pytest.skip(reason)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of 1280 x 720; at its end the test fails if the browser had complaints."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    with no_complaints(page):
        yield page
    context.close()
