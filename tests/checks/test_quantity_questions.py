from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict

from hwkit import AumannShapley, ExplanationForLayer, quantities
from hwkit.explanation import ExplanationForQuantity
from hwkit.quantities import FunctionQuantity, Quantity


def absolute(make):
    """MyAbsolute whose ``absolute`` is this function of (self, c)."""
    return type("MyAbsolute", (ExplanationForLayer,), {"absolute": make})


def comparative(make):
    """MyComparative whose ``comparative`` is this function of (self, c1, c2)."""
    return type("MyComparative", (ExplanationForLayer,), {"comparative": make})


def function(formula):
    return FunctionQuantity(formula, name="own")


def by_hand(self, c):
    method = self.explanation.attribution_method
    return ExplanationForQuantity(
        method.compile(quantities.absolute(c), self.explanation.cut(self.layer))
    )


RIGHT_ABSOLUTE = {
    "terms": lambda self, c: self.for_quantity(Quantity(terms=((c, 1.0),), name="score")),
    "helper": lambda self, c: self.for_quantity(quantities.absolute(c)),
    "function": lambda self, c: self.for_quantity(function(lambda y: y[:, c])),
    "one hot": lambda self, c: self.for_quantity(
        function(lambda y: tf.reduce_sum(y * tf.one_hot(c, y.shape[-1]), axis=1))
    ),
    "gather": lambda self, c: self.for_quantity(function(lambda y: tf.gather(y, c, axis=1))),
    "two halves": lambda self, c: self.for_quantity(Quantity(terms=((c, 0.5), (c, 0.5)))),
    "einsum": lambda self, c: self.for_quantity(
        function(lambda y: tf.einsum("nc,c->n", y, tf.one_hot(c, 4)))
    ),
    "by hand": by_hand,
    "inherited": lambda self, c: ExplanationForLayer.absolute(self, c),
}


@pytest.mark.parametrize("name", RIGHT_ABSOLUTE)
def test_right_absolute_quantities_pass(name):
    assert_passes("absolute", absolute(RIGHT_ABSOLUTE[name]))


def terms(*pairs):
    return Quantity(terms=pairs)


WRONG_ABSOLUTE = {
    "softmax": (lambda s, c: s.for_quantity(function(lambda y: tf.nn.softmax(y)[:, c])), "softmax"),
    "log softmax": (
        lambda s, c: s.for_quantity(function(lambda y: tf.nn.log_softmax(y)[:, c])),
        "logarithm of a softmax",
    ),
    "negative": (lambda s, c: s.for_quantity(terms((c, -1.0))), "sign is turned"),
    "class after": (lambda s, c: s.for_quantity(terms(((c + 1) % 4, 1.0))), "class after"),
    "class before": (lambda s, c: s.for_quantity(terms(((c - 1) % 4, 1.0))), "class before"),
    "double": (lambda s, c: s.for_quantity(terms((c, 2.0))), "another factor"),
    "all": (
        lambda s, c: s.for_quantity(function(lambda y: tf.reduce_sum(y, axis=1))),
        "all classes are added up",
    ),
    "highest": (
        lambda s, c: s.for_quantity(function(lambda y: tf.reduce_max(y, axis=1))),
        "highest score",
    ),
    "fixed": (lambda s, c: s.for_quantity(terms((1, 1.0))), "always class 1"),
    "relu": (lambda s, c: s.for_quantity(function(lambda y: tf.nn.relu(y[:, c]))), "only negative"),
    "square": (lambda s, c: s.for_quantity(function(lambda y: y[:, c] ** 2)), "differs in"),
    "of the slice": (
        lambda s, c: s.for_quantity(Quantity(terms=((c, 1.0),), layer="slice")),
        "inner layer",
    ),
    "other slice": (
        lambda s, c: ExplanationForLayer(s.explanation, None).for_quantity(terms((c, 1.0))),
        "another slice",
    ),
    "quantity": (lambda s, c: terms((c, 1.0)), "self.for_quantity"),
    "number": (lambda s, c: 3, "received int"),
    "not one each": (
        lambda s, c: s.for_quantity(function(lambda y: y[:, c : c + 1])),
        "one number for each point",
    ),
    "mistyped": (lambda s, c: s.for_quantities(terms((c, 1.0))), "AttributeError"),
}


@pytest.mark.parametrize("name", WRONG_ABSOLUTE)
def test_wrong_absolute_quantities_are_told_why(name):
    make, words = WRONG_ABSOLUTE[name]
    assert_fails("absolute", absolute(make), words)


RIGHT_COMPARATIVE = {
    "terms": lambda s, a, b: s.for_quantity(terms((a, 1.0), (b, -1.0))),
    "turned terms": lambda s, a, b: s.for_quantity(terms((b, -1), (a, 1))),
    "helper": lambda s, a, b: s.for_quantity(quantities.comparative(a, b)),
    "function": lambda s, a, b: s.for_quantity(function(lambda y: y[:, a] - y[:, b])),
    "one hot": lambda s, a, b: s.for_quantity(
        function(lambda y: tf.linalg.matvec(y, tf.one_hot(a, 4) - tf.one_hot(b, 4)))
    ),
    "einsum": lambda s, a, b: s.for_quantity(
        function(lambda y: tf.einsum("nc,c->n", y, tf.one_hot(a, 4) - tf.one_hot(b, 4)))
    ),
    "log of a ratio": lambda s, a, b: s.for_quantity(
        # The logarithm of the softmax's ratio is the difference of the logits.
        function(lambda y: tf.nn.log_softmax(y)[:, a] - tf.nn.log_softmax(y)[:, b])
    ),
    "inherited": lambda s, a, b: ExplanationForLayer.comparative(s, a, b),
}


@pytest.mark.parametrize("name", RIGHT_COMPARATIVE)
def test_right_comparative_quantities_pass(name):
    assert_passes("comparative", comparative(RIGHT_COMPARATIVE[name]))


WRONG_COMPARATIVE = {
    "swapped": (lambda s, a, b: s.for_quantity(terms((a, -1.0), (b, 1.0))), "sign"),
    "sum": (lambda s, a, b: s.for_quantity(terms((a, 1.0), (b, 1.0))), "scores are added"),
    "first only": (lambda s, a, b: s.for_quantity(terms((a, 1.0))), "only c1"),
    "second only": (lambda s, a, b: s.for_quantity(terms((b, 1.0))), "only c2 is asked"),
    "against only": (lambda s, a, b: s.for_quantity(terms((b, -1.0))), "c1 is missing"),
    "softmax": (
        lambda s, a, b: s.for_quantity(
            function(lambda y: tf.nn.softmax(y)[:, a] - tf.nn.softmax(y)[:, b])
        ),
        "softmax probability",
    ),
    "magnitude": (
        lambda s, a, b: s.for_quantity(function(lambda y: tf.abs(y[:, a] - y[:, b]))),
        "absolute value",
    ),
    "cut off": (
        lambda s, a, b: s.for_quantity(function(lambda y: tf.nn.relu(y[:, a] - y[:, b]))),
        "cut off",
    ),
    "mean": (lambda s, a, b: s.for_quantity(terms((a, 0.5), (b, -0.5))), "plain difference"),
    "ratio": (lambda s, a, b: s.for_quantity(function(lambda y: y[:, a] / y[:, b])), "differs in"),
    "two questions": (lambda s, a, b: (s.for_quantity(terms((a, 1.0))),), "received tuple"),
    "quantity": (lambda s, a, b: terms((a, 1.0), (b, -1.0)), "self.for_quantity"),
}


@pytest.mark.parametrize("name", WRONG_COMPARATIVE)
def test_wrong_comparative_quantities_are_told_why(name):
    make, words = WRONG_COMPARATIVE[name]
    assert_fails("comparative", comparative(make), words)


def empty(self, *classes):
    raise NotImplementedError()


@pytest.mark.parametrize(
    ("question", "kind"), [("absolute", absolute), ("comparative", comparative)]
)
def test_an_empty_blank_is_not_attempted(question, kind):
    assert "not attempted yet" in verdict(question, kind(empty))
    assert "not attempted yet" in verdict(question, kind(lambda self, *c: None))
    assert "not attempted yet" in verdict(question, type("Untouched", (ExplanationForLayer,), {}))


@pytest.mark.parametrize("question", ["absolute", "comparative"])
def test_another_class_is_told(question):
    assert_fails(question, AumannShapley, "expected a class")
    assert_fails(question, np.zeros(3), "expected a class")
