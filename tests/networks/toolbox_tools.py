"""The toolbox's layers computed plainly in numpy, and example networks as text."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

LAYERS = ("Sequential", "Linear", "Convolution", "SumPool", "MaxPool", "Rect", "Tanh", "SoftMax")
LAYERS += ("Flatten",)

# Worked out by hand in test_toolbox_text.py.
SMALL = (
    "Linear 2 3\n1.0 -2.0 0.5 0.25 4.0 -1.0\n0.5 0.0 -0.125\nRect\nLinear 3 1\n1.0 2.0 3.0\n-1.0\n"
)
LEGACY = "Linear 2 3\n1.0 -2.0 0.5\n0.25 4.0 -1.0\n0.5 0.0 -0.125\nRect\nLinear 3 1\n1.0\n2.0\n3.0\n-1.0\n"  # noqa: E501


def windows(x: np.ndarray, size: tuple[int, int], stride: tuple[int, int]) -> Iterator[Any]:
    """Each window (n, *size, d) of pictures (n, h, w, d) with its place (row, column)."""
    for i in range((x.shape[1] - size[0]) // stride[0] + 1):
        for j in range((x.shape[2] - size[1]) // stride[1] + 1):
            top, left = i * stride[0], j * stride[1]
            yield (i, j), x[:, top : top + size[0], left : left + size[1], :]


def over_windows(x: np.ndarray, size: Any, stride: Any, function: Any) -> np.ndarray:
    parts = {place: function(window) for place, window in windows(x, size, stride)}
    rows, columns = (max(place[axis] for place in parts) + 1 for axis in (0, 1))
    return np.stack(
        [np.stack([parts[i, j] for j in range(columns)], axis=1) for i in range(rows)], axis=1
    )


def forward(layers: list[tuple[Any, ...]], x: np.ndarray) -> np.ndarray:
    """What a network computes; layers are (name, *parameters) in the toolbox's order."""
    for name, *given in layers:
        if name == "Linear":
            x = x @ given[0] + given[1]
        elif name == "Convolution":
            weights, bias, stride = given
            x = over_windows(
                x,
                weights.shape[:2],
                stride,
                lambda w, weights=weights, bias=bias: np.einsum("nhwd,hwdf->nf", w, weights) + bias,
            )
        elif name == "SumPool":
            scale = np.sqrt(given[0][0] * given[0][1])
            x = over_windows(x, *given, lambda w, scale=scale: w.sum((1, 2)) / scale)
        elif name == "MaxPool":
            x = over_windows(x, *given, lambda w: w.max((1, 2)))
        elif name == "Flatten":
            x = x.reshape(len(x), -1)
        else:
            x = {"Rect": lambda v: np.maximum(v, 0), "Tanh": np.tanh, "SoftMax": softmax}[name](x)
    return x


def softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def pictures_network(seed: int = 0) -> list[tuple[Any, ...]]:
    """A network with every layer, for pictures (11, 9, 2)."""
    draw = np.random.default_rng(seed).normal
    return [
        ("Convolution", draw(size=(3, 2, 2, 4)), draw(size=4), (2, 1)),  # (5, 8, 4)
        ("Rect",),
        ("SumPool", (2, 3), (1, 2)),  # (4, 3, 4)
        ("Convolution", draw(size=(1, 2, 4, 3)), draw(size=3), (1, 1)),  # (4, 2, 3)
        ("Tanh",),
        ("MaxPool", (2, 1), (2, 1)),  # (2, 2, 3)
        ("Flatten",),
        ("Linear", draw(size=(12, 5)), draw(size=5)),
        ("SoftMax",),
    ]


def text_of(layers: list[tuple[Any, ...]], number: Any = float) -> str:
    """The file of a network as the toolbox's own code writes it; `number` takes each weight."""
    lines = []
    for name, *given in layers:
        if name in ("Linear", "Convolution"):
            sizes = [*given[0].shape, *(given[2] if name == "Convolution" else ())]
            lines.append(f"{name} {' '.join(map(str, sizes))}")
            lines += [" ".join(repr(number(v)) for v in each.flatten()) for each in given[:2]]
        else:
            lines.append(" ".join([name, *(str(v) for pair in given for v in pair)]))
    return "\n".join(lines) + "\n"


def peak_megabytes() -> int:
    """The most memory that this process has held."""
    status = Path("/proc/self/status")
    if status.exists():
        # The figure of getrusage is at least that of the process which started this one.
        (line,) = (each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1 << 20 if sys.platform == "darwin" else 1 << 10)


@contextmanager
def toolbox_classes(flat: bool = False) -> Iterator[dict[str, type]]:
    """Empty classes that pickle under the toolbox's names (`flat`: as its first version had)."""
    made, homes = {}, {}
    homes["modules"] = types.ModuleType("modules")
    for name in LAYERS:
        home = "modules" if flat else f"modules.{name.lower()}"
        made[name] = type(name, (), {"__module__": home})
        homes.setdefault(home, types.ModuleType(home))
        setattr(homes[home], name, made[name])
    sys.modules.update(homes)
    try:
        yield made
    finally:
        for home in homes:
            del sys.modules[home]


def as_objects(layers: list[tuple[Any, ...]], classes: dict[str, type]) -> Any:
    """The network as objects with the toolbox's attributes."""
    objects = []
    for name, *given in layers:
        each: Any = classes[name]()
        each.lrp_var, each.lrp_param, each.X, each.Y = None, 1.0, None, None
        if name in ("Linear", "Convolution"):
            each.W, each.B = given[:2]
            sizes = ("m", "n") if name == "Linear" else ("fh", "fw", "fd", "n")
            vars(each).update(zip(sizes, given[0].shape, strict=True))
            if name == "Convolution":
                each.stride = given[2]
        elif name.endswith("Pool"):
            each.pool, each.stride = given
        elif name == "Flatten":
            each.inputshape = (1, 4, 4, 3)
        objects.append(each)
    network: Any = classes["Sequential"]()
    network.modules = objects
    return network
