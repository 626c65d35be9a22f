"""The networks of the course: `load("pocket")`, `load("digits")`, `load("FILE.keras")`, ...

Each comes with a linear output; TensorFlow is imported when the first one is loaded.
"""

from __future__ import annotations

from hwkit.networks.loading import BOUNDS, NAMES, class_names, load

__all__ = ["BOUNDS", "NAMES", "class_names", "load"]
