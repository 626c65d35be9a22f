"""The check of ``MyAumannShapley.get_attributions`` against the moments of every rule.

On a PolynomialNet the mean slope needs the mean of t and of t squared over a rule's points, and
these are known sums: for i/m with i = 1..m they are (m+1)/2m and (m+1)(2m+1)/6m^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from hwkit.checks import nets
from hwkit.checks.comparing import Case, judge, numbers
from hwkit.checks.nets import PolynomialNet
from hwkit.checks.question import NotAttemptedError, WrongAnswerError
from hwkit.checks.student_code import call

_NOT_DIVIDED = "the gradients are summed, but not weighted: the sum is too large by a factor."
_TOO_MANY = "your path has a point too many: t = 0 is not one of the m points i/m, i = 1..m."
_DIFFERENCE_MISSING = "the difference term is missing where it is asked for."
_BASELINE_IGNORED = "the baseline is ignored: your path starts at zeros whatever is given."
_INPUT_ZEROS = (
    "the default baseline is zeros AT THE SLICE; yours is the slice of an input of zeros."
)
_HINTS = {
    _NOT_DIVIDED: "rule(self.rule, self.resolution).weights tell how much each gradient counts.",
    _DIFFERENCE_MISSING: "With ignore_difference_term=False the influence is multiplied once.",
    _BASELINE_IGNORED: "Only baseline=None stands for zeros.",
    _INPUT_ZEROS: "np.zeros_like(self.activations(instance)) has the right shape.",
    "": "Work out one number by hand for resolution=1: a single gradient, at t = 1.",
}


@dataclass(frozen=True)
class _Setting:
    """One call of get_attributions; ``count`` None stands for one instance without a batch axis."""

    net: PolynomialNet
    count: int | None
    rule: str
    m: int
    ignore: bool
    baseline: str = "none"
    layer: str | None = "slice"

    @property
    def label(self) -> str:
        """The call in words."""
        several = "one instance" if self.count is None else f"{self.count} instances (n, ...)"
        start = {
            "none": "baseline=None",
            "array": "a baseline array",
            "number": "a number as baseline",
        }
        place = "a slice" if self.layer else "the input as the slice"
        return (
            f"{place}, {several}, {start[self.baseline]}, rule {self.rule}, resolution {self.m}, "
            f"ignore_difference_term={self.ignore}"
        )


@cache
def _settings() -> tuple[_Setting, ...]:
    vector, image = nets.vector_net(), nets.image_net()
    return (
        _Setting(vector, None, "right", 4, True),
        _Setting(vector, None, "right", 4, False),
        _Setting(image, None, "right", 7, False, "array"),
        _Setting(image, None, "right", 1, True, "array"),
        _Setting(image, 2, "right", 5, True, "array"),
        _Setting(image, 3, "right", 3, False),
        _Setting(image, 1, "right", 5, False, "array"),
        _Setting(vector, None, "right", 5, False, "number"),
        _Setting(vector, None, "right", 5, False, "array", layer=None),
        _Setting(vector, None, "left", 5, False, "array"),
        _Setting(vector, 2, "midpoint", 3, False, "array"),
        _Setting(image, None, "trapezoid", 3, True, "array"),
        _Setting(vector, None, "gauss_legendre", 2, False, "array"),
    )


def check_get_attributions(method_class: type) -> None:
    """Compare attributions of hand-made networks with closed forms.

    Raises:
        NotAttemptedError: the blank is empty.
        WrongAnswerError: no subclass of AumannShapley, or a wrong attribution.
    """
    _require_own_method(method_class)
    judge((_case(method_class, setting) for setting in _settings()), _HINTS, "the attribution")


def _require_own_method(method_class: Any) -> None:
    from hwkit.attribution.aumann_shapley import AumannShapley

    if not isinstance(method_class, type) or not issubclass(method_class, AumannShapley):
        raise WrongAnswerError(
            "expected a class MyAumannShapley(AumannShapley), received "
            f"{getattr(method_class, '__name__', type(method_class).__name__)}.",
            "Give the class itself, without parentheses, and keep its first line.",
        )
    if method_class.get_attributions is AumannShapley.get_attributions:
        raise NotAttemptedError("")


def _case(method_class: type, setting: _Setting) -> Case:
    from hwkit.quantities import Quantity

    net = setting.net
    c = net.weights.shape[-1] - 2
    instances = nets.wave((setting.count or 1, *net.input_shape), 4.0) * 2
    given = _baseline(setting)
    method = call(lambda: method_class(resolution=setting.m, rule=setting.rule))
    ask = net.explanation.cut(setting.layer)
    bound = method.compile(Quantity(((c, 1.0),), name="score"), ask)
    instance = (instances if setting.count else instances[0]).astype(np.float32)
    answer = call(bound.get_attributions, instance, setting.ignore, given, case=setting.label)
    truth = _Truth(setting, c, instances, given)
    right = truth.attribution()
    wanted = right if setting.count else right[0]
    found = numbers(answer, wanted.shape, "the attribution", setting.label)
    mistakes = truth.mistakes()
    if not setting.count:
        mistakes = {sentence: array[0] for sentence, array in mistakes.items()}
    return Case(setting.label, found, wanted, mistakes)


def _baseline(setting: _Setting) -> np.ndarray | float | None:
    shape = setting.net.weights.shape[:-1] if setting.layer else setting.net.input_shape
    if setting.baseline == "none":
        return None
    if setting.baseline == "number":
        return 0.5
    return (nets.wave(shape, 5.0) + 0.4).astype(np.float32)


class _Truth:
    """Closed forms of one setting: the right attribution and what mistakes would give."""

    def __init__(
        self,
        setting: _Setting,
        c: int,
        instances: np.ndarray,
        baseline: np.ndarray | float | None,
    ) -> None:
        self.setting, self.net, self.c = setting, setting.net, c
        self.end = self.net.slice_of(instances) if setting.layer else instances
        self.start = np.broadcast_to(0.0 if baseline is None else baseline, self.end.shape)
        self.difference = self.end - self.start

    def influence(
        self,
        moments: tuple[float, float],
        start: np.ndarray | None = None,
        step: np.ndarray | None = None,
    ) -> np.ndarray:
        """Mean gradient on ``start + t step`` (the path, unless given); ``moments`` of t, t^2."""
        start = self.start if start is None else start
        step = self.difference if step is None else step
        if self.setting.layer:
            return self.net.slope(start, step, *moments) * self.net.weights[..., self.c]
        through = self.net.slope(self.net.slice_of(start), step @ self.net.kernel, *moments)
        return (through * self.net.weights[..., self.c]) @ self.net.kernel.T

    def attribution(self) -> np.ndarray:
        """What is asked for."""
        influence = self.influence(moments(self.setting.rule, self.setting.m))
        return influence if self.setting.ignore else influence * self.difference

    def mistakes(self) -> dict[str, np.ndarray]:
        """What typical mistakes give, by the sentence that names them."""
        right, ignore = (
            self.influence(moments(self.setting.rule, self.setting.m)),
            self.setting.ignore,
        )
        zeros, once = np.zeros_like(self.end), right if ignore else right * self.difference
        m, factor = self.setting.m, 1.0 if ignore else self.difference
        return {
            "ignore_difference_term is understood the wrong way round.": right
            * (self.difference if ignore else 1.0),
            _DIFFERENCE_MISSING: right,
            "the difference term is applied although it is to be ignored.": right * self.difference,
            "the difference term is applied twice.": once * factor,
            "the difference term must be z - baseline; you multiply by z.": right
            * (1.0 if ignore else self.end),
            "the difference term has its sign turned: it is z - baseline.": once
            * (1.0 if ignore else -1.0),
            "every attribution has its sign turned.": -once,
            **self._wrong_paths(zeros, factor),
            **self._wrong_points(factor),
            _NOT_DIVIDED: self._unweighted() * factor,
            "the gradients are averaged twice: divided by m once too often.": once / m,
            "an absolute value is taken: influence has a sign.": np.abs(once),
            "negative influence is cut off: influence has a sign.": np.maximum(once, 0),
        }

    def _unweighted(self) -> np.ndarray:
        m = self.setting.m
        if self.setting.rule == "trapezoid":  # m + 1 points i/m, i = 0..m
            return self.influence((0.5, (2 * m + 1) / (6 * m))) * (m + 1)
        return self.influence(moments(self.setting.rule, m)) * m

    def _wrong_paths(self, zeros: np.ndarray, factor: Any) -> dict[str, np.ndarray]:
        used = moments(self.setting.rule, self.setting.m)
        from_zero = self.influence(used, zeros, self.end)
        no_start = "your points are t (z - baseline): the baseline that they start from is missing."
        past = "your points are baseline + t z: at t = 1 they are not at z."
        wrong = {
            _BASELINE_IGNORED: from_zero * (1.0 if self.setting.ignore else self.end),
            "the path starts at zeros; the baseline only enters the difference term.": from_zero
            * factor,
            no_start: self.influence(used, zeros, self.difference) * factor,
            past: self.influence(used, self.start, self.end) * factor,
        }
        if self.setting.baseline == "none" and self.setting.layer:
            origin = np.broadcast_to(self.net.bias, self.end.shape)
            step = self.end - origin
            wrong[_INPUT_ZEROS] = self.influence(used, origin, step) * (
                1.0 if self.setting.ignore else step
            )
        return wrong

    def _wrong_points(self, factor: Any) -> dict[str, np.ndarray]:
        name, m = self.setting.rule, self.setting.m
        spaced = np.linspace(0, 1, m)
        wrong = {
            "this is the left sum (t = 0, 1/m, ..., (m-1)/m); the rule asks for another.": moments(
                "left", m
            ),
            "self.rule is ignored: you always take the points i/m, i = 1..m.": moments("right", m),
            "this is always the midpoint rule; self.rule is ignored.": moments("midpoint", m),
            "the gradient is taken at the end of the path only, not averaged over it.": (1.0, 1.0),
            "the gradient is taken at the baseline only, not averaged over the path.": (0.0, 0.0),
            "self.resolution is ignored: you always take 50 points.": moments(name, 50),
            "np.linspace(0, 1, m) is not what the rule asks for: it contains t = 0.": (
                spaced.mean(),
                (spaced**2).mean(),
            ),
            _TOO_MANY: moments("trapezoid", m) if name == "trapezoid" else _with_zero(name, m),
        }
        return {sentence: self.influence(means) * factor for sentence, means in wrong.items()}


def moments(rule: str, m: int) -> tuple[float, float]:
    """Means of t and of t squared over the points of a rule with m steps, in closed form."""
    if rule == "right":
        return (m + 1) / (2 * m), (m + 1) * (2 * m + 1) / (6 * m**2)
    if rule == "left":
        return (m - 1) / (2 * m), (m - 1) * (2 * m - 1) / (6 * m**2)
    if rule == "midpoint":
        return 0.5, 1 / 3 - 1 / (12 * m**2)
    if rule == "trapezoid":
        return 0.5, 1 / 3 + 1 / (6 * m**2)
    return 0.5, 1 / 3 if m > 1 else 1 / 4  # Gauss-Legendre is exact for t^2 from two points on


def _with_zero(rule: str, m: int) -> tuple[float, float]:
    """Moments when t = 0 is added to a rule's points and all m + 1 count the same."""
    first, second = moments(rule, m)
    return first * m / (m + 1), second * m / (m + 1)
