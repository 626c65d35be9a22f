"""The questions of the assignment "influence" that have a visible check."""

from __future__ import annotations

from hwkit.checks.attributions import check_get_attributions
from hwkit.checks.compressing import check_compress, check_recall
from hwkit.checks.hunt import HUNT
from hwkit.checks.path import check_path_point
from hwkit.checks.projecting import check_project
from hwkit.checks.quantity_questions import check_absolute, check_comparative
from hwkit.checks.question import Question
from hwkit.checks.ranking_questions import (
    check_most_influential,
    check_top_neurons_of_class,
    check_top_neurons_of_instance,
)

QUESTIONS: dict[str, Question] = {
    "path_point": Question(
        "A point of the path", ("path_point",), check_path_point, ("path_point",)
    ),
    "get_attributions": Question(
        "Aumann-Shapley values",
        ("MyAumannShapley",),
        check_get_attributions,
        ("get_attributions", "MyAumannShapley"),
    ),
    "absolute": Question(
        "Absolute quantity of interest",
        ("MyAbsolute",),
        check_absolute,
        ("absolute", "MyAbsolute"),
    ),
    "top_neurons_of_instance": Question(
        "Top neurons of an instance",
        ("top_neurons_of_instance",),
        check_top_neurons_of_instance,
        ("top_neurons_of_instance",),
    ),
    "top_neurons_of_class": Question(
        "Top neurons of a class",
        ("top_neurons_of_class",),
        check_top_neurons_of_class,
        ("top_neurons_of_class",),
    ),
    "project": Question("A neuron in pixels", ("project",), check_project, ("project",)),
    "hunt": Question("The hunt", ("verdicts", "evidence"), HUNT.check),
    "comparative": Question(
        "Comparative quantity of interest",
        ("MyComparative",),
        check_comparative,
        ("comparative", "MyComparative"),
    ),
    "most_influential": Question(
        "One neuron for a question",
        ("most_influential",),
        check_most_influential,
        ("most_influential",),
    ),
    "compress": Question("Compress", ("compress",), check_compress, ("compress",)),
    "recall": Question("Recall", ("recall",), check_recall, ("recall",)),
}
