"""The first cell of a notebook: is everything here, in versions that the course was made for?"""

from __future__ import annotations

import platform
import sys

from packaging.version import Version

# The lower bounds of pyproject.toml.
_OLDEST = {"tensorflow": "2.18", "keras": "3.6"}
ASSIGNMENTS = ("influence", "lrp", "surrogates", "agreement")


def versions() -> dict[str, str]:
    """Versions of Python, TensorFlow, Keras and hwkit."""
    import keras
    import tensorflow as tf

    import hwkit

    return {
        "Python": platform.python_version(),
        "TensorFlow": tf.__version__,
        "Keras": keras.__version__,
        "hwkit": hwkit.__version__,
    }


def require(found: dict[str, str], minimum: str, backend: str) -> None:
    """Check these versions.

    Args:
        found: as ``versions()`` gives them.
        minimum: the oldest hwkit that the notebook works with.
        backend: what Keras computes with.

    Raises:
        RuntimeError: something is too old, or Keras does not run on TensorFlow; the message says
            what to do.
    """
    wanted = {"TensorFlow": _OLDEST["tensorflow"], "Keras": _OLDEST["keras"], "hwkit": minimum}
    for name, oldest in wanted.items():
        # A development version counts as what it leads to.
        if Version(Version(found[name]).base_version) < Version(oldest):
            raise RuntimeError(
                f"Expected {name} {oldest} or newer. Received: {found[name]}. Run: "
                f"{sys.executable} -m pip install --upgrade '{name.lower()}>={oldest}'. Then "
                "restart the kernel."
            )
    if backend != "tensorflow":
        raise RuntimeError(
            f"Expected Keras on TensorFlow. Received: KERAS_BACKEND={backend}. Restart the kernel "
            "with the environment variable KERAS_BACKEND=tensorflow."
        )
