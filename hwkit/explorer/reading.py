"""Reads results for a page, and notes what the page still lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.explorer import keys
from hwkit.explorer.results import Key, Results


class Reader:
    """Looks results up, and remembers what was asked for.

    Args:
        results: where they are kept.
    """

    def __init__(self, results: Results) -> None:
        self._results = results
        self._asked: list[Key] = []
        self._quick: list[Key] = []
        self._early: list[Key] = []
        self._late: list[Key] = []

    def read(self, key: Key) -> Any:
        """The result; ``None`` if it is still to be computed."""
        value = self._results.get(key)
        self._asked.append(key)
        if value is None:
            self._quick.append(key)
        return value

    def best(self, key: Key) -> tuple[Any, Key | None]:
        """The result or, until it is there, its preview; and the key of what was found.

        ``(None, None)`` as long as there is neither.
        """
        self._asked.append(key)
        value = self._results.get(key)
        if value is not None:
            return value, key
        rough = keys.preview(key)
        if rough is None:
            self._early.append(key)
            return None, None
        self._asked.append(rough)
        self._late.append(key)
        value = self._results.get(rough)
        if value is None:
            self._early.append(rough)
            return None, None
        return value, rough

    def made(self, key: Key, make: Callable[[], Any]) -> Any:
        """What is quickly made of a result, and kept as well."""
        self._asked.append(key)
        return self._results.get_or_make(key, make)

    @property
    def asked(self) -> list[Key]:
        """All that the page is made of."""
        return self._asked

    @property
    def missing(self) -> list[Key]:
        """What is still to be computed: what is quick first, then previews, then the rest."""
        return list(dict.fromkeys([*self._quick, *self._early, *self._late]))
