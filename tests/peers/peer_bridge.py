"""Sends Keras networks and requests to torch libraries in another environment, by .npz files.

The environment variable HWKIT_PEERS_PYTHON names its interpreter, made with

    python3.11 -m venv .venv-peers && .venv-peers/bin/pip install -r tests/peers/requirements.txt

A requests file holds "job" (JSON as bytes: the layers of each network, the list of requests) and
the arrays NETWORK/instances, NETWORK/LAYER/kernel, NETWORK/LAYER/bias. The answers file holds one
array for each request, by its name. Nothing is pickled.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import keras

SCRIPT = Path(__file__).with_name("peer_torch.py")
SECONDS = 600


@dataclass(frozen=True)
class Request:
    """One question to captum or zennit.

    Attributes:
        name: of the answer.
        network: which network, and with it which instances.
        kind: "integrated_gradients" (of the input, or of a slice that the network is split at),
            "layer_integrated_gradients", "layer_conductance", "neuron_integrated_gradients",
            "saliency", "activations" (of a layer), "outputs", or "lrp" (zennit's).
        weights: the quantity of interest, as factors on the outputs.
        layer: the slice; None for the input.
        steps, rule: captum's ``n_steps`` and ``method``; of "lrp" the composite's name.
        difference: whether the attribution is multiplied by (z - b).
        channel: of ``layer``, for "neuron_integrated_gradients".
        dtype: of torch's arithmetic.
    """

    name: str
    network: str
    kind: str
    weights: Sequence[float] = ()
    layer: str | None = None
    steps: int = 50
    rule: str = "riemann_right"
    difference: bool = True
    channel: int | None = None
    dtype: str = "float32"


def ask(
    python: str,
    folder: Path,
    networks: dict[str, tuple[keras.Model, np.ndarray]],
    requests: Sequence[Request],
) -> dict[str, np.ndarray]:
    """Run all requests in one process of the peers' environment.

    Args:
        python: the interpreter of that environment.
        folder: where the files go.
        networks: by name, the model and its instances ``(n, *input)``.
        requests: what is asked.

    Returns:
        The answer to each request, by its name, channels last.

    Raises:
        RuntimeError: the other process failed; its error output is in the message.
    """
    layers: dict[str, list[dict[str, Any]]] = {}
    arrays: dict[str, np.ndarray] = {}
    for name, (model, instances) in networks.items():
        layers[name] = describe(model)
        arrays[f"{name}/instances"] = instances
        for layer in model.layers:
            if layer.weights:
                arrays[f"{name}/{layer.name}/kernel"] = np.asarray(layer.kernel)
                arrays[f"{name}/{layer.name}/bias"] = np.asarray(layer.bias)
    job = {"networks": layers, "requests": [asdict(request) for request in requests]}
    return exchange(python, SCRIPT, folder, job, arrays)


def exchange(
    python: str, script: Path, folder: Path, job: object, arrays: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Send a job and its arrays to a script of the peers' environment; what it answers.

    Args:
        python: the interpreter of that environment.
        script: takes the names of the requests file and of the answers file.
        folder: where the files go.
        job: anything that JSON can say; the script finds it as the array "job".
        arrays: by name.

    Raises:
        RuntimeError: the script failed; the message holds what it printed.
    """
    sent = arrays | {"job": np.frombuffer(json.dumps(job).encode(), np.uint8)}
    asked, answered = folder / "requests.npz", folder / "answers.npz"
    np.savez(asked, **sent)
    done = subprocess.run(
        [python, str(script), str(asked), str(answered)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(
            f"{python} {script.name} failed with code {done.returncode}:\n{done.stderr}"
        )
    with np.load(answered, allow_pickle=False) as answers:
        return dict(answers)


def describe(model: keras.Model) -> list[dict[str, Any]]:
    """The layers of a chain of Conv2D, MaxPooling2D, Flatten and Dense layers, as plain data."""
    described = []
    for layer in model.layers:
        kind = type(layer).__name__
        entry: dict[str, Any] = {"name": layer.name, "kind": kind}
        if kind == "InputLayer":
            continue
        if kind == "Conv2D":
            entry |= {"strides": list(layer.strides), "padding": layer.padding}
        elif kind == "MaxPooling2D" and layer.padding == "valid":
            entry |= {"size": list(layer.pool_size), "strides": list(layer.strides)}
        elif kind not in ("Dense", "Flatten"):
            raise TypeError(
                f"Expected a layer that has a twin in torch. Received: {layer.name} ({kind})"
            )
        if kind in ("Conv2D", "Dense"):
            entry["activation"] = layer.activation.__name__
        described.append(entry)
    return described
