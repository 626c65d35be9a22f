"""How far typical wrong answers lie from the right ones.

``python -m autograder.challenges.margins influence 500`` draws that many seeds and prints a table.
"""

from __future__ import annotations

import sys

from autograder.challenge import Challenge
from autograder.challenges import challenges_of
from autograder.challenges.drawing import confusions, separation
from autograder.judge import generator


def nearest(challenge: Challenge, seeds: range) -> float:
    """Distance of the nearest wrong answer over these seeds, in tolerances of a right answer.

    Raises:
        RuntimeError: for some seed two mistakes, or a mistake and the right answer, are the same.
    """
    least = float("inf")
    for seed in seeds:
        cases = challenge.draw(generator(seed, challenge.question))
        if confusions(cases):
            raise RuntimeError(f"{challenge.question}, seed {seed}: {confusions(cases)}")
        least = min(least, *(separation(case) for case in cases))
    return least


def main(assignment: str, count: int) -> None:
    """Print a line for each question."""
    print(f"{'question':26s} cases mistakes  nearest wrong answer, in tolerances")
    for challenge in challenges_of(assignment):
        cases = challenge.draw(generator(0, challenge.question))
        print(
            f"{challenge.question:26s} {len(cases):5d} {len(challenge.mistakes):8d}  "
            f"{nearest(challenge, range(count)):.1f}"
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
