from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict

from hwkit import AumannShapley
from hwkit.attribution.quadrature import rule
from hwkit.checks.attributions import moments


def starts(method, instance, baseline):
    z = method.activations(instance)
    b = np.zeros_like(z) if baseline is None else np.broadcast_to(baseline, z.shape)
    return z, b.astype(np.float32)


class Loop(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z, b = starts(self, instance, baseline)
        total = np.zeros_like(z)
        steps = rule(self.rule, self.resolution)
        for t, w in zip(steps.nodes, steps.weights, strict=True):
            total = total + w * self.gradients(b + t * (z - b))
        return total if ignore_difference_term else total * (z - b)


class OneBatch(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z, b = starts(self, instance, baseline)
        steps = rule(self.rule, self.resolution)
        t = steps.nodes.reshape(-1, *(1,) * z.ndim)
        points = b + t * (z - b)
        shape = self.stream.cut.slice_shape
        gradients = self.gradients(points.reshape(-1, *shape)).reshape(points.shape)
        influence = np.tensordot(steps.weights, gradients, axes=1)
        return influence if ignore_difference_term else influence * (z - b)


class WithEinsum(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z, b = starts(self, instance, baseline)
        steps = rule(self.rule, self.resolution)
        gradients = np.stack([self.gradients(b + t * (z - b)) for t in steps.nodes])
        influence = np.einsum("m,m...->...", steps.weights, gradients)
        return influence * (z - b) ** (not ignore_difference_term)


class InTensorFlow(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z, b = (tf.constant(each) for each in starts(self, instance, baseline))
        steps = rule(self.rule, self.resolution)
        influence = tf.zeros_like(z)
        for t, w in zip(steps.nodes.tolist(), steps.weights.tolist(), strict=True):
            influence += w * self.gradients((b + t * (z - b)).numpy())
        return influence if ignore_difference_term else influence * (z - b)


class InDouble(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z, b = (np.float64(each) for each in starts(self, instance, baseline))
        steps = rule(self.rule, self.resolution)
        influence = sum(
            w * self.gradients((1 - t) * b + t * z).astype(np.float64)
            for t, w in zip(steps.nodes, steps.weights, strict=True)
        )
        return influence if ignore_difference_term else influence * (z - b)


class InstanceByInstance(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        if np.ndim(instance) > len(self.stream.cut.instance_shape):
            return [
                self.get_attributions(each, ignore_difference_term, baseline) for each in instance
            ]
        z, b = starts(self, instance, baseline)
        steps = rule(self.rule, self.resolution)
        points = np.stack([b + t * (z - b) for t in steps.nodes])
        influence = np.average(self.gradients(points), axis=0, weights=steps.weights)
        return influence if ignore_difference_term else influence * (z - b)


class Inherited(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        return super().get_attributions(instance, ignore_difference_term, baseline)


@pytest.mark.parametrize(
    "solution",
    [Loop, OneBatch, WithEinsum, InTensorFlow, InDouble, InstanceByInstance, Inherited],
)
def test_right_solutions_pass(solution):
    assert_passes("get_attributions", solution)


def method(
    *,
    points=None,
    weights=None,
    path=lambda b, z, t: b + t * (z - b),
    start=None,
    finish=None,
):
    """A class that differs from a right one in the parts that are given."""

    class Mistaken(AumannShapley):
        def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
            z, b = starts(self, instance, baseline)
            if start is not None:
                b = start(self, instance, z, b, baseline)
            m, steps = self.resolution, rule(self.rule, self.resolution)
            nodes = steps.nodes if points is None else points(m)
            given = steps.weights if points is None else np.full(len(nodes), 1 / len(nodes))
            given = given if weights is None else weights(m, given)
            influence = sum(
                w * self.gradients(path(b, z, t)) for t, w in zip(nodes, given, strict=True)
            )
            if finish is not None:
                return finish(influence, z, b, ignore_difference_term)
            return influence if ignore_difference_term else influence * (z - b)

    return Mistaken


def zeros_at_the_input(self, instance, z, b, baseline):
    zeros = np.zeros_like(np.float32(instance))
    return self.activations(zeros) if baseline is None else b


def scaled(influence, z, b, ignored):
    return influence if ignored else influence * (z - b)


class TakesTheInstanceForTheSlice(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z, b = instance, np.zeros_like(instance)
        steps = rule(self.rule, self.resolution)
        return sum(self.gradients(b + t * (z - b)) for t in steps.nodes) / self.resolution


class OnlyOneInstance(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z, b = starts(self, instance, baseline)
        steps = rule(self.rule, self.resolution)
        points = np.stack([b + t * (z - b) for t in steps.nodes])
        influence = np.average(self.gradients(points), axis=0, weights=steps.weights)
        return influence if ignore_difference_term else influence * (z - b)


WRONG = {
    "left sum": (method(points=lambda m: np.arange(m) / m), "left sum"),
    "right only": (method(points=lambda m: np.arange(1, m + 1) / m), "self.rule is ignored"),
    "midpoint only": (
        method(points=lambda m: (np.arange(m) + 0.5) / m),
        "always the midpoint rule",
    ),
    "not divided": (method(weights=lambda m, w: np.ones(len(w))), "not weighted"),
    "divided twice": (method(weights=lambda m, w: w / m), "averaged twice"),
    "end point": (method(points=lambda m: np.ones(1)), "end of the path only"),
    "baseline point": (method(points=lambda m: np.zeros(1)), "at the baseline only"),
    "linspace": (method(points=lambda m: np.linspace(0, 1, m)), "np.linspace"),
    "a point too many": (method(points=lambda m: np.arange(m + 1) / m), "point too many"),
    "fifty points": (method(points=lambda m: np.arange(1, 51) / 50), "always take 50 points"),
    "backwards": (method(path=lambda b, z, t: z + t * (b - z)), "left sum"),
    "no difference": (method(finish=lambda i, z, b, ignored: i), "difference term is missing"),
    "difference always": (
        method(finish=lambda i, z, b, ignored: i * (z - b)),
        "although it is to be ignored",
    ),
    "difference twice": (
        method(finish=lambda i, z, b, ignored: i if ignored else i * (z - b) ** 2),
        "applied twice",
    ),
    "difference turned round": (
        method(finish=lambda i, z, b, ignored: i * (z - b) if ignored else i),
        "wrong way round",
    ),
    "times z": (
        method(finish=lambda i, z, b, ignored: i if ignored else i * z),
        "must be z - baseline",
    ),
    "difference with the wrong sign": (
        method(finish=lambda i, z, b, ignored: i if ignored else i * (b - z)),
        "sign turned",
    ),
    "negative": (method(finish=lambda i, z, b, ignored: -scaled(i, z, b, ignored)), "sign turned"),
    "absolute": (
        method(finish=lambda i, z, b, ignored: np.abs(scaled(i, z, b, ignored))),
        "absolute value",
    ),
    "only positive": (
        method(finish=lambda i, z, b, ignored: np.maximum(scaled(i, z, b, ignored), 0)),
        "cut off",
    ),
    "baseline ignored": (
        method(start=lambda self, instance, z, b, baseline: np.zeros_like(z)),
        "baseline is ignored",
    ),
    "zeros at the input": (method(start=zeros_at_the_input), "zeros AT THE SLICE"),
    "t (z - b)": (method(path=lambda b, z, t: t * (z - b)), "start from is missing"),
    "t z": (method(path=lambda b, z, t: t * z), "only enters the difference term"),
    "b + t z": (method(path=lambda b, z, t: b + t * z), "at t = 1 they are not at z"),
    "summed over channels": (
        method(finish=lambda i, z, b, ignored: scaled(i, z, b, ignored).sum(axis=-1)),
        "has shape",
    ),
    "mean over instances": (
        method(
            finish=lambda i, z, b, ignored: (
                scaled(i, z, b, ignored).mean(axis=0) if i.ndim > 3 else scaled(i, z, b, ignored)
            )
        ),
        "keep the first axis",
    ),
    "squeezed": (
        method(finish=lambda i, z, b, ignored: np.squeeze(scaled(i, z, b, ignored))),
        "keep the first axis",
    ),
    "always a batch axis": (
        method(finish=lambda i, z, b, ignored: scaled(i, z, b, ignored)[np.newaxis]),
        "without a batch axis",
    ),
    "not finite": (method(finish=lambda i, z, b, ignored: i * np.nan), "NaN or infinity"),
    "instance for slice": (TakesTheInstanceForTheSlice, "ValueError"),
    "one instance only": (OnlyOneInstance, "your code stopped"),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_wrong_solutions_are_told_why(name):
    solution, words = WRONG[name]
    assert_fails("get_attributions", solution, words)


def test_an_instance_in_place_of_the_class_is_told():
    assert_fails("get_attributions", Loop(), "expected a class")
    assert_fails("get_attributions", dict, "expected a class")


class Untouched(AumannShapley):
    pass


class Empty(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        raise NotImplementedError()


class EmptyWarmUp(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        return path_point(0, self.activations(instance), 1)


def path_point(baseline, z, t):
    raise NotImplementedError


def test_an_empty_blank_is_not_attempted():
    assert "not attempted yet" in verdict("get_attributions", Untouched)
    assert "not attempted yet" in verdict("get_attributions", Empty)


def test_an_empty_warm_up_is_named():
    said = verdict("get_attributions", EmptyWarmUp)
    assert said.startswith("[waiting]")
    assert "A point of the path" in said


@pytest.mark.parametrize("name", ["right", "left", "midpoint", "trapezoid", "gauss_legendre"])
@pytest.mark.parametrize("m", [1, 2, 3, 7])
def test_the_moments_are_those_of_the_rules(name, m):
    steps = rule(name, m)
    found = (steps.weights @ steps.nodes, steps.weights @ steps.nodes**2)
    np.testing.assert_allclose(moments(name, m), found, rtol=1e-12)
