"""The recipes of the small networks: everything that decides their weights, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hwkit.images.digits import SETS
from hwkit.images.zero_one import ZERO_ONE_SETS
from hwkit.networks import digits
from hwkit.networks.zero_one import POOLINGS

TOOLBOX_UNITS = (1296, 1296, 1296)
"""The hidden layers of the LRP toolbox's networks of MNIST."""
BY_HEART = 60
"""Epochs in which a network of noughts and ones learns shuffled labels of the bundled digits."""


@dataclass(frozen=True)
class SmallRecipe:
    """Everything that decides the trained weights, but for the order of float additions."""

    kinds: ClassVar[tuple[str, ...]] = (*digits.KINDS, "xor")

    kind: str
    """"rectifier", "tanh" or "lenet" (`hwkit.networks.digits`), or "xor" (`hwkit.networks.xor`)."""
    data: str = "bundled"
    """A set of `hwkit.images.digits`, or "xor"."""
    units: tuple[int, ...] = digits.UNITS
    """Of the hidden dense layers; the kinds "lenet" and "xor" have their own: ()."""
    seed: int = 1
    epochs: int = 150
    batch: int = 32
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2
    warm_up: float = 0.05
    """Share of all steps during which the learning rate rises from a twentieth of its value."""
    dropout: float = 0.2
    """After each hidden dense layer, and before the output of "lenet"."""
    shift: float = 2.0
    """Each picture moves by up to so many pixels across and down, anew in each epoch."""
    turn: float = 10.0
    """It turns by up to so many degrees to either side."""
    stretch: float = 0.1
    """It grows or shrinks by up to this share, across and down separately."""

    def __post_init__(self) -> None:
        if self.kind not in self.kinds:
            raise ValueError(
                f"Expected a kind: {', '.join(self.kinds)}. Received: kind={self.kind!r}."
            )
        fitting = ("xor",) if self.kind == "xor" else SETS
        if self.data not in fitting:
            raise ValueError(
                f"Expected data {' or '.join(fitting)} for the kind {self.kind}. Received: "
                f"data={self.data!r}."
            )
        dense = self.kind in ("rectifier", "tanh", "bayesian")
        if dense != bool(self.units) or any(unit < 1 for unit in self.units):
            wanted = "positive numbers" if dense else "none, for its layers are fixed,"
            raise ValueError(
                f"Expected as units of the kind {self.kind} {wanted}. Received: units={self.units}."
            )
        if self.epochs < 1 or self.batch < 1 or self.seed < 0:
            raise ValueError(
                "Expected epochs >= 1, batch >= 1 and seed >= 0. Received: "
                f"epochs={self.epochs}, batch={self.batch}, seed={self.seed}."
            )


@dataclass(frozen=True)
class BayesianRecipe(SmallRecipe):
    """A network of dense layers whose weights are Gaussians (`hwkit.networks.bayesian`)."""

    kinds: ClassVar[tuple[str, ...]] = ("bayesian",)

    kind: str = "bayesian"
    units: tuple[int, ...] = (200,)
    weight_decay: float = 0.0
    """None: the prior does what it does elsewhere."""
    dropout: float = 0.0
    prior: float = 0.1
    """Deviation of the Gaussian around zero that each weight comes from before training."""
    deviation: float = 0.02
    """Of each weight at the beginning."""
    divergence: float = 1.0
    """Factor of the divergence from the prior, over the number of training examples.

    1 is Bayes' rule for examples that are what they are. Pictures that are changed anew in each
    epoch tell more than that, and the rule does not say how much; below 1 it trusts them more (a
    "cold posterior", Wenzel et al., "How good is the Bayes posterior in deep neural networks
    really?", 2020).
    """
    annealing: float = 0.5
    """Share of all steps during which that factor rises from 0 to its value."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.dropout or self.weight_decay:
            raise ValueError(
                "Expected dropout=0 and weight_decay=0, for the weights are uncertain and have a "
                f"prior. Received: dropout={self.dropout}, weight_decay={self.weight_decay}."
            )
        fitting = self.prior > 0 and self.deviation > 0 and self.divergence >= 0
        if not (fitting and 0 <= self.annealing <= 1):
            raise ValueError(
                "Expected prior > 0, deviation > 0, divergence >= 0 and annealing from 0 to 1. "
                f"Received: prior={self.prior}, deviation={self.deviation}, "
                f"divergence={self.divergence}, annealing={self.annealing}."
            )


@dataclass(frozen=True)
class ZeroOneRecipe(SmallRecipe):
    """A network that tells noughts from ones (`hwkit.networks.zero_one`)."""

    kinds: ClassVar[tuple[str, ...]] = ("zero-one",)

    kind: str = "zero-one"
    units: tuple[int, ...] = ()
    epochs: int = 2
    batch: int = 8
    learning_rate: float = 3e-3
    dropout: float = 0.0
    shift: float = 0.0
    turn: float = 0.0
    stretch: float = 0.0
    use_bias: bool = True
    pooling: str = "none"
    """"none", "max" or "average"."""
    shuffled_labels: bool = False
    """Whether the labels of the training pictures are dealt out anew: a control, which can learn
    nothing of noughts and ones."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.data not in ZERO_ONE_SETS:
            raise ValueError(
                f"Expected data {' or '.join(ZERO_ONE_SETS)} for the kind {self.kind}. Received: "
                f"data={self.data!r}."
            )
        if self.dropout or self.shift or self.turn or self.stretch:
            raise ValueError(
                "Expected dropout, shift, turn and stretch 0: pictures and network stay as they "
                f"are. Received: dropout={self.dropout}, shift={self.shift}, turn={self.turn}, "
                f"stretch={self.stretch}."
            )
        if self.pooling not in POOLINGS:
            raise ValueError(
                f"Expected a pooling: {', '.join(POOLINGS)}. Received: pooling={self.pooling!r}."
            )


SHIPPED: dict[str, SmallRecipe] = {
    "digits": SmallRecipe("rectifier"),
    "digits-tanh": SmallRecipe("tanh"),
    "digits-lenet": SmallRecipe("lenet", units=()),
    "digits-bayesian": BayesianRecipe(divergence=0.01),
    "xor": SmallRecipe(
        "xor",
        "xor",
        units=(),
        epochs=20,
        learning_rate=5e-3,
        weight_decay=0.0,
        dropout=0.0,
        shift=0.0,
        turn=0.0,
        stretch=0.0,
    ),
    "zero-one": ZeroOneRecipe(),
    "zero-one-control": ZeroOneRecipe(epochs=BY_HEART, shuffled_labels=True),
}
"""The networks whose trained weights come with the course."""

TRAINABLE: dict[str, SmallRecipe] = {
    **SHIPPED,
    "mnist-rectifier": SmallRecipe(
        "rectifier", "mnist", TOOLBOX_UNITS, epochs=20, batch=128, weight_decay=0.05
    ),
    "mnist-tanh": SmallRecipe(
        "tanh", "mnist", TOOLBOX_UNITS, epochs=20, batch=128, weight_decay=0.05
    ),
    "mnist-lenet": SmallRecipe(
        "lenet", "mnist", (), epochs=15, batch=128, weight_decay=0.05, dropout=0.1
    ),
    "mnist-bayesian": BayesianRecipe(data="mnist", epochs=20, batch=128, divergence=0.1),
}
"""Those, and those of MNIST, whose weights are not shipped: the LRP toolbox's, a Bayesian one."""
