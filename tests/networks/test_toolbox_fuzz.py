"""A thousand mutated files for each reader; `fuzz_toolbox.py` alone reads as many as one likes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="limits on memory need a POSIX system")
def test_mutated_files_are_read_or_refused() -> None:
    script = Path(__file__).with_name("fuzz_toolbox.py")
    run = subprocess.run(
        [sys.executable, str(script), "--count", "1000", "--seed", "1"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    results = {each["reader"]: each for each in map(json.loads, run.stdout.splitlines())}
    assert set(results) == {"text", "pickle", "data"}
    for each in results.values():
        assert each["wrong"] == []
        assert each["read"] + each["refused"] == 1000
        # Changes that all were refused, or all were read, would test little.
        assert 20 < each["read"] < 900
        assert each["peak megabytes"] < 400
