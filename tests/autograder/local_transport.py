"""Asks in this process, through the same messages as a box; and a namespace like the notebook's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.challenge import Reference, Response
from autograder.inside.asks import NotAttempted, call_ask
from autograder.inside.codec import ProtocolError, decode, encode

GAIN = 12.5
# What given cells import and define for answers.
IMPORTS = {
    "influence": """
import numpy as np
from hwkit import AumannShapley, Explanation, ExplanationForLayer
from hwkit.attribution.quadrature import rule
from hwkit.images.baselines import blurred
from hwkit.quantities import Quantity
from scipy.stats import spearmanr
""",
    "lrp": """
import numpy as np
from hwkit.attribution.relevance.layer import LinearLayer
from hwkit.checks.toy_net import TOY
from scipy.stats import spearmanr
""",
    "surrogates": """
from itertools import product
from math import comb, factorial
import numpy as np
from scipy.stats import spearmanr
""",
    "agreement": """
import numpy as np
from hwkit.attribution.relevance.layer import linear_layers
from scipy.stats import spearmanr

def relu(z):
    return np.maximum(z, 0)

def relu_slope(z):
    return (z > 0).astype(z.dtype)
""",
}


class LocalTransport:
    """A student's code that runs in this process.

    Args:
        source: of the student's cells; they run after the notebook's imports.
        assignment: whose notebook it is.
    """

    def __init__(self, source: str, assignment: str = "influence") -> None:
        self._assignment = assignment
        self.names: dict[str, Any] = {"__name__": "__main__", **NAMES[assignment]()}
        for part in (IMPORTS[assignment], source):
            exec(compile(part, "<cell>", "exec"), self.names)
        self.asked: list[str] = []

    def ask(
        self,
        ask: str,
        inputs: dict[str, Any],
        stand_ins: Mapping[str, str],
        references: Mapping[str, Reference],
    ) -> Response:
        """See ``challenge.Transport``."""
        self.asked.append(ask)

        def reference(name: str, **given: Any) -> Any:
            return _through(references[name](**_through(given)))

        try:
            answer = call_ask(
                self._assignment, ask, self.names, _through(inputs), dict(stand_ins), reference
            )
            return Response("answer", _through(answer))
        except NotAttempted as error:
            return Response("missing", detail=str(error))
        except ProtocolError as error:
            return Response("malformed", detail=str(error))
        except Exception as error:
            return Response("raised", detail=f"{type(error).__name__}: {error}")


def _influence_names() -> dict[str, Any]:
    """A world of 14 classes, without pictures, and the hunt's names."""
    model = object()
    world = SimpleNamespace(
        model=model,
        classes=tuple(f"class {index}" for index in range(14)),
        index=lambda name: 0,
        layer="conv4_1",
    )
    x = np.linspace(-1, 1, 48, dtype=np.float32).reshape(4, 4, 3)
    return {"world": world, "other": object(), "x": x, "gain": GAIN}


# What given cells define.
NAMES: dict[str, Callable[[], dict[str, Any]]] = {
    "influence": _influence_names,
    "lrp": dict,
    "surrogates": dict,
    "agreement": dict,
}


def _through(message: Any) -> Any:
    return decode(encode(message))
