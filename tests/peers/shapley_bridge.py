"""Lets shap and captum, in the peers' environment, play games that are played here."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from hwkit.attribution.shapley import Game

SCRIPT = Path(__file__).with_name("peer_shapley.py")
Peer = Callable[[str, Game, int, int, int], tuple[np.ndarray, int]]


@contextmanager
def shapley_peer(python: str) -> Iterator[Peer]:
    """A function ``(method, game, players, samples, seed)`` to values ``(d,)`` and evaluations.

    Args:
        python: the interpreter of the peers' environment; the methods are peer_shapley.METHODS.
    """
    with subprocess.Popen(
        [python, str(SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        sent, told = process.stdin, process.stdout

        def send(content: bytes) -> None:
            sent.write(content)
            sent.flush()

        def explain(
            method: str, game: Game, players: int, samples: int = 0, seed: int = 0
        ) -> tuple[np.ndarray, int]:
            request = {"method": method, "players": players, "samples": samples, "seed": seed}
            send(json.dumps(request).encode() + b"\n")
            evaluations = 0
            for line in iter(told.readline, b""):
                answer = json.loads(line)
                if "values" in answer:
                    return np.array(answer["values"]), evaluations
                rows = answer["rows"]
                coalitions = np.frombuffer(told.read(rows * players), bool).reshape(rows, players)
                send(np.asarray(game(coalitions), np.float64).tobytes())
                evaluations += rows
            raise RuntimeError(f"{SCRIPT.name} ended early; its own error is above.")

        yield explain
        sent.close()
        process.wait()
