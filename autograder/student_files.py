"""What the student edition is made of, and the files that tell how to install and use it."""

from __future__ import annotations

import importlib.resources
import re

_STUDIES = ("agreement_findings", "agreement_study", "findings", "kept_findings", "kept_study")
# What instructors measure the assignments with; it answers them on the way.
INSTRUCTORS = tuple(f"hwkit/evaluation/{name}.py" for name in _STUDIES)
# Of the packages that hwkit needs, those that only instructors' tools use.
_INSTRUCTORS_NEED = ("nbgrader",)
_SECTIONS = (
    "build-system",
    "project",
    "project.scripts",
    "tool.hatch.version",
    "tool.hatch.build.targets.wheel",
    "tool.hatch.build.targets.wheel.hooks.custom",
)
_DESCRIPTION = "A course kit on explaining neural networks: the edition for students"


def student_pyproject(text: str) -> str:
    """pyproject.toml without the instructor's packages, extras, commands and tools."""
    sections = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    kept = [each for each in sections if each.split("]")[0].strip("[") in _SECTIONS]
    lines = [line for line in "".join(kept).splitlines() if not line.lstrip().startswith("#")]
    need = tuple(f'"{name}>=' for name in _INSTRUCTORS_NEED)
    lines = [line for line in lines if not line.strip().startswith(need)]
    joined = "\n".join(lines)
    joined = re.sub(r"^description = .*$", f'description = "{_DESCRIPTION}"', joined, flags=re.M)
    joined = re.sub(r"^packages = .*$", 'packages = ["hwkit"]', joined, flags=re.M)
    return re.sub(r"\n{3,}", "\n\n", joined).rstrip("\n") + "\n"


def student_environment(text: str) -> str:
    """environment.yml without the instructor's packages and extras."""
    kept, extra = [], False
    for line in text.splitlines():
        if line.strip().startswith("#"):
            extra = "# extra" in line
            continue
        extra = extra and not line.strip().startswith("- pip:")
        need = any(line.strip().startswith(f"- {name}>=") for name in _INSTRUCTORS_NEED)
        if not extra and not need:
            kept.append(line)
    head = "# conda env create -f environment.yml && conda activate hwkit\n"
    return head + "\n".join(kept) + "\n"


def template(name: str) -> str:
    """The text of a file of autograder/edition/."""
    file = importlib.resources.files("autograder") / "edition" / name
    return file.read_text(encoding="utf-8")
