"""The explorer: sliders over the top neurons of a network, live.

    from hwkit.explorer import NeuronExplorer

    NeuronExplorer("pocket")

Like the rest of hwkit it imports TensorFlow, and the widgets, when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hwkit.explorer.app import NeuronExplorer

__all__ = ["NeuronExplorer"]


def __getattr__(name: str) -> object:
    if name == "NeuronExplorer":
        return importlib.import_module("hwkit.explorer.app").NeuronExplorer
    raise AttributeError(f"module 'hwkit.explorer' has no attribute '{name}'")
