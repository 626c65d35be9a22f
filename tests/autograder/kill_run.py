"""Grades a course, to be killed meanwhile.

python kill_run.py COURSE
"""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.box.limits import MIB, Limits
from autograder.course import Course
from autograder.pipeline import Options, Pipeline


def main() -> None:
    """Grade what is left."""
    limits = Limits(memory=1536 * MIB, cell_seconds=60.0, total_seconds=240.0)
    lost = Pipeline(Course(Path(sys.argv[1])), "influence").grade(Options(jobs=2, limits=limits))
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
