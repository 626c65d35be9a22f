"""Composites: which rule for which layer.

Montavon et al. (2019), table 10.1: gamma or z+ where features are small, epsilon further up, LRP-0
at the top, and for pixels a rule that knows their range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hwkit.attribution.relevance import rules
from hwkit.attribution.relevance.rules import PROPORTIONAL, Fraction, Rule, Term
from hwkit.attribution.relevance.steps import Linear, Network

KINDS = ("dense", "conv", "pool", "scale")
_VARIANTS = {  # what the toolbox calls them, and under which name they are here
    "simple": "simple",
    "none": "simple",
    "zero": "simple",
    "epsilon": "epsilon",
    "alphabeta": "alphabeta",
    "alpha": "alphabeta",
    "flat": "flat",
    "ww": "ww",
    "w^2": "ww",
}


@dataclass(frozen=True)
class Composite:
    """Rules by layer.

    Attributes:
        default: for all layers with weights that nothing else is said of.
        kinds: for a kind of layer: "dense", "conv", "pool" (average and the like), "scale" (each
            channel by itself, such as batch normalisation that could not be merged).
        first: for the layers that see the input itself; ``None``: as the others.
        layers: for single layers, by name; this goes before all else.
    """

    default: Rule
    kinds: Mapping[str, Rule] = field(default_factory=dict)
    first: Rule | None = None
    layers: Mapping[str, Rule] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.kinds) - set(KINDS))
        if unknown:
            raise ValueError(
                f"Expected kinds of layers: {', '.join(KINDS)}. Received: {', '.join(unknown)}."
            )

    def rules_of(self, network: Network, of_input: bool = True) -> dict[int, Rule]:
        """The rule of each linear step, by the number of the tensor that it makes.

        Args:
            network: its steps.
            of_input: whether the network begins at the input, so that ``first`` applies.

        Raises:
            ValueError: a name in ``layers`` that no layer has.
        """
        named = {step.name for step in network.steps if isinstance(step, Linear)}
        unknown = sorted(set(self.layers) - named)
        if unknown and of_input:
            raise ValueError(
                "Expected rules for layers that compute something linear: "
                f"{', '.join(sorted(named))}. Received one for {', '.join(unknown)}."
            )
        first = network.first() if of_input and self.first is not None else frozenset()
        return {
            step.target: self._rule_of(step, step.name in first)
            for step in network.steps
            if isinstance(step, Linear)
        }

    def _rule_of(self, step: Linear, first: bool) -> Rule:
        if step.name in self.layers:
            return self.layers[step.name]
        if first and step.weighted and self.first is not None:
            return self.first
        if step.kind in self.kinds:
            return self.kinds[step.kind]
        return self.default if step.weighted else PROPORTIONAL


def uniform(rule: Rule) -> Composite:
    """One rule for all layers with weights."""
    return Composite(rule)


def epsilon_plus(epsilon: float = 1e-6) -> Composite:
    """z+ for convolutions, epsilon for dense layers."""
    return Composite(rules.epsilon(epsilon), {"conv": rules.z_plus()})


def epsilon_gamma_box(
    low: float | np.ndarray, high: float | np.ndarray, epsilon: float = 1e-6, gamma: float = 0.25
) -> Composite:
    """z^B for the pixels, gamma for convolutions, epsilon for dense layers.

    Args:
        low: lowest value of the pixels as the network takes them: a number, or one a channel.
        high: the highest one.
        epsilon: of the dense layers.
        gamma: of the convolutions.
    """
    return Composite(rules.epsilon(epsilon), {"conv": rules.gamma(gamma)}, rules.z_box(low, high))


def deep_taylor(
    low: float | np.ndarray | None = None, high: float | np.ndarray | None = None
) -> Composite:
    """Deep Taylor decomposition: z+ in all layers, and for the inputs z^B, or w^2 without bounds.

    Montavon et al. (2017). It keeps the sum of the relevance on networks of ReLUs whose biases are
    not above zero.

    Args:
        low: lowest value of the inputs as the network takes them; ``None``: they have no bounds.
        high: the highest one.

    Raises:
        ValueError: one bound without the other.
    """
    if low is None and high is None:
        return Composite(rules.z_plus(), first=rules.w_squared())
    if low is None or high is None:
        raise ValueError(f"Expected both bounds or none. Received: low={low}, high={high}.")
    return Composite(rules.z_plus(), first=rules.z_box(low, high))


def toolbox(variant: str | None = "simple", parameter: float | None = None) -> Composite:
    """What ``nn.lrp(R, variant, parameter)`` of the LRP toolbox does, layer by layer.

    Three things differ. Where an output has contributions of one sign only, "alphabeta" hands out
    its relevance once, and the toolbox alpha times. Relevance passes maximum pooling to the winner,
    the first one where there are several; the toolbox shares it among these, and under "flat" and
    "ww" among all. Sum pools under "alphabeta" follow the paper's equation 60.

    Args:
        variant: "simple" (also "none", "zero" or ``None``), "epsilon", "alphabeta" (also "alpha"),
            "flat" or "ww" (also "w^2"), in capitals or not.
        parameter: epsilon of "epsilon", alpha of "alphabeta"; the others have none.

    Raises:
        ValueError: another variant, or a parameter that is missing, unused or out of its range.
    """
    name = _VARIANTS.get("none" if variant is None else str(variant).lower())
    if name is None:
        known = ", ".join(map(repr, _VARIANTS))
        raise ValueError(f"Expected a variant of the toolbox: {known}. Received: {variant!r}.")
    if name in ("epsilon", "alphabeta"):
        if parameter is None:
            example = "0.01" if name == "epsilon" else "2"
            raise ValueError(
                f"Expected a parameter too: toolbox('{name}', {example}). Received: none."
            )
        if name == "epsilon":
            return _toolbox_epsilon(parameter)
        rule = rules.alpha_beta(parameter, parameter - 1)
    elif parameter is not None:
        raise ValueError(f"Expected no parameter for '{variant}'. Received: {parameter}.")
    else:
        rule = {"simple": rules.zero, "flat": rules.flat, "ww": rules.w_squared}[name]()
    return Composite(rule, {"pool": rule})


def _toolbox_epsilon(epsilon: float) -> Composite:
    """The toolbox's pools add: its epsilon stands beside the sum, not beside the average."""
    rule = rules.epsilon(epsilon)
    sums = (Fraction((Term("x", np.ones_like),)),)
    return Composite(rule, {"pool": Rule(f"{rule.name} of sums", sums, epsilon)})
