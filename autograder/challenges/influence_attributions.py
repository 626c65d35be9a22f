"""The challenge of ``get_attributions``, against the moments of every rule.

On a PolynomialNet the mean gradient on a path needs the mean of t and of t squared over a rule's
points, and these are known sums (``hwkit.checks.attributions.moments``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges import influence_references as references
from autograder.challenges.drawing import draw_cases
from autograder.challenges.influence_attributions_told import MISTAKES
from autograder.challenges.influence_nets import polynomial_net, rounded, weights_of
from hwkit.checks.attributions import moments
from hwkit.checks.nets import PolynomialNet

_RULE, _DIFFERENCE = "the handout's rule", "the difference term"
_BASELINE, _TOGETHER = "a baseline", "the difference term from a baseline"
_SEVERAL, _RULES = "several instances", "other rules"
_TOLERANCE = 1e-3
_CLASSES = 4


@dataclass(frozen=True)
class _Setting:
    """One call of get_attributions; ``count`` None stands for one instance without a batch axis."""

    aspect: str
    image: bool
    m: int
    rule: str = "right"
    ignore: bool = True
    baseline: str = "none"
    count: int | None = None
    layer: str | None = "slice"


_SETTINGS = (
    _Setting(_RULE, image=False, m=4),
    _Setting(_RULE, image=True, m=3),
    _Setting(_RULE, image=False, m=5, layer=None),
    _Setting(_DIFFERENCE, image=False, m=5, ignore=False),
    _Setting(_DIFFERENCE, image=True, m=3, ignore=False),
    _Setting(_BASELINE, image=False, m=4, baseline="array"),
    _Setting(_BASELINE, image=True, m=3, baseline="array"),
    _Setting(_BASELINE, image=True, m=5, baseline="number"),
    _Setting(_TOGETHER, image=False, m=3, ignore=False, baseline="number"),
    _Setting(_TOGETHER, image=True, m=4, ignore=False, baseline="array"),
    _Setting(_SEVERAL, image=False, m=3, count=4),
    _Setting(_SEVERAL, image=True, m=4, count=3),
    _Setting(_SEVERAL, image=True, m=5, count=1),
    _Setting(_RULES, image=False, m=4, rule="left"),
    _Setting(_RULES, image=True, m=3, rule="midpoint"),
    _Setting(_RULES, image=False, m=3, rule="trapezoid"),
    _Setting(_RULES, image=False, m=2, rule="gauss_legendre"),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    net = (
        polynomial_net(rng, (2, 3), 2, 4, _CLASSES)
        if setting.image
        else polynomial_net(rng, (), 3, 5, _CLASSES)
    )
    c = int(rng.integers(_CLASSES))
    instances = rounded(rng.normal(0, 1.2, (setting.count or 1, *net.input_shape)))
    baseline = _baseline(rng, net, setting)
    truth = _Truth(setting, net, c, instances, baseline)
    several = setting.count is not None
    return Case(
        setting.aspect,
        {
            "net": weights_of(net),
            "layer": setting.layer,
            "c": c,
            "resolution": setting.m,
            "rule": setting.rule,
            "instance": (instances if several else instances[0]).astype(np.float32),
            "ignore": setting.ignore,
            "baseline": baseline.astype(np.float32)
            if isinstance(baseline, np.ndarray)
            else baseline,
        },
        truth.attribution() if several else truth.attribution()[0],
        lambda: {name: each if several else each[0] for name, each in truth.wrong().items()},
        _TOLERANCE,
        references={"path_point": references.path_point},
    )


def _baseline(
    rng: np.random.Generator, net: PolynomialNet, setting: _Setting
) -> np.ndarray | float | None:
    if setting.baseline == "none":
        return None
    if setting.baseline == "number":
        return float(rng.choice([-1, 1]) * rng.integers(4, 9) / 8)
    return rounded(rng.normal(0, 1, net.weights.shape[:-1]))


class _Truth:
    """Closed forms of one setting: the right attribution and what mistakes would give."""

    def __init__(
        self,
        setting: _Setting,
        net: PolynomialNet,
        c: int,
        instances: np.ndarray,
        baseline: np.ndarray | float | None,
    ) -> None:
        self.setting, self.net, self.c = setting, net, c
        self.end = net.slice_of(instances) if setting.layer else instances
        self.start = np.broadcast_to(0.0 if baseline is None else baseline, self.end.shape)
        self.step = self.end - self.start
        self.used = moments(setting.rule, setting.m)

    def influence(
        self, used: tuple[float, float], start: np.ndarray | None = None, step: Any = None
    ) -> np.ndarray:
        """Mean gradient on ``start + t step`` (the path, unless given); ``used`` moments of t."""
        start = self.start if start is None else start
        step = self.step if step is None else step
        weights = self.net.weights[..., self.c]
        if self.setting.layer:
            return self.net.slope(start, step, *used) * weights
        through = self.net.slope(self.net.slice_of(start), step @ self.net.kernel, *used)
        return (through * weights) @ self.net.kernel.T

    def attribution(self) -> np.ndarray:
        """What is asked for."""
        influence = self.influence(self.used)
        return influence if self.setting.ignore else influence * self.step

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        ignore, influence = self.setting.ignore, self.influence(self.used)
        right = influence if ignore else influence * self.step
        factor = 1.0 if ignore else self.step
        mean = np.broadcast_to(right.mean(axis=0), right.shape)
        return {
            "difference term forgotten": influence,
            "difference term always there": influence * self.step,
            "difference term the wrong way round": influence * (self.step if ignore else 1.0),
            "difference term twice": right * factor,
            "difference term with z": influence * (1.0 if ignore else self.end),
            "difference term with its sign turned": right * (1.0 if ignore else -1.0),
            "difference term with the baseline": influence * (1.0 if ignore else self.start),
            "sign turned": -right,
            **self._points(factor),
            **self._paths(factor),
            "weights missing": self._unweighted() * factor,
            "weighted twice": right / self.setting.m,
            "absolute value": np.abs(right),
            "negative cut off": np.maximum(right, 0),
            "mean over instances": mean,
            "one instance for all": np.broadcast_to(right[:1], right.shape),
            # Without a batch axis, ``right`` loses its first one later.
            "batch axis": right[np.newaxis] if self.setting.count is None else right[0],
        }

    def _paths(self, factor: Any) -> dict[str, np.ndarray]:
        nowhere = np.zeros_like(self.end)
        from_zeros = self.influence(self.used, nowhere, self.end)
        wrong = {
            "baseline ignored": from_zeros * (1.0 if self.setting.ignore else self.end),
            "baseline in the difference only": from_zeros * factor,
            "start of the path missing": self.influence(self.used, nowhere, self.step) * factor,
            "path past z": self.influence(self.used, self.start, self.end) * factor,
            "path runs backwards": self.influence(self.used, self.end, -self.step) * factor,
            "path away from z": self.influence(self.used, self.start, -self.step) * factor,
        }
        if self.setting.baseline == "none" and self.setting.layer:
            origin = np.broadcast_to(self.net.bias, self.end.shape)
            influence = self.influence(self.used, origin, self.end - origin)
            factor = 1.0 if self.setting.ignore else self.end - origin
            wrong["baseline of the input"] = influence * factor
        return wrong

    def _points(self, factor: Any) -> dict[str, np.ndarray]:
        name, m = self.setting.rule, self.setting.m
        both = np.linspace(0, 1, m)
        with_zero = (self.used[0] * m / (m + 1), self.used[1] * m / (m + 1))
        wrong = {
            "left sum": moments("left", m),
            "always the right sum": moments("right", m),
            "always the midpoint rule": moments("midpoint", m),
            "always the trapezoid rule": moments("trapezoid", m),
            "end point only": (1.0, 1.0),
            "baseline only": (0.0, 0.0),
            "middle only": (0.5, 0.25),
            "resolution ignored": moments(name, 50),
            "linspace with both ends": (float(both.mean()), float((both**2).mean())),
            "one point too many": self.used if name == "trapezoid" else with_zero,
        }
        return {kind: self.influence(used) * factor for kind, used in wrong.items()}

    def _unweighted(self) -> np.ndarray:
        m = self.setting.m
        if self.setting.rule == "trapezoid":  # m + 1 points i/m, i = 0..m
            return self.influence((0.5, (2 * m + 1) / (6 * m))) * (m + 1)
        return self.influence(self.used) * m


CHALLENGE = Challenge(
    question="get_attributions",
    title="Aumann-Shapley values",
    ask="get_attributions",
    blanks=("MyAumannShapley",),
    aspects={
        _RULE: 3.0,
        _DIFFERENCE: 2.0,
        _BASELINE: 2.0,
        _TOGETHER: 1.0,
        _SEVERAL: 1.0,
        _RULES: 1.0,
    },
    draw=_draw,
    mistakes=MISTAKES,
    stand_ins={"path_point": "path_point"},
)
