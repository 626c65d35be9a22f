"""What the browser complains of: errors in the console, uncaught ones, requests elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Error, Page, Request


@dataclass(frozen=True)
class Known:
    """A complaint that is not about us: what it says, where it comes from, and why it is let be."""

    words: str
    place: str
    reason: str


KNOWN = (
    Known(
        r"Cannot read properties of undefined \(reading 'schema'\)",
        r"/static/(notebook|lab)/",
        "Jupyter's keyboard shortcuts hear of a plugin before its settings are loaded, in a page "
        "without any widget too.",
    ),
)


@contextmanager
def no_complaints(page: Page) -> Iterator[None]:
    """Fail at the end if there were errors in the console, uncaught ones, or requests elsewhere."""
    complaints: list[str] = []

    def add(what: str, words: str, place: str) -> None:
        known = any(re.search(e.words, words) and re.search(e.place, place) for e in KNOWN)
        if not known:
            complaints.append(f"{what}: {words} ({place})")

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            add("console", message.text, message.location.get("url", ""))

    def uncaught(error: Error) -> None:
        add("uncaught", error.message, error.stack or "")

    def request(request: Request) -> None:
        if not re.match(r"(data|blob):|(http|ws)://(127\.0\.0\.1|localhost)[:/]", request.url):
            complaints.append(f"asks elsewhere: {request.url}")

    listeners = {"console": console, "pageerror": uncaught, "request": request}
    for event, listener in listeners.items():
        page.on(event, listener)
    yield
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    assert not complaints, "\n".join(complaints)
