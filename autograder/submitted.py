"""The current attempt, laid out as nbgrader wants it: submitted/<id>/<assignment>/."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path, PurePosixPath

from autograder.attempts import FILES, current_attempt
from autograder.course import Course, key
from autograder.durable import MAKING, remove_unfinished, sync, sync_tree


def place_submitted(course: Course, assignment: str, student: str) -> None:
    """Make submitted/<id>/<assignment> what the current attempt is, as nbgrader wants it.

    The notebook is called <assignment>.ipynb, byte for byte; files beside it come along, and
    timestamp.txt tells when it was handed in.
    """
    attempt = current_attempt(course, assignment, student)
    if attempt is None:
        return
    target = course.submitted(student, assignment)
    files = course.collected(assignment, student) / f"{attempt.number:03d}" / FILES
    target.parent.mkdir(parents=True, exist_ok=True)
    wanted = _laid_out(files, attempt.notebook, assignment)
    moment = datetime.fromisoformat(attempt.submitted).strftime("%Y-%m-%d %H:%M:%S.%f UTC\n")
    if _is_laid_out(target, wanted, moment):
        return
    making = Path(tempfile.mkdtemp(dir=target.parent, prefix=MAKING))
    for name, source in wanted.items():
        place = making.joinpath(*PurePosixPath(name).parts)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    (making / "timestamp.txt").write_text(moment, encoding="utf-8")
    making.chmod(0o755)
    sync_tree(making)
    if target.exists():
        target.rename(Path(tempfile.mkdtemp(dir=target.parent, prefix=MAKING)) / "old")
    making.rename(target)
    sync(target.parent)
    remove_unfinished(target.parent)


def _laid_out(files: Path, notebook: str, assignment: str) -> dict[str, Path]:
    """Where the files of an attempt go for nbgrader: name to source.

    The notebook becomes ``<assignment>.ipynb``; what lies beside it and below keeps its place.
    Other notebooks, and what would take a name that is needed, are left out.
    """
    own = files / notebook
    wanted = {f"{assignment}.ipynb": own}
    needed = {key(f"{assignment}.ipynb"), key("timestamp.txt")}
    for file in sorted(own.parent.rglob("*")):
        name = file.relative_to(own.parent).as_posix()
        taken = key(PurePosixPath(name).parts[0]) in needed
        if file.is_file() and not taken and not key(name).endswith(".ipynb"):
            wanted[name] = file
    return wanted


def _is_laid_out(target: Path, wanted: dict[str, Path], timestamp: str) -> bool:
    """Whether a folder holds just these files and this time."""
    if not (target / "timestamp.txt").is_file():
        return False
    found = {file.relative_to(target).as_posix() for file in target.rglob("*") if file.is_file()}
    return (
        found == {*wanted, "timestamp.txt"}
        and (target / "timestamp.txt").read_text(encoding="utf-8") == timestamp
        and all((target / name).read_bytes() == each.read_bytes() for name, each in wanted.items())
    )
