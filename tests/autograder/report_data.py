"""Made-up submissions and verdicts of a class, for the tests of gradebook, reports and exports."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from autograder.results import AspectResult, CellResult, QuestionResult, SubmissionResult
from hwkit.paths import data_path

SOURCE = data_path("notebooks") / "influence" / "influence.ipynb"
# question, title, points, aspects, typical mistakes
QUESTIONS: tuple[tuple[str, str, float, tuple[tuple[str, float], ...], tuple[str, ...]], ...] = (
    ("path_point", "The point of a path", 2, (("any shape", 2),), ("t swapped with 1 - t",)),
    (
        "get_attributions",
        "Aumann-Shapley values",
        10,
        (("right Riemann sum", 4), ("other rules", 3), ("with a baseline", 2), ("batches", 1)),
        ("difference term forgotten", "left instead of right Riemann sum", "baseline ignored"),
    ),
    ("absolute", "Absolute quantity", 5, (("logit", 5),), ("softmax instead of logit",)),
    ("top_neurons_of_instance", "For one instance", 4, (("ranking", 4),), ("mean instead of max",)),
    ("top_neurons_of_class", "For a class", 4, (("ranking", 4),), ("most negative first",)),
    ("project", "What does a neuron see?", 4, (("projection", 4),), ("channels first",)),
    ("hunt", "The hunt", 4, (("verdicts", 4),), ()),
    ("comparative", "Comparative quantity", 5, (("difference", 5),), ("sign swapped",)),
    ("most_influential", "One neuron for a question", 6, (("neuron", 6),), ("mean over images",)),
    ("compress", "Compress", 8, (("kept", 4), ("zeroed", 4)), ("mask inverted",)),
    ("recall", "Recall", 5, (("recall", 5),), ("precision instead of recall",)),
)
MANUAL = {
    "i-1a-quantity-and-distribution": 1,
    "i-1b-neuron-and-class": 2,
    "i-1c-pixel-and-comparison": 2,
    "i-2-question-on-rules": 3,
    "ii-2d-neurons-and-pixels": 4,
    "iii-2b-sports-car-and-convertible": 9,
    "iii-2c-a-claim-that-can-fail": 5,
    "iii-3-own-pair-discussed": 10,
    "iv-3-reading-the-grid": 5,
    "iv-4-discussion": 12,
}
NAMES = [
    "Ada Lovelace",
    "Émile Zola",
    "李 小龍",
    "Søren Kierkegaard",
    "Zoë Álvarez",
    "Mary Shelley",
    "Alan Turing",
    "Grace Hopper",
    "Katherine Johnson",
    "Ludwig Boltzmann",
    "Emmy Noether",
    "Kurt Gödel",
    "Sofja Kowalewskaja",
    "Paul Erdős",
    "Hypatia Alexandria",
    "Isaac Newton",
    "Maryam Mirzakhani",
    "Srinivasa Ramanujan",
    "Rosalind Franklin",
    "Carl Gauß",
    "Barbara McClintock",
    "Niels Bohr",
    "Lise Meitner",
    "Max Planck",
    "Chien-Shiung Wu",
    "Werner Heisenberg",
    "Dorothy Hodgkin",
    "Erwin Schrödinger",
    "Vera Rubin",
    "Louis de Broglie",
]
PAYLOADS = (
    "<script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "<svg onload=\"document.title='run'\"><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "[press](javascript:document.title='run')",
    "![p](data:text/html;base64,PHNjcmlwdD4=)",
    "</title></style></textarea><iframe srcdoc='<script>1</script>'>",
    "{{ 7*7 }}{% raw %}\"'`$\\href{javascript:alert(1)}{x}$",
)


def verdict(name: str, share: float = 1.0, mistake: str = "", status: str = "") -> QuestionResult:
    """A verdict on one question; ``share`` of its aspects, in their order, is right."""
    title, points, aspects, _ = next(each[1:] for each in QUESTIONS if each[0] == name)
    right = round(share * len(aspects))
    parts = tuple(
        AspectResult(what, worth if i < right else 0.0, worth)
        for i, (what, worth) in enumerate(aspects)
    )
    given = sum(each.points for each in parts)
    known = status or ("passed" if given == points else "partly" if given else "wrong")
    message = "Every hidden case came out right." if known == "passed" else f"It seems: {mistake}."
    return QuestionResult(
        question=name,
        title=title,
        cell="test-" + name.replace("_", "-"),
        points=given,
        max_points=points,
        status=known,  # type: ignore[arg-type]
        message=message,
        hint="" if known == "passed" else "Try it by hand on two numbers.",
        mistake=mistake,
        aspects=parts,
    )


def result(student: str, wrong: dict[str, QuestionResult] | None = None, **more: Any):
    """A submission's verdicts: everything right but what is given."""
    questions = tuple((wrong or {}).get(each[0]) or verdict(each[0]) for each in QUESTIONS)
    known = {"digest": "0" * 64, "seed": 7, "box": "bubblewrap", "seconds": 3.2, "version": "test"}
    return SubmissionResult(
        assignment="influence", student=student, questions=questions, **{**known, **more}
    )


def a_class(count: int = 30, seed: int = 3) -> list[SubmissionResult]:
    """Verdicts of a class, from very good to nothing at all."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(count):
        skill = 0.25 + 0.75 * rng.beta(4, 1.6)
        wrong = {}
        for name, *_, mistakes in QUESTIONS:
            if rng.random() > skill:
                mistake = str(rng.choice(mistakes)) if mistakes and rng.random() < 0.8 else ""
                wrong[name] = verdict(name, float(rng.choice([0, 0, 0.5])), mistake)
        more: dict[str, Any] = {"seconds": float(rng.gamma(9, 0.4))}
        if i % 9 == 4:
            more["late_seconds"] = float(rng.integers(600, 200_000))
        if i == 7:
            wrong["compress"] = verdict("compress", 0, status="stopped")
            more["concerns"] = ("It was stopped: more than 2 GB of memory.",)
        if i == 11:
            wrong["recall"] = verdict("recall", 0, status="failed")
            cell = CellResult("recall", "raised", "ZeroDivisionError: division by zero")
            more["cells"] = (cell,)
        if i == 13:
            wrong = {each[0]: verdict(each[0], 0, status="missing") for each in QUESTIONS}
            more["concerns"] = ("The notebook could not be read.",)
        made.append(result(f"s{i + 1:02d}", wrong, **more))
    return made


def picture(red: int = 200, side: int = 64) -> str:
    """A PNG file as base64."""
    file = io.BytesIO()
    pixels = np.zeros((side, side, 3), np.uint8)
    pixels[..., 0] = red
    pixels[: side // 2, :, 2] = 120
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def submission(change: dict[str, str] | None = None) -> dict[str, Any]:
    """A submitted notebook: the released one with answers; ``change`` maps grade_ids to sources."""
    from autograder.executed import released
    from autograder.reports.parts import read_source

    notebook = json.loads(json.dumps(released(read_source(SOURCE))))
    answers = {name: f"My answer to {name}: 42, because of $a<b$." for name in MANUAL}
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in {**answers, **(change or {})}:
            cell["source"] = {**answers, **(change or {})}[name]
        if cell["cell_type"] == "code" and name is None:
            data = {"image/png": picture(), "text/plain": "<Figure>"}
            cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    return notebook


def write(notebook: Any, path: Path) -> Path:
    """A notebook as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def make_course(root: Path, students: int = 3, extra: dict[str, str] | None = None):
    """A folder of a course with source and roster."""
    from autograder.course import Course

    course = Course(root)
    write(json.loads(SOURCE.read_text(encoding="utf-8")), course.source("influence") / SOURCE.name)
    lines = ["id,first_name,last_name,email,canvas_id,sis_login_id,section"]
    for i in range(students):
        first, last = NAMES[i % len(NAMES)].rsplit(" ", 1)
        lines.append(f"s{i + 1:02d},{first},{last},s{i + 1:02d}@example.org,{900 + i},l{i:02d},A")
    course.roster_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return course
