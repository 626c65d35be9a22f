"""The one error of files that cannot be read as a network of the toolbox."""

from __future__ import annotations


class ToolboxFileError(ValueError):
    """A file that is no network of the toolbox, or a damaged one.

    Attributes:
        source: the file.
        reason: where in the file (line, layer), what was expected and what was received.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(source, reason)
        self.source = source
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"
