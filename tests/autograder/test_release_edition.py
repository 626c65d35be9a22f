"""The student edition works by itself, and the notebook can be solved in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import edition_tools
import nbformat
import pytest
import yaml

from autograder import release as releasing
from autograder.challenges import challenges_of
from autograder.course import Course
from hwkit.checks import find_question
from hwkit.commands.running import run_notebook
from hwkit.paths import data_path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Given cells: set-up, the suspects and the evidence on them, which coding questions need; the study
# of rules and the grid, which must go by the student's answers alone.
_GIVEN = ("set-up", "cell-021", "cell-022", "cell-048", "cell-050", "cell-085")
_QUICK = {
    "PER_CLASS = 20": "PER_CLASS = 2",
    "(10, 20, 50, 100, 200)": "(10, 50)",
    '"midpoint", 1000': '"midpoint", 100',
}
_SHORTER = {
    "surrogates": {
        "range(8)": "range(2)",
        "[:200]": "[:40]",
        "scenes[:6]": "scenes[:1]",
        "pages[:100]": "pages[:20]",
        "labels[:100]": "labels[:20]",
        '["ink"][:100]': '["ink"][:20]',
        '["random"][:100]': '["random"][:20]',
        "300, 15": "64, 1",
    },
    "agreement": {
        "X, Y = digits.x_test, digits.y_test": "X, Y = digits.x_test[:12], digits.y_test[:12]",
        "count=40": "count=6",
        "resolution=50": "resolution=8",
        "epochs=100": "epochs=2",
    },
}
_AT_SLICE = (
    "at_slice = Explanation(world.model, MyAumannShapley(5), MyAbsolute).for_layer(world.layer)"
)


@pytest.fixture(scope="module")
def edition() -> Path:
    return edition_tools.unpacked()


def run_in(edition: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the edition's own shell program."""
    command = [sys.executable, "-c", "from hwkit.cli import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(edition)}
    return subprocess.run(
        command, cwd=edition, env=environment, capture_output=True, text=True, check=False
    )


def run_cells(notebook: nbformat.NotebookNode, edition: Path, folder: Path) -> str:
    """Run a notebook on the edition; all that its cells print."""
    probe = nbformat.v4.new_code_cell("import hwkit; print('runs on', hwkit.__file__)")
    notebook.cells.insert(0, probe)
    run_notebook(notebook, folder, environment={"PYTHONPATH": str(edition)})
    text = "\n".join(
        str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", ""))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert f"runs on {edition / 'hwkit' / '__init__.py'}" in text
    return text


def test_coding_questions_can_be_solved_in_it(edition, tmp_path):
    notebook = edition_tools.solved_notebook()
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and ("nbgrader" in cell.metadata or cell.id in _GIVEN)
    ]
    for cell in notebook.cells:
        for long, short in _QUICK.items():
            cell.source = cell.source.replace(long, short)
    notebook.cells.insert(-1, nbformat.v4.new_code_cell(_AT_SLICE))
    assert len(notebook.cells) > 30
    text = run_cells(notebook, edition, tmp_path)
    questions = {name for name in _questions(notebook) if name}
    assert len(questions) == 11
    assert text.count("visible checks passed") == 11, text
    assert "waits" not in text


@pytest.mark.parametrize("assignment", ["lrp", "surrogates", "agreement"])
def test_the_other_assignments_can_be_solved_in_their_editions(assignment, tmp_path):
    notebook = edition_tools.solved_notebook(assignment)
    for long, short in _SHORTER.get(assignment, {}).items():
        assert any(long in cell.source for cell in notebook.cells), long
        for cell in notebook.cells:
            cell.source = cell.source.replace(long, short)
    text = run_cells(notebook, edition_tools.unpacked(assignment), tmp_path)
    asked = challenges_of(assignment)
    assert {name for name in _questions(notebook) if name} == {each.question for each in asked}
    assert text.count("visible checks passed") == len(asked), text
    assert "waits" not in text


@pytest.mark.parametrize(
    ("ask", "question"),
    [("rules.zero()", "lrp_zero"), ("rules.alpha_beta()", "alpha_beta")],
)
def test_rules_of_the_package_name_the_question_that_asks_for_them(ask, question):
    place = edition_tools.unpacked("lrp")
    done = subprocess.run(
        [sys.executable, "-c", f"from hwkit.attribution.relevance import rules; {ask}"],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    title = find_question(question).title
    assert f"'{title}' of notebooks/lrp/lrp.ipynb" in done.stderr, done.stderr


def _questions(notebook: nbformat.NotebookNode) -> list[str]:
    return [
        cell.source.split('check("')[1].split('"')[0] if 'check("' in cell.source else ""
        for cell in notebook.cells
    ]


def test_the_given_notebook_runs_to_its_end(edition, tmp_path):
    text = run_cells(edition_tools.student_notebook(), edition, tmp_path)
    assert "Traceback" not in text
    assert "visible checks passed" not in text
    assert text.lower().count("not attempted") >= 9


def test_holds_what_it_needs_and_nothing_else(edition):
    tops = {path.name for path in edition.iterdir()}
    wanted = {"hwkit", "models", "notebooks", "test_data", "README.md", "Makefile", "LICENSE"}
    assert tops == wanted | {"pyproject.toml", "environment.yml", "hatch_build.py"}
    notebooks = sorted(path.name for path in (edition / "notebooks").iterdir())
    assert notebooks == ["explorer", "influence"]
    assert not list(edition.rglob("*.pyc"))


def test_the_explorers_notebook_is_in_every_edition_and_is_no_assignment(edition):
    assert "explorer" not in releasing.assignments()
    given = edition / "notebooks" / "explorer" / "explorer.ipynb"
    assert given.read_bytes() == (data_path("notebooks") / "explorer/explorer.ipynb").read_bytes()


def test_the_explorer_names_the_answers_that_it_waits_for(edition):
    ask = (
        "from hwkit.explorer import NeuronExplorer; e = NeuronExplorer('pocket'); e.wait();"
        "print(e.bars.message); print(e.scores.rows[0]['name'])"
    )
    told = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=edition,
        env={**os.environ, "PYTHONPATH": str(edition)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert told == [
        "This waits for the blank 'Absolute quantity of interest' (absolute).",
        "sports car",  # what needs no answer is there
    ]


def test_another_course_gets_the_same_bytes_unpacked_and_checked(tmp_path):
    course = Course(tmp_path / "course")
    zipped = releasing.release(course, "influence", tmp_path)
    assert zipped.read_bytes() == edition_tools.released()[1].read_bytes()
    place = course.edition("influence")
    with zipfile.ZipFile(zipped) as archive:
        for name in archive.namelist():
            inside = place / name.removeprefix("hwkit-influence/")
            assert inside.read_bytes() == archive.read(name)
    releasing.check_edition(place)
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", str(place) + ".sha256"], cwd=place, check=False
    )
    assert done.returncode == 0
    (place / "hwkit" / "sitecustomize.py").write_text("")
    with pytest.raises(ValueError, match="changed files"):
        releasing.check_edition(place)
    with pytest.raises(FileNotFoundError, match="hwkit release lrp"):
        releasing.check_edition(course.edition("lrp"))


def test_dependencies_are_the_instructors_without_the_graders(edition):
    project = tomllib.loads((edition / "pyproject.toml").read_text())
    names = {line.split(">=")[0] for line in project["project"]["dependencies"]}
    assert {"tensorflow", "keras", "jupyterlab", "typer"} <= names
    assert "nbgrader" not in names
    assert "optional-dependencies" not in project["project"]
    assert "entry-points" not in project["project"]
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["hwkit"]
    environment = yaml.safe_load((edition / "environment.yml").read_text())
    conda = {line.split(">=")[0] for line in environment["dependencies"] if isinstance(line, str)}
    renamed = {"matplotlib": "matplotlib-base", "nbconvert": "nbconvert-core"}
    renamed["seaborn"] = "seaborn-base"
    assert conda == {renamed.get(name, name) for name in names} | {"python", "pip"}


def test_notebook_is_nbgraders_release_and_in_the_gradebook(edition):
    from nbgrader.api import Gradebook

    course, _ = edition_tools.released()
    released = course.release("influence") / "influence.ipynb"
    given = edition / "notebooks" / "influence" / "influence.ipynb"
    assert given.read_bytes() == released.read_bytes()
    with Gradebook(course.database) as gradebook:
        kept = gradebook.find_notebook("influence", "influence")
        assert kept.max_code_score == 57
        assert kept.max_written_score == 53
    cells = json.loads(given.read_text())["cells"]
    locked = [
        cell["metadata"] for cell in cells if cell["metadata"].get("nbgrader", {}).get("locked")
    ]
    assert len(locked) == 11
    assert not any(each["editable"] or each["deletable"] for each in locked)


def test_program_has_no_instructors_commands_and_says_what_it_lacks(edition):
    text = run_in(edition, "--help").stdout
    assert " pack " in text
    assert " release " not in text
    assert " collect " not in text
    done = run_in(edition, "demo")
    assert done.returncode == 2
    assert "edition for students" in done.stderr
    assert "Traceback" not in done.stderr


def test_stubs_say_which_question_to_answer(edition):
    code = "from hwkit.ranking import top_neurons; top_neurons([[[1.0]]], 1)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=edition, capture_output=True, text=True, check=False
    )
    assert "NotImplementedError: This is the question 'Top neurons of a class'" in done.stderr
    assert "notebooks/influence/influence.ipynb" in done.stderr


def test_sources_of_the_course_are_copied_once_and_never_touched(tmp_path):
    course = Course(tmp_path)
    releasing.copy_source(course, "influence")
    file = course.source("influence") / "influence.ipynb"
    own = file.read_text().replace("A network says *sports car*.", "Dear students,")
    file.write_text(own)
    releasing.copy_source(course, "influence")
    assert file.read_text() == own


def test_opened_assignments_keep_their_answers_but_never_the_released_one(tmp_path, monkeypatch):
    monkeypatch.setattr(releasing, "assignments", lambda: ("influence", "lrp", "agreement"))
    (tmp_path / "course.toml").write_text('opened = ["lrp", "influence"]\n')
    assert releasing.closed_assignments(Course(tmp_path), "influence") == ("influence", "agreement")
    with pytest.raises(ValueError, match="Received: nothing"):
        releasing.closed_assignments(Course(tmp_path), "nothing")


def test_what_an_assignment_builds_on_has_to_be_opened_before_it_is_released(tmp_path):
    place = tmp_path / "course"
    place.mkdir()
    (place / "course.toml").write_text('opened = ["influence"]\n')
    with pytest.raises(ValueError, match=r'write opened = \["influence", "lrp"\] into .*course'):
        releasing.release(Course(place), "surrogates", tmp_path)
    assert sorted(each.name for each in place.iterdir()) == ["course.toml"]
    (place / "course.toml").write_text('opened = ["influence", "lrp"]\n')
    assert releasing.closed_assignments(Course(place), "surrogates") == ("agreement", "surrogates")


def test_answers_of_the_package_are_closed_though_their_assignment_has_no_notebook(monkeypatch):
    monkeypatch.setattr(
        releasing, "regions", lambda source, name: [SimpleNamespace(assignment="new")]
    )
    assert releasing.assignments() == ("agreement", "influence", "lrp", "new", "surrogates")


def test_a_source_that_nbgrader_refuses_is_told_in_its_words(tmp_path):
    course = Course(tmp_path)
    releasing.copy_source(course, "influence")
    file = course.source("influence") / "influence.ipynb"
    notebook = json.loads(file.read_text())
    graded = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    graded[1]["metadata"]["nbgrader"]["grade_id"] = graded[0]["metadata"]["nbgrader"]["grade_id"]
    file.write_text(json.dumps(notebook))
    with pytest.raises(ValueError, match="(?i)duplicate"):
        releasing.release_notebook(course, "influence")
