"""Every kind of leak is planted in an edition and found; the edition itself is clean."""

from __future__ import annotations

import base64
import gzip
import io
import json
import py_compile
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import edition_tools
import numpy as np
import pytest

import hwkit
from autograder import leaks, stubs
from autograder import release as releasing
from autograder.course import Course
from hwkit.paths import data_path

ANSWER = "order = np.argsort(-influence)"  # of the notebook's cell "compress"
NOTEBOOK = "notebooks/influence/influence.ipynb"


@pytest.fixture(scope="module")
def secrets() -> leaks.Secrets:
    return leaks.Secrets.of(["influence"], [data_path("notebooks") / "influence"])


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A part of the edition that may be written to."""
    target = tmp_path / "edition"
    for name in ("hwkit/ranking.py", "README.md", NOTEBOOK):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(edition_tools.unpacked() / name, target / name)
    return target


def change(edition: Path, edit: Callable[[list], None]) -> None:
    file = edition / NOTEBOOK
    notebook = json.loads(file.read_text(encoding="utf-8"))
    edit(notebook["cells"])
    file.write_text(json.dumps(notebook), encoding="utf-8")


def code_cell(cells: list) -> dict:
    return next(cell for cell in cells if cell["cell_type"] == "code")


def zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def model_answer() -> str:
    """Some words from the middle of a model answer, wrapped anew."""
    source = json.loads((data_path("notebooks") / "influence" / "influence.ipynb").read_text())
    cell = next(c for c in source["cells"] if c["id"] == "iv-4-discussion")
    words = "".join(cell["source"]).split()
    return "\n".join(" ".join(words[start : start + 4]) for start in range(20, 52, 4))


def test_the_whole_edition_is_clean(secrets):
    assert leaks.find(edition_tools.released()[1], secrets) == []


def test_there_is_something_to_look_for(secrets):
    squeezed = set(secrets.pieces)
    assert "".join(ANSWER.split()) in squeezed
    for line in ('return np.argsort(-np.asarray(scores), kind="stable")',):
        assert "".join(line.split()) in squeezed
    assert len(squeezed) > 500


def plant(name: str, edition: Path) -> None:
    """Plant one kind of leak."""
    data = edition / "test_data"
    data.mkdir()
    text = f"def f(influence):\n    {ANSWER}\n"
    if name == "a stub that is none":
        file = edition / "hwkit" / "ranking.py"
        file.write_text(file.read_text() + '\n_X = np.argsort(-np.asarray(scores),kind="stable")\n')
    elif name == "a marker":
        (edition / "hwkit" / "x.py").write_text("# BEGIN  SOLUTION influence\n")
    elif name == "a source of the notebook":
        change(edition, lambda cells: code_cell(cells).update(source=text))
    elif name == "a source in lines":
        change(edition, lambda cells: code_cell(cells).update(source=text.splitlines(True)))
    elif name == "metadata":
        change(edition, lambda cells: code_cell(cells)["metadata"].update(note={"x": [ANSWER]}))
    elif name == "a name in metadata":
        change(edition, lambda cells: code_cell(cells)["metadata"].update({ANSWER: 1}))
    elif name == "an output":
        shown = {"output_type": "stream", "name": "stdout", "text": ["17"]}
        change(edition, lambda cells: code_cell(cells).update(outputs=[shown]))
    elif name == "an attachment":
        shown = {"a.png": {"image/png": "iVBORw0KGgo="}}
        change(edition, lambda cells: cells[0].update(attachments=shown))
    elif name == "a model answer":
        (edition / "README.md").write_text(model_answer())
    elif name == "a rubric":
        (edition / "README.md").write_text("*Rubric.* 3: all. 0: nothing.")
    elif name == "a compiled file":
        (edition / "x.py").write_text("x = 1\n")
        py_compile.compile(str(edition / "x.py"), str(edition / "hwkit" / "x.pyc"))
        (edition / "x.py").unlink()
    elif name == "a compiled file of another name":
        (edition / "x.py").write_text(text)
        py_compile.compile(str(edition / "x.py"), str(data / "weights.bin"))
        (edition / "x.py").unlink()
    elif name == "a binary file":
        (data / "x.npy").write_bytes(b"\x93NUMPY\xff\xfe" + ANSWER.encode() + b"\x00")
    elif name == "UTF-16":
        (data / "x.txt").write_bytes(ANSWER.encode("utf-16"))
    elif name == "an array":
        np.savez_compressed(data / "x.npz", note=np.array([text]))
    elif name == "nested zips":
        inner = zipped({"a.txt": text.encode()})
        (data / "x.dat").write_bytes(zipped({"b.zip": zipped({"c.zip": inner})}))
    elif name == "a zip's comment":
        held = io.BytesIO(zipped({"a": b""}))
        with zipfile.ZipFile(held, "a") as archive:
            archive.comment = ANSWER.encode()
        (data / "x.zip").write_bytes(held.getvalue())
    elif name == "gzip":
        (data / "x.gz").write_bytes(gzip.compress(text.encode()))
    elif name == "base64":
        noise = base64.b64encode(f"{'#' * 60}\n{text}".encode())
        (data / "x.txt").write_bytes(noise)
    elif name == "grader's code":
        shutil.copy(Path(leaks.__file__), edition / "hwkit" / "helper.py")
    elif name == "an instructor's module":
        place = "hwkit/evaluation/findings.py"
        shutil.copy(Path(hwkit.__file__).parent.parent / place, edition / "hwkit" / "found.py")
    elif name == "the grader's name":
        (edition / "README.md").write_text("See Autograder/judge.py.")
    elif name == "a challenge":
        file = Path(stubs.__file__)
        lines = [line for line in file.read_text().splitlines() if len("".join(line.split())) > 60]
        (edition / "hwkit" / "x.txt").write_text(lines[5])
    elif name == "a link":
        (data / "x").symlink_to("/etc/hostname")
    else:
        raise AssertionError(name)


KINDS = [
    *("a stub that is none", "a marker", "a source of the notebook", "a source in lines"),
    *("metadata", "a name in metadata", "an output", "an attachment", "a model answer"),
    *("a rubric", "a compiled file", "a compiled file of another name", "a binary file", "UTF-16"),
    *("an array", "nested zips", "a zip's comment", "gzip", "base64", "grader's code"),
    *("the grader's name", "an instructor's module", "a challenge", "a link"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_leak_is_found(edition, secrets, kind: str):
    assert leaks.find(edition, secrets) == []
    plant(kind, edition)
    found = leaks.find(edition, secrets)
    assert found
    with pytest.raises(leaks.LeakError, match="gives these away"):
        leaks.refuse(edition, secrets)


def test_every_line_of_every_answer_is_looked_for_unless_it_is_given_anyway(secrets):
    """A line of an answer passes only where a hint or a text tells it anyway."""
    hints = ["baseline = blurred(instance[None])[0]"]
    passed, seen = [], 0
    source = json.loads((data_path("notebooks") / "influence" / "influence.ipynb").read_text())
    for cell in source["cells"]:
        for region in stubs.regions("".join(cell["source"]), cell["id"]):
            for line in region.lines:
                squeezed = "".join(line.split())
                if len(squeezed) >= 18:
                    seen += 1
                    if secrets.within(f"x=1;{squeezed};y=2".encode()) is None:
                        passed.append(line.strip())
    assert seen > 60
    assert passed == hints


def test_release_refuses_and_writes_nothing(tmp_path, monkeypatch):
    template = releasing.template
    monkeypatch.setattr(releasing, "template", lambda name: template(name) + f"\n# {ANSWER}\n")
    course = Course(tmp_path / "course")
    with pytest.raises(leaks.LeakError, match=r"Makefile|README\.md"):
        releasing.release(course, "influence", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert list((course.root / "edition").iterdir()) == []
