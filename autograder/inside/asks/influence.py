"""The asking functions of the assignment "influence"; each calls one blank as the notebook does."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, Reference, blank, hunting, plain
from autograder.inside.asks.influence_networks import Outside, Written, convolutions, network
from hwkit.checks.hunt import HUNT
from hwkit.evaluation.suspects import randomised, suspects
from hwkit.explanation import ExplanationData, ExplanationForQuantity
from hwkit.network import in_batches
from hwkit.quantities import Quantity

# Names of the notebook that its given cells bind: what is needed here, and what is supplied here.
NEEDED = ("world",)
SUPPLIED = ("evidence", "gain", "other", "x")
# Parameters of the blanks for which the judge can stand in.
PARAMETERS = {
    "path_point": ("baseline", "z", "t"),
    "top_neurons_of_instance": ("attribution", "k"),
    "top_neurons_of_class": ("attributions", "k"),
}


def path_point(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's point of a path."""
    function = blank(names, "path_point")
    return plain(function(inputs["baseline"], inputs["z"], inputs["t"]), "path_point")


def get_attributions(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """Attributions of a hidden network by the student's method."""
    method_class = blank(names, "MyAumannShapley")
    cut = network(inputs["net"]).cut(inputs["layer"])
    method = method_class(resolution=inputs["resolution"], rule=inputs["rule"])
    bound = method.compile(Quantity(((inputs["c"], 1.0),), name="score"), cut)
    found = bound.get_attributions(inputs["instance"], inputs["ignore"], inputs["baseline"])
    return plain(found, "get_attributions")


def absolute(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The quantity that the student's question is about, evaluated at points of the slice."""
    return _quantity(names, inputs, "MyAbsolute", "absolute")


def comparative(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The same for a question about two classes."""
    return _quantity(names, inputs, "MyComparative", "comparative")


def top_neurons_of_instance(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's ranking for one attribution ``(h, w, c)``."""
    name = "top_neurons_of_instance"
    return plain(blank(names, name)(inputs["attribution"], inputs["k"]), name)


def top_neurons_of_class(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's ranking for attributions ``(n, h, w, c)``."""
    name = "top_neurons_of_class"
    return plain(blank(names, name)(inputs["attributions"], inputs["k"]), name)


def most_influential(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The neuron that the student finds for a question whose attributions are given."""
    function = blank(names, "most_influential")
    method = Written(inputs["instances"], inputs["attributions"], inputs["influences"])
    explanation = network(inputs["net"]).with_method(method)
    question = explanation.for_layer("slice").for_quantity(Quantity(((0, 1.0),), name="score"))
    return plain(function(question, inputs["instances"]), "most_influential")


def project(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's explanation of a neuron in pixels; the judge averages the gradients."""
    explanation = convolutions(inputs["net"]).with_method(Outside(reference))
    given = [explanation, inputs["layer"], inputs["neuron"], inputs["instance"]]
    if inputs["focus"] is not None:
        given.append(inputs["focus"])
    answer = blank(names, "project")(*given)
    if not isinstance(answer, ExplanationData):
        kind = "question" if isinstance(answer, ExplanationForQuantity) else "other"
        return {"kind": kind, "slice": "", "attribution": plain(answer, "project")}
    attribution = plain(answer.attribution, "project")
    return {"kind": "explanation", "slice": answer.layer or "", "attribution": attribution}


def evidence_on(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's two numbers on an explainer whose maps are given.

    The map is scaled to the notebook's own gain in the score, so that its completeness error is
    known whatever network and picture the notebook has. Its colours are alike: numbers of the
    elements and of the pixels are then the same.
    """
    function = blank(names, "evidence_on")
    world, gain = names["world"], float(_hunted(names)["gain"])

    def explain(model: Any, instance: Any, c: Any) -> np.ndarray:
        return np.array(inputs["here" if model is world.model else "there"] * gain)

    return hunting.evidence(function, "evidence_on", HUNT, gain, explain)


def compress(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's compressed slice, and what has become of what was given."""
    function = blank(names, "compress")
    activations, influence = inputs["activations"], inputs["influence"]
    found = plain(function(activations, influence, inputs["top"], inputs["bottom"]), "compress")
    return {"compressed": found, "activations": activations, "influence": influence}


def recall(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's recall of one class."""
    function = blank(names, "recall")
    return plain(function(inputs["predicted"], inputs["labels"], inputs["c"]), "recall")


def _hunted(names: Names) -> dict[str, Any]:
    """Picture, random network and gain as the notebook's cell makes them, where it did not run.

    They stay among the names, so that they are made once.
    """
    world = names["world"]
    if "x" not in names:
        names["x"] = world.images("starfish")[0]
    if "other" not in names:
        names["other"] = randomised(world.model)
    if "gain" not in names:
        pair = np.stack([names["x"], np.zeros_like(names["x"])])
        scores = in_batches(world.model, pair)[:, world.index("starfish")]
        names["gain"] = float(scores[0] - scores[1])
    return {name: names[name] for name in ("x", "other", "gain")}


ASKS: dict[str, Ask] = {
    each.__name__: each
    for each in (
        path_point,
        get_attributions,
        absolute,
        comparative,
        top_neurons_of_instance,
        top_neurons_of_class,
        most_influential,
        project,
        evidence_on,
        compress,
        recall,
    )
}
ASKS["my_verdicts"] = hunting.verdicts_ask(("evidence_on", "my_verdicts"), suspects, _hunted)


def _quantity(names: Names, inputs: dict[str, Any], class_name: str, name: str) -> Any:
    layer_class = blank(names, class_name)
    layer, explanation = inputs["layer"], network(inputs["net"])
    question = getattr(layer_class(explanation, layer), name)(*inputs["classes"])
    if not isinstance(question, ExplanationForQuantity):
        if question is None or question is Ellipsis:
            return plain(question, name)
        return {"kind": "quantity" if hasattr(question, "weights") else "other", "slice": ""}
    stream = question.method.stream
    stop = stream.cut.stop or explanation.model.layers[-1].name
    answer = {"kind": "question", "slice": stream.cut.layer or "", "stop": stop}
    if stream.cut.layer == layer and stop == explanation.model.layers[-1].name:
        answer["values"] = plain(stream.values(inputs["points"]), name)
        answer["gradients"] = plain(stream.gradients(inputs["points"]), name)
    return answer
