"""The asking functions of the assignment "influence"; each calls one blank as the notebook does."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, NotAttempted, Reference, blank, plain
from hwkit.attribution.aumann_shapley import AumannShapley, Baseline, as_baseline, as_batch
from hwkit.checks.nets import PolynomialNet
from hwkit.evaluation.suspects import randomised, suspects
from hwkit.explanation import Explanation, ExplanationData, ExplanationForQuantity
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
    cut = _network(inputs["net"]).cut(inputs["layer"])
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
    method = _Written(inputs["instances"], inputs["attributions"], inputs["influences"])
    explanation = _network(inputs["net"]).with_method(method)
    question = explanation.for_layer("slice").for_quantity(Quantity(((0, 1.0),), name="score"))
    return plain(function(question, inputs["instances"]), "most_influential")


def project(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's explanation of a neuron in pixels; the judge averages the gradients."""
    explanation = _convolutions(inputs["net"]).with_method(_Outside(reference))
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
    world = names["world"]
    _supply_hunt(names)
    gain = float(names["gain"])

    def explain(model: Any, instance: Any, c: Any) -> np.ndarray:
        return np.array(inputs["here" if model is world.model else "there"] * gain)

    answer = _dictionary(function(explain), "evidence_on")
    if "received" in answer:
        return answer
    return {
        "gain": gain,
        "keys": [str(key)[:80] for key in list(answer)[:8]],
        "error": plain(answer.get("completeness error", "nothing"), "evidence_on"),
        "similarity": plain(answer.get("similarity after randomising", "nothing"), "evidence_on"),
    }


def my_verdicts(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's verdicts on the notebook's evidence, where it is there, and on given evidence.

    Who cannot read what is given (its form is the notebook's) may have evidence of another form:
    then it is made as the notebook makes it, which takes seconds.
    """
    function = blank(names, "my_verdicts")
    answers: dict[str, Any] = {}
    trouble: Exception | None = None

    def attempt(kind: str, evidence: Any) -> None:
        nonlocal trouble
        before = names.get("evidence")
        names["evidence"] = evidence
        try:
            answers[kind] = _verdicts(function())
        except Exception as error:
            trouble = error
        finally:
            names["evidence"] = before

    if names.get("evidence") is not None:
        attempt("own", names["evidence"])
    attempt("given", inputs["evidence"])
    if trouble is not None and not answers and not isinstance(trouble, NotAttempted):
        if "evidence_on" in names and not isinstance(trouble, NotImplementedError):
            _supply_hunt(names)
            find = names["evidence_on"]
            attempt("own", {name: find(explain) for name, explain in suspects().items()})
    if trouble is not None and not answers:
        raise trouble
    return answers


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
        my_verdicts,
        compress,
        recall,
    )
}


class _Written(AumannShapley):
    """Knows the attributions of the given instances and of no others.

    Args:
        instances: ``(n, *input)``.
        attributions: theirs with the difference term, ``(n, *slice)``.
        influences: without it.
    """

    def __init__(
        self, instances: np.ndarray, attributions: np.ndarray, influences: np.ndarray
    ) -> None:
        super().__init__()
        self._instances = instances.copy()
        self._attributions, self._influences = attributions, influences

    def get_attributions(
        self, instance: np.ndarray, ignore_difference_term: bool = True, baseline: Baseline = None
    ) -> np.ndarray:
        """What is written down for these instances.

        Raises:
            ValueError: other instances, or another baseline than zeros at the slice.
        """
        batch, single = as_batch(instance, self.stream.cut.instance_shape)
        if baseline is not None and (callable(baseline) or np.any(baseline)):
            raise ValueError("Expected the default baseline. Received: another one.")
        same = (batch[:, np.newaxis] == self._instances[np.newaxis]).all(axis=(2, 3, 4))
        if not same.any(axis=1).all():
            raise ValueError("Expected the instances that were passed in. Received: others.")
        table = self._influences if ignore_difference_term else self._attributions
        found = table[same.argmax(axis=1)].copy()
        return found[0] if single else found


class _Outside(AumannShapley):
    """Takes gradients where the judge says, and has the judge make attributions of them."""

    def __init__(self, reference: Reference) -> None:
        super().__init__()
        self._reference = reference

    def get_attributions(
        self, instance: np.ndarray, ignore_difference_term: bool = True, baseline: Baseline = None
    ) -> np.ndarray:
        """Attributions ``(*slice)`` or ``(n, *slice)``."""
        batch, single = as_batch(instance, self.stream.cut.instance_shape)
        ends = self.activations(batch)
        starts = as_baseline(baseline, ends, batch)
        rows = []
        for start, end in zip(starts, ends, strict=True):
            gradients = self.gradients(self._reference("path", start=start, end=end))
            row = self._reference("average", gradients=gradients, start=start, end=end)
            rows.append(row["influence" if ignore_difference_term else "attribution"])
        return rows[0] if single else np.stack(rows)


def _supply_hunt(names: Names) -> None:
    """Picture, random network and gain as the notebook's cell makes them, where it did not run."""
    world = names["world"]
    if "x" not in names:
        names["x"] = world.images("starfish")[0]
    if "other" not in names:
        names["other"] = randomised(world.model)
    if "gain" not in names:
        pair = np.stack([names["x"], np.zeros_like(names["x"])])
        scores = in_batches(world.model, pair)[:, world.index("starfish")]
        names["gain"] = float(scores[0] - scores[1])


def _quantity(names: Names, inputs: dict[str, Any], class_name: str, name: str) -> Any:
    layer_class = blank(names, class_name)
    layer, explanation = inputs["layer"], _network(inputs["net"])
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


def _verdicts(answer: Any) -> dict[str, str]:
    found = _dictionary(answer, "my_verdicts")
    return {str(name)[:80]: str(verdict)[:80] for name, verdict in list(found.items())[:8]}


def _dictionary(answer: Any, name: str) -> dict[Any, Any]:
    """An answer that is a dictionary, or a pandas Series."""
    if answer is None or answer is Ellipsis:
        raise NotAttempted(name)
    if hasattr(answer, "to_dict"):
        answer = answer.to_dict()
    return answer if isinstance(answer, dict) else {"received": type(answer).__name__}


def _network(net: dict[str, Any]) -> Explanation:
    """A PolynomialNet of these weights; those of the same shapes are one model, compiled once."""
    kernel, bias, weights = net["kernel"], net["bias"], net["weights"]
    explanation = _polynomial(kernel.shape, weights.shape)
    explanation.model.set_weights([kernel, bias, weights.reshape(-1, weights.shape[-1])])
    return explanation


@cache
def _polynomial(kernel: tuple[int, ...], weights: tuple[int, ...]) -> Explanation:
    return PolynomialNet(np.zeros(kernel), np.zeros(kernel[-1:]), np.zeros(weights)).explanation


def _convolutions(net: dict[str, Any]) -> Explanation:
    early, late, scores = net["early"], net["late"], net["scores"]
    explanation = _two_convolutions(net["side"], early.shape, late.shape, scores.shape)
    explanation.model.set_weights([early, late, scores])
    return explanation


@cache
def _two_convolutions(side: int, early: Any, late: Any, scores: Any) -> Explanation:
    """Convolutions "early" and "late" (padded with zeros, bent a little), mean map, scores."""
    import keras

    def bend(x: Any) -> Any:
        return x + x * x / 4

    def convolution(shape: tuple[int, ...], name: str) -> Callable[[Any], Any]:
        return keras.layers.Conv2D(
            shape[-1], shape[:2], padding="same", use_bias=False, activation=bend, name=name
        )

    source = keras.Input((side, side, early[2]))
    mean = keras.layers.GlobalAveragePooling2D()(
        convolution(late, "late")(convolution(early, "early")(source))
    )
    dense = keras.layers.Dense(scores[-1], use_bias=False, name="scores")
    return Explanation(keras.Model(source, dense(mean), name="convolutions"))
