"""The shell program, run in this process."""

from __future__ import annotations

import sys

import pytest

from hwkit import cli


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run ``hwkit`` with these arguments; its exit status."""
    monkeypatch.setattr(sys, "argv", ["hwkit", *map(str, arguments)])
    monkeypatch.delenv("HWKIT_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0)
