"""The networks of the course: `load("pocket")`, `load("vgg16")`, `load("FILE.keras")`.

Each comes with a linear output; TensorFlow is imported when the first one is loaded.
"""

from __future__ import annotations

from hwkit.networks.loading import NAMES, class_names, load

__all__ = ["NAMES", "class_names", "load"]
