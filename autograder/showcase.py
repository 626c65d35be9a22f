"""The end of ``hwkit demo``: an assignment is released, handed in by four made-up students, graded.

One is complete, one has typical mistakes, one is broken, one is hostile.
"""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from autograder.box.choose import kinds
from autograder.commands import collect, grade, release, report
from autograder.stubs import BEGIN, END
from hwkit import packing

ASSIGNMENT = "influence"
Notebook = dict[str, Any]


@dataclass(frozen=True)
class MadeUp:
    """A student who does not exist.

    Attributes:
        name: first and last.
        story: what is handed in, in words.
        changes: text of an answer to what stands there instead.
        before: a cell before all others.
        ran: whether the notebook was run.
    """

    name: str
    story: str
    changes: Mapping[str, str] = field(default_factory=dict)
    before: str = ""
    ran: bool = True


STUDENTS = {
    "ada": MadeUp("Ada Bright", "complete"),
    "ben": MadeUp(
        "Ben Hasty",
        "four typical mistakes",
        {
            "strength = attribution.max(axis=(0, 1))": "strength = attribution.mean(axis=(0, 1))",
            "keep[order[len(order) - bottom :]] = True": "keep[order[-bottom:]] = True",
            "((c1, 1.0), (c2, -1.0))": "((c2, 1.0), (c1, -1.0))",
            "predicted[labels == c] == c": "labels[predicted == c] == c",
        },
    ),
    "cyn": MadeUp("Cyn Later", "broken", {"order = np.argsort(-influence)": "order ="}, ran=False),
    "dan": MadeUp(
        "Dan Sly",
        "hostile",
        {
            "return float(np.mean(predicted[labels == c] == c))": "import os; os._exit(0)",
            "return baseline + t * (z - baseline)": (
                "return type('Any', (), {'__eq__': lambda *_: True})()"
            ),
        },
        before=(
            "import os, signal, socket\n"
            "for pid in (1, os.getppid()):\n"
            "    os.kill(pid, signal.SIGKILL)\n"
            "for folder, _, names in os.walk('/home'):\n"
            "    for name in names:\n"
            "        open(os.path.join(folder, name), 'w').write('100 points')\n"
            "socket.create_connection(('192.0.2.1', 80), timeout=1)\n"
        ),
    ),
}


def show(executed: Path, out: Path) -> None:
    """Release, hand in, collect, grade and report, in a course folder of its own.

    Args:
        executed: the solved notebook, with its outputs.
        out: folder of the demo.
    """
    typer.echo("\nAnd the instructor's side: four made-up students hand this assignment in.")
    if not any(kind.works for kind in kinds()):
        typer.echo("No box works here, so nothing is graded; hwkit doctor says how to get one.")
        return
    course = out / "course"
    for folder in (course, out / "zips"):
        shutil.rmtree(folder, ignore_errors=True)
    course.mkdir(parents=True)
    release.release(ASSIGNMENT, to=out, course=course)
    notebook = course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    solved = json.loads(executed.read_bytes())
    handed_out = json.loads(notebook.read_bytes())
    rows = [f"{student},{made.name.replace(' ', ',')}," for student, made in STUDENTS.items()]
    roster = "\n".join(["id,first_name,last_name,email", *rows, ""])
    (course / "roster.csv").write_text(roster, encoding="utf-8")
    zips = [
        _hand_in(student, made, _answered(handed_out, solved), out / "zips")
        for student, made in STUDENTS.items()
    ]
    collect.collect(
        zips,
        roster=None,
        course=course,
        assignment=ASSIGNMENT,
        deadline=None,
        late_from_file_times=False,
        mapping=None,
    )
    grade.grade(
        ASSIGNMENT, course=course, jobs=2, dask="", only=[], again=False, remark=False, trust=False
    )
    report.report(ASSIGNMENT, course=course, feedback=True)


def _answered(handed_out: Notebook, solved: Notebook) -> Notebook:
    """The handed-out notebook with the answers and outputs of the solved one."""
    notebook = copy.deepcopy(handed_out)
    known = {cell["id"]: cell for cell in solved["cells"]}
    for cell in notebook["cells"]:
        other = known[cell["id"]]
        if cell["cell_type"] == "code":
            cell |= {key: other[key] for key in ("outputs", "execution_count")}
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            lines = "".join(other["source"]).splitlines()
            kept = [line for line in lines if not line.strip().startswith((BEGIN, END, "*Rubric"))]
            cell["source"] = "\n".join(kept)
    return notebook


def _hand_in(student: str, made: MadeUp, notebook: Notebook, to: Path) -> Path:
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        for before, after in made.changes.items():
            cell["source"] = "".join(cell["source"]).replace(before, after)
        if not made.ran:
            cell |= {"outputs": [], "execution_count": None}
    if made.before:
        extra = {"cell_type": "code", "id": "extra", "metadata": {}, "outputs": []}
        notebook["cells"].insert(0, extra | {"execution_count": 1, "source": made.before})
    file = to / student / f"{ASSIGNMENT}.ipynb"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(notebook), encoding="utf-8")
    problems = packing.examine(file, ASSIGNMENT)
    typer.echo(f"{made.name} hands in ({made.story}); hwkit pack finds {len(problems)} problems")
    return packing.pack(file, student, ASSIGNMENT, to)
