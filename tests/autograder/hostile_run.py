"""Grades a course whose submissions are hostile; runs in a control group of its own.

python hostile_run.py COURSE
"""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.box.limits import MIB, Limits
from autograder.course import Course
from autograder.pipeline import Options, Pipeline

LIMITS = Limits(
    memory=1536 * MIB,
    disk=32 * MIB,
    processes=200,
    output=MIB // 4,
    cell_seconds=5.0,
    ask_seconds=4.0,
    total_seconds=45.0,
)


def main() -> None:
    """Grade everything; print who could not be graded."""
    pipeline = Pipeline(Course(Path(sys.argv[1])), "influence")
    for student, reason in pipeline.grade(Options(jobs=2, limits=LIMITS)):
        print(student, reason)


if __name__ == "__main__":
    main()
