"""The recipes of the small networks: everything that decides their weights, by name."""

from __future__ import annotations

from dataclasses import dataclass

from hwkit.images.digits import SETS
from hwkit.networks import digits

KINDS = (*digits.KINDS, "xor")
TOOLBOX_UNITS = (1296, 1296, 1296)
"""The hidden layers of the LRP toolbox's networks of MNIST."""


@dataclass(frozen=True)
class SmallRecipe:
    """Everything that decides the trained weights, but for the order of float additions."""

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
        if self.kind not in KINDS:
            raise ValueError(f"Expected a kind: {', '.join(KINDS)}. Received: kind={self.kind!r}.")
        fitting = ("xor",) if self.kind == "xor" else SETS
        if self.data not in fitting:
            raise ValueError(
                f"Expected data {' or '.join(fitting)} for the kind {self.kind}. Received: "
                f"data={self.data!r}."
            )
        dense = self.kind in ("rectifier", "tanh")
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


SHIPPED = {
    "digits": SmallRecipe("rectifier"),
    "digits-tanh": SmallRecipe("tanh"),
    "digits-lenet": SmallRecipe("lenet", units=()),
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
}
"""The networks whose trained weights come with the course."""

TRAINABLE = {
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
}
"""Those, and the LRP toolbox's of MNIST, whose weights are not shipped."""
