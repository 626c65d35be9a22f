"""What the README shows works, and what the pages for users point at is there."""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hwkit import cli

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_point_at_what_is_there(page: Path):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_example_in_python_runs_and_writes_its_picture(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(textwrap.dedent(example), "README.md", "exec"), {})
    picture = np.asarray(Image.open("why.png").convert("RGB"))
    assert picture.shape == (96, 96, 3)
    assert picture.max() > 100, "the picture is dark all over"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_and_options_that_pages_show_exist(page: Path, monkeypatch, capsys):
    pattern = r"hwkit (demo|lab|doctor|explain|agree)\b([^`\n)#]*)"
    shown = re.findall(pattern, page.read_text("utf-8"))
    for command, rest in shown:
        monkeypatch.setattr(sys, "argv", ["hwkit", command, "--help"])
        monkeypatch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit):
            cli.main()
        helped = capsys.readouterr().out
        for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest):
            assert re.search(rf"{option}\b", helped), f"hwkit {command} has no {option}"


def test_make_targets_that_the_readme_shows_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)\b`", README)) <= targets
