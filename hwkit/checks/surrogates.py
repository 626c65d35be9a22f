"""The questions of the assignment "surrogates" that have a visible check."""

from __future__ import annotations

from hwkit.checks.question import Question
from hwkit.checks.surrogate_constrained import check_constrained_fit
from hwkit.checks.surrogate_dummy import check_dummy_player
from hwkit.checks.surrogate_exact import check_exact_shapley
from hwkit.checks.surrogate_hunt import SURROGATE_HUNT
from hwkit.checks.surrogate_keep_top import check_keep_top
from hwkit.checks.surrogate_kernel import check_weighting_kernel
from hwkit.checks.surrogate_masked import check_masked
from hwkit.checks.surrogate_predictive import check_predictive
from hwkit.checks.surrogate_removal_curve import check_removal_curve
from hwkit.checks.surrogate_ridge import check_weighted_ridge
from hwkit.checks.surrogate_sampling import check_sample_weights
from hwkit.checks.surrogate_shapley_kernel import check_shapley_kernel

QUESTIONS: dict[str, Question] = {
    "masked": Question("Hide superpixels", ("masked",), check_masked, ("masked",)),
    "weighting_kernel": Question(
        "How near is a sample?",
        ("weighting_kernel",),
        check_weighting_kernel,
        ("weighting_kernel",),
    ),
    "weighted_ridge": Question(
        "Weighted ridge regression", ("weighted_ridge",), check_weighted_ridge, ("weighted_ridge",)
    ),
    "exact_shapley": Question(
        "The fair share", ("exact_shapley",), check_exact_shapley, ("exact_shapley",)
    ),
    "shapley_kernel": Question(
        "The kernel of Shapley values",
        ("shapley_kernel",),
        check_shapley_kernel,
        ("shapley_kernel",),
    ),
    "constrained_fit": Question(
        "The constraint", ("constrained_fit",), check_constrained_fit, ("constrained_fit",)
    ),
    "dummy_player": Question(
        "A player who does nothing", ("dummy_player",), check_dummy_player, ("dummy_player",)
    ),
    "keep_top": Question("Keep the important pixels", ("keep_top",), check_keep_top, ("keep_top",)),
    "removal_curve": Question(
        "The curve", ("removal_curve",), check_removal_curve, ("removal_curve",)
    ),
    "sample_weights": Question(
        "Weights with a spread", ("sample_weights",), check_sample_weights, ("sample_weights",)
    ),
    "predictive": Question(
        "Mean and spread of a prediction", ("predictive",), check_predictive, ("predictive",)
    ),
    "surrogate_hunt": Question(
        "The hunt among surrogates",
        ("verdicts", "evidence"),
        SURROGATE_HUNT.check,
        ("surrogate_evidence_on", "my_surrogate_verdicts"),
    ),
}
