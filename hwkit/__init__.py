"""hwkit: explain neural networks, and learn how by doing it.

Everything that needs TensorFlow is imported when it is first used, so that ``import hwkit`` is
quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

# Before TensorFlow is ever imported: keeps its start-up chatter off the notebook.
from hwkit import quiet as quiet

if TYPE_CHECKING:
    from hwkit.attribution.aumann_shapley import AumannShapley
    from hwkit.attribution.deeplift import DeepLIFT
    from hwkit.attribution.kernel_shap import KernelSHAP
    from hwkit.attribution.lime import LIME
    from hwkit.attribution.lrp import LRP
    from hwkit.explanation import Explanation, ExplanationData, ExplanationForLayer
    from hwkit.visualization import AttributionMask, VisualizerTiler
    from hwkit.worlds import load_world

__version__ = "0.1.0"

_HOME = {
    "AumannShapley": "hwkit.attribution.aumann_shapley",
    "DeepLIFT": "hwkit.attribution.deeplift",
    "Explanation": "hwkit.explanation",
    "ExplanationData": "hwkit.explanation",
    "ExplanationForLayer": "hwkit.explanation",
    "KernelSHAP": "hwkit.attribution.kernel_shap",
    "LIME": "hwkit.attribution.lime",
    "LRP": "hwkit.attribution.lrp",
    "AttributionMask": "hwkit.visualization",
    "VisualizerTiler": "hwkit.visualization",
    "load_world": "hwkit.worlds",
}
_MODULES = (
    "attribution",
    "compression",
    "coursework",
    "evaluation",
    "explanation",
    "heatmaps",
    "images",
    "networks",
    "quantities",
    "ranking",
    "visualization",
    "worlds",
)

__all__ = [
    "LIME",
    "LRP",
    "AttributionMask",
    "AumannShapley",
    "DeepLIFT",
    "Explanation",
    "ExplanationData",
    "ExplanationForLayer",
    "KernelSHAP",
    "VisualizerTiler",
    "load_world",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        value = getattr(importlib.import_module(_HOME[name]), name)
    elif name in _MODULES:
        value = importlib.import_module(f"hwkit.{name}")
    else:
        raise AttributeError(f"module 'hwkit' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME, *_MODULES})
