"""Importing hwkit is quick, and quiet."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

HEAVY = (
    "tensorflow",
    "keras",
    "matplotlib",
    "pandas",
    "skimage",
    "seaborn",
    "scipy",
    "IPython",
    "ipywidgets",
    "anywidget",
    "voila",
)


def _run(code: str) -> subprocess.CompletedProcess[str]:
    # As a student's kernel has it: none of the settings that these tests or a shell may carry.
    settings = ("TF_", "KERAS", "CUDA", "XLA")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(settings)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


def _heavy_after(code: str) -> list[str]:
    probe = (
        f"import json, sys\n{code}\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    )
    done = _run(probe)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import hwkit",
        "import hwkit; dir(hwkit)",
        "import hwkit.paths; hwkit.paths.data_path('models')",
        "import hwkit.cli",
        "import hwkit.images.scenes",
    ],
)
def test_import_brings_nothing_heavy(code: str):
    assert _heavy_after(code) == []


def test_the_probe_sees_what_is_imported():
    assert _heavy_after("import pandas") == ["pandas"]


def test_every_public_name_can_be_had_and_has_its_promised_home():
    code = (
        "import hwkit, json\n"
        "print(json.dumps({n: getattr(hwkit, n).__module__ for n in hwkit.__all__}))"
    )
    done = _run(code)
    assert done.returncode == 0, done.stderr
    homes = json.loads(done.stdout)
    assert homes["Explanation"] == "hwkit.explanation"
    assert homes["AttributionMask"].startswith("hwkit.visualization")
    assert all(home.startswith("hwkit.") for home in homes.values())


def test_tensorflows_chatter_stays_off_the_terminal():
    done = _run("import hwkit; print(hwkit.networks.load('pocket').count_params() > 100_000)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


def test_an_unknown_attribute_is_refused_as_python_does():
    import hwkit

    with pytest.raises(AttributeError, match="no attribute 'explain_everything'"):
        _ = hwkit.explain_everything
