"""One submission in a box that is made for it alone, such as a container.

    python -m autograder.inside.once

Messages go over standard input and output; what the submission prints goes to standard error.
"""

from __future__ import annotations

import os

from autograder.inside.serve import serve


def main() -> None:
    """Serve one job."""
    reading, writing = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    serve(reading, writing)


if __name__ == "__main__":
    main()
