"""The import lines of a cell of code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

_IMPORT = re.compile(r"from (\S+) import (.+)$|import .+$")
_SHORTER = {"hwkit.attribution.aumann_shapley": "hwkit"}  # where these are imported from


def is_import(line: str) -> bool:
    """Whether a line of Python imports something."""
    return _IMPORT.match(line) is not None


class Imports:
    """Gathers import lines, and writes each module once."""

    def __init__(self) -> None:
        self._whole: set[str] = set()
        self._names: dict[str, set[str]] = {}

    def add(self, lines: Iterable[str]) -> None:
        """Take up lines such as ``from hwkit.ranking import top_neurons``."""
        for line in lines:
            match = _IMPORT.match(line)
            if match is None or match[1] is None:
                self._whole.add(line)
            else:
                names = match[2].strip().split(",")
                self._names.setdefault(match[1], set()).update(name.strip() for name in names)

    def reference(self, thing: type | Callable[..., Any] | None, role: str) -> str:
        """The name of a class or function, which is imported unless it is the notebook's own.

        What has no name of its own, such as a lambda, is called by its role.
        """
        name = getattr(thing, "__name__", "")
        if not name.isidentifier():
            return f"own_{role}"
        module = getattr(thing, "__module__", "__main__")
        inner = getattr(thing, "__qualname__", name) != name
        if module != "__main__" and not inner:
            self.add([f"from {_SHORTER.get(module, module)} import {name}"])
        return name

    def lines(self) -> list[str]:
        """All of them, in order."""
        ordered = [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(self._names.items())
        ]
        return [*sorted(self._whole), *ordered]
