"""The questions of the assignment "surrogates" that have a visible check."""

from __future__ import annotations

from hwkit.checks.question import Question
from hwkit.checks.surrogate_kernel import check_weighting_kernel
from hwkit.checks.surrogate_masked import check_masked

QUESTIONS: dict[str, Question] = {
    "masked": Question("Hide superpixels", ("masked",), check_masked, ("masked",)),
    "weighting_kernel": Question(
        "How near is a coalition?",
        ("weighting_kernel",),
        check_weighting_kernel,
        ("weighting_kernel",),
    ),
}
