"""The questions of the assignment "lrp" that have a visible check."""

from __future__ import annotations

from hwkit.checks.class_hunt import CLASS_HUNT
from hwkit.checks.lrp_alpha_beta import check_alpha_beta
from hwkit.checks.lrp_box import check_box_rule
from hwkit.checks.lrp_by_hand import check_by_hand
from hwkit.checks.lrp_cancelling import check_cancelling
from hwkit.checks.lrp_gamma import check_gamma_weights
from hwkit.checks.lrp_hand_down import check_hand_down
from hwkit.checks.lrp_propagate import check_propagate
from hwkit.checks.lrp_start import check_start
from hwkit.checks.lrp_zero import check_lrp_zero
from hwkit.checks.question import Question

QUESTIONS: dict[str, Question] = {
    "by_hand": Question("Five units by hand", ("by_hand",), check_by_hand, ("by_hand",)),
    "lrp_zero": Question("LRP-0 for a dense layer", ("lrp_zero",), check_lrp_zero, ("lrp_zero",)),
    "cancelling": Question(
        "An input that LRP-0 exaggerates", ("cancelling",), check_cancelling, ("cancelling",)
    ),
    "hand_down": Question(
        "Four steps for every rule", ("hand_down",), check_hand_down, ("hand_down",)
    ),
    "gamma_weights": Question(
        "The weights of LRP-gamma", ("gamma_weights",), check_gamma_weights, ("gamma_weights",)
    ),
    "alpha_beta": Question("Alpha-beta", ("alpha_beta",), check_alpha_beta, ("alpha_beta",)),
    "box_rule": Question("The box rule", ("box_rule",), check_box_rule, ("box_rule",)),
    "start": Question("Where the relevance starts", ("start",), check_start, ("start",)),
    "propagate": Question("The loop", ("propagate",), check_propagate, ("propagate",)),
    "class_hunt": Question(
        "The hunt among digits",
        ("verdicts", "evidence"),
        CLASS_HUNT.check,
        ("class_evidence_on", "my_class_verdicts"),
    ),
}
