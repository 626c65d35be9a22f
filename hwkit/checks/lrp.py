"""The questions of the assignment "lrp" that have a visible check."""

from __future__ import annotations

from hwkit.checks.lrp_by_hand import check_by_hand
from hwkit.checks.lrp_cancelling import check_cancelling
from hwkit.checks.question import Question

QUESTIONS: dict[str, Question] = {
    "by_hand": Question("Five units by hand", ("by_hand",), check_by_hand, ("by_hand",)),
    "cancelling": Question(
        "An input that LRP-0 exaggerates", ("cancelling",), check_cancelling, ("cancelling",)
    ),
}
