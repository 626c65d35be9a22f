"""The questions of the assignment "agreement" that have a visible check."""

from __future__ import annotations

from hwkit.checks.agreement_deeplift import check_deeplift
from hwkit.checks.agreement_guided_backprop import check_guided_backprop
from hwkit.checks.agreement_guided_relu import check_guided_relu
from hwkit.checks.agreement_hunt import AGREEMENT_HUNT
from hwkit.checks.agreement_matrix import check_agreement
from hwkit.checks.agreement_multiplier import check_multiplier
from hwkit.checks.agreement_opposed import check_opposed
from hwkit.checks.agreement_ranks import check_ranks
from hwkit.checks.agreement_reveal_cancel import check_reveal_cancel
from hwkit.checks.agreement_spearman import check_spearman
from hwkit.checks.question import Question

QUESTIONS: dict[str, Question] = {
    "guided_relu": Question(
        "What a ReLU hands back", ("guided_relu",), check_guided_relu, ("guided_relu",)
    ),
    "guided_backprop": Question(
        "Guided backpropagation",
        ("guided_backprop",),
        check_guided_backprop,
        ("guided_backprop",),
    ),
    "multiplier": Question("The multiplier", ("multiplier",), check_multiplier, ("multiplier",)),
    "deeplift": Question("DeepLIFT", ("deeplift",), check_deeplift, ("deeplift",)),
    "reveal_cancel": Question(
        "What cancels", ("reveal_cancel",), check_reveal_cancel, ("reveal_cancel",)
    ),
    "ranks": Question("Ranks", ("ranks",), check_ranks, ("ranks",)),
    "spearman": Question("Spearman's correlation", ("spearman",), check_spearman, ("spearman",)),
    "agreement": Question("Every two methods", ("agreement",), check_agreement, ("agreement",)),
    "opposed": Question("Two methods at odds", ("opposed",), check_opposed, ("opposed",)),
    "agreement_hunt": Question(
        "Three witnesses",
        ("verdicts", "evidence"),
        AGREEMENT_HUNT.check,
        ("agreement_evidence_on", "my_agreement_verdicts"),
    ),
}
