"""The student edition of an assignment: a zip that works by itself and holds no answer."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import string
import sys
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nbformat

import hwkit
from autograder import leaks
from autograder.course import Course
from autograder.stubs import regions, stubbed
from autograder.student_files import (
    INSTRUCTORS,
    student_environment,
    student_pyproject,
    template,
)
from hwkit import editions
from hwkit.paths import checkout_root, data_path

BUILDS_ON: Mapping[str, tuple[str, ...]] = {
    "surrogates": ("lrp",),
    "agreement": ("influence", "lrp"),
}
"""Assignments whose notebooks call what was to be written in earlier ones."""

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold; the same bytes every time


def release(course: Course, assignment: str, to: Path) -> Path:
    """Make the student edition, as a zip in ``to`` and unpacked in the course's folder.

    Args:
        course: gets source/, release/ and edition/ of the assignment, and its gradebook.
        assignment: its name.
        to: folder for the zip; made if need be.

    Returns:
        The zip.

    Raises:
        ValueError: unknown assignment, one that builds on another which is not opened, broken
            markers, or something in the edition that would give answers away
            (``leaks.LeakError``); nothing is written then.
        FileNotFoundError: hwkit runs from an installed copy, which lacks what an edition is made
            of.
    """
    closed = closed_assignments(course, assignment)
    copy_source(course, assignment)
    release_notebook(course, assignment)
    place = course.edition(assignment)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".making-") as folder:
        tree = Path(folder) / assignment
        write_edition(course, assignment, closed, tree)
        sources = [data_path("notebooks") / each for each in closed]
        secrets = leaks.Secrets.of(closed, [course.source(assignment), *sources])
        packed = Path(folder) / "edition.zip"
        write_zip(tree, packed, f"hwkit-{assignment}")
        leaks.refuse(packed, secrets)
        to.mkdir(parents=True, exist_ok=True)
        target = to / f"hwkit-{assignment}.zip"
        _replace_file(packed, target)
        _replace_folder(tree, place)
        _replace_text(digests(place), place.with_suffix(".sha256"))
    return target


def closed_assignments(course: Course, assignment: str) -> tuple[str, ...]:
    """The assignment to release and all others whose answers students may not see yet.

    Raises:
        ValueError: no such assignment, or one that builds on another which is not opened yet.
    """
    known = assignments()
    unknown = [name for name in (assignment, *course.opened) if name not in known]
    if unknown:
        raise ValueError(
            f"Expected assignments: {', '.join(known)}. Received: {', '.join(unknown)}."
        )
    missing = [name for name in BUILDS_ON.get(assignment, ()) if name not in course.opened]
    if missing:
        opened = ", ".join(f'"{name}"' for name in sorted({*course.opened, *missing}))
        raise ValueError(
            f"Expected {', '.join(missing)} to be opened: {assignment} uses what students wrote "
            f"there. Received: opened = {list(course.opened)}. When it has been handed in, write "
            f"opened = [{opened}] into {course.root / 'course.toml'} and release again."
        )
    return tuple(name for name in known if name == assignment or name not in course.opened)


def assignments() -> tuple[str, ...]:
    """Names of all assignments: those with something to answer in a notebook or in the package."""
    package = Path(hwkit.__file__).parent
    answers = (
        region.assignment
        for file in package.rglob("*.py")
        for region in regions(file.read_text(encoding="utf-8"), file.name)
    )
    return tuple(sorted({*_folders(graded=True), *answers}))


def _folders(graded: bool) -> set[str]:
    """The folders of notebooks in which something is graded, or nothing."""
    files = data_path("notebooks").glob("*/*.ipynb")
    return {each.parent.name for each in files if _has_graded_cells(each) == graded}


def _has_graded_cells(notebook: Path) -> bool:
    cells = nbformat.read(notebook, as_version=4).cells
    return any("nbgrader" in cell.metadata for cell in cells)


def copy_source(course: Course, assignment: str) -> None:
    """Put nbgrader's source into the course; one that is there already is never touched."""
    target = course.source(assignment)
    if not target.exists():
        ignored = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", ".*")
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copying-") as folder:
            copy = Path(folder) / assignment
            shutil.copytree(data_path("notebooks") / assignment, copy, ignore=ignored)
            copy.rename(target)


def release_notebook(course: Course, assignment: str) -> None:
    """Let nbgrader make release/<assignment> of source/<assignment>, and enter it in the gradebook.

    Raises:
        ValueError: nbgrader refuses the source; its reason is told.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.assignment_id = assignment
    config.CourseDirectory.db_url = course.database
    config.GenerateAssignment.force = True
    told: list[str] = []
    log = logging.Logger("release")  # nbgrader writes its reasons here, and nowhere else
    handler = logging.StreamHandler()
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    handler.setLevel(logging.ERROR)
    log.addHandler(handler)
    places = CourseDirectory(config=config, log=log)
    try:
        with _scripts_on_path():
            GenerateAssignment(coursedir=places, config=config, log=log).start()
    except (NbGraderException, SystemExit) as error:
        reason = "\n".join(told).strip() or str(error)
        raise ValueError(
            f"Expected a source that nbgrader can release. Received: {course.source(assignment)}. "
            f"nbgrader says:\n{reason}"
        ) from error


@contextmanager
def _scripts_on_path() -> Iterator[None]:
    """Let nbgrader find alembic, which it starts by its name to make a gradebook's tables."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def write_edition(course: Course, assignment: str, closed: Collection[str], tree: Path) -> None:
    """Write the files of the student edition into a new folder.

    Raises:
        FileNotFoundError: hwkit runs from an installed copy. ValueError: broken markers.
    """
    root = checkout_root()
    if root is None:
        raise FileNotFoundError(
            "Expected a checkout of hwkit, with its pyproject.toml. Received: an installed copy. "
            "Release from a checkout: git clone REPOSITORY hwkit && cd hwkit && make demo"
        )
    tree.mkdir(parents=True)
    _write_package(Path(hwkit.__file__).parent, closed, tree / "hwkit")
    for name in ("models", "test_data"):
        _copy_files(data_path(name), tree / name)
    _copy_files(course.release(assignment), tree / "notebooks" / assignment)
    for name in _folders(graded=False):
        _copy_files(data_path("notebooks") / name, tree / "notebooks" / name)
    for name in ("LICENSE", "hatch_build.py"):
        shutil.copyfile(root / name, tree / name)
    pyproject = (root / "pyproject.toml").read_text(encoding="utf-8")
    _write(tree / "pyproject.toml", student_pyproject(pyproject))
    environment = (root / "environment.yml").read_text(encoding="utf-8")
    _write(tree / "environment.yml", student_environment(environment))
    _write(tree / "Makefile", template("Makefile"))
    number = str(editions.homework_number(assignment))
    readme = string.Template(template("README.md"))
    _write(tree / "README.md", readme.substitute(assignment=assignment, number=number))
    notebook = nbformat.read(course.release(assignment) / f"{assignment}.ipynb", as_version=4)
    record = editions.Edition.of(assignment, notebook).to_json()
    _write(tree / "hwkit" / editions.RECORD, json.dumps(record, indent=1, sort_keys=True) + "\n")


def _write_package(package: Path, closed: Collection[str], target: Path) -> None:
    for file in _files(package):
        relative = file.relative_to(package)
        if f"hwkit/{relative.as_posix()}" in INSTRUCTORS or relative.parts[0] == "_data":
            continue
        place = target / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".py":
            _write(place, stubbed(file.read_text(encoding="utf-8"), str(relative), closed))
        else:
            shutil.copyfile(file, place)


def write_zip(tree: Path, target: Path, top: str) -> None:
    """Zip a folder under the name ``top``: the same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in _files(tree):
            entry = zipfile.ZipInfo(f"{top}/{file.relative_to(tree).as_posix()}", _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, file.read_bytes())


def digests(tree: Path) -> str:
    """The sha256 of every file of a folder, as ``sha256sum --check`` reads them."""
    lines = (
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(tree).as_posix()}\n"
        for file in _files(tree)
    )
    return "".join(lines)


def check_edition(place: Path) -> None:
    """Make sure that an unpacked edition is as it was released.

    Raises:
        FileNotFoundError: there is none. ValueError: a file was changed, added or removed.
    """
    record = place.with_suffix(".sha256")
    if not place.is_dir() or not record.is_file():
        raise FileNotFoundError(
            f"Expected the student edition at {place}, and found none. Make it with: hwkit release "
            f"{place.name} --to DIR"
        )
    if digests(place) != record.read_text(encoding="utf-8"):
        raise ValueError(
            f"Expected the student edition at {place} as it was released. Received: changed files. "
            f"Make it anew with: hwkit release {place.name} --to DIR"
        )


def _files(folder: Path) -> list[Path]:
    """Files of a folder in a fixed order, without caches and hidden ones."""
    found = (
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and not any(
            part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts
        )
    )
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _copy_files(source: Path, target: Path) -> None:
    for file in _files(source):
        place = target / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)


def _write(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8", newline="\n")


def _replace_text(text: str, target: Path) -> None:
    waiting = target.with_name(f".{target.name}.new")
    _write(waiting, text)
    _replace_file(waiting, target)


def _replace_file(made: Path, target: Path) -> None:
    """Put a finished file in the place of an older one, from any file system."""
    waiting = target.with_name(f".{target.name}.part")
    shutil.copyfile(made, waiting)
    with waiting.open("rb") as written:
        os.fsync(written.fileno())
    waiting.replace(target)
    if made.parent == target.parent:
        made.unlink()


def _replace_folder(made: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".old-") as folder:
        if target.exists():
            target.rename(Path(folder) / "old")
        made.rename(target)
