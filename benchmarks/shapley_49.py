"""Error of estimated Shapley values of 49 players, at equal numbers of evaluations.

python benchmarks/shapley_49.py [--seeds 20] [--samples 1000] [--only NAME ...] [--designs]

Prints the mean relative L1 error over the seeds: of games whose values are known in closed form,
and of a digit in 7x7 blocks under digits-lenet, whose reference are 200,000 samples. Beside shap
and captum where HWKIT_PEERS_PYTHON names a Python that has them (tests/peers/peer_bridge.py); with
--designs beside other ways to choose coalitions, and without the smooth model.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from hwkit.attribution import coalition_model, coalitions, known_games
from hwkit.attribution.constrained import constrained_fit
from hwkit.attribution.kernel_shap import kernel_shap
from hwkit.attribution.known_games import KnownGame
from hwkit.attribution.shapley import Game
from hwkit.attribution.superpixel_game import SuperpixelGame

PLAYERS = 49
REFERENCE = 200_000
PEERS = ("shap", "shap, as it comes", "captum")
Estimate = Callable[[Game, int, int], np.ndarray]  # of a game, from samples, by seed

CLOSED: dict[str, Callable[[], KnownGame]] = {
    "teams of 1 to 5": lambda: known_games.unanimity(PLAYERS, teams=150, largest=5),
    "teams of 1 to 5, others": lambda: known_games.unanimity(PLAYERS, 150, 5, seed=1),
    "teams of 1 to 15": lambda: known_games.unanimity(PLAYERS, teams=150, largest=15, seed=5),
    "products": lambda: known_games.products(PLAYERS, terms=6),
    "airport": lambda: known_games.airport(PLAYERS),
}
DIGITS = {
    f"digit {number}, {kind}": (number, kind)
    for number in (3, 57, 120)
    for kind in ("score", "probability")
}


def digit(number: int, kind: str) -> KnownGame:
    """A test digit in blocks of 4x4 pixels, hidden ones as paper; its class's score."""
    from hwkit import networks
    from hwkit.attribution.label_scores import label_scores
    from hwkit.images.digits import load_digits

    digits = load_digits()
    picture, label = digits.x_test[number], int(digits.y_test[number])
    blocks = (np.arange(28) // 4)[:, np.newaxis] * 7 + np.arange(28) // 4
    outputs = "scores" if kind == "score" else "probabilities"
    network = networks.load("digits-lenet")
    scores, _, _ = label_scores(network, picture, [label], 1, outputs, 2**28)
    game = SuperpixelGame(scores, picture, blocks, np.full_like(picture, -1), batch=1000)

    def worth(Z: np.ndarray) -> np.ndarray:
        return game.values(Z)[:, 0]

    reference = kernel_shap(worth, PLAYERS, samples=REFERENCE, seed=99, progress=False)
    print(f"  reference of {number}, {kind}: error about {reference.error_estimate:.2%}")
    return KnownGame(worth, reference.values)


def hwkit(game: Game, samples: int, seed: int) -> np.ndarray:
    return kernel_shap(game, PLAYERS, samples=samples, seed=seed).values


def least_squares(game: Game, samples: int, seed: int) -> np.ndarray:
    """The same coalitions, without the smooth model."""
    return fitted(game, coalitions.draw(PLAYERS, samples, seed))


def fitted(game: Game, pairs: coalitions.Pairs) -> np.ndarray:
    ends = game(np.repeat([[False], [True]], PLAYERS, axis=1))
    worth, gain = game(pairs.with_complements()), ends[1] - ends[0]
    halves = (worth[::2] - worth[1::2]) / 2
    return constrained_fit(pairs.shown, halves, pairs.weights, -gain / 2, gain / 2)


def drawn_with_replacement(by_kernel: bool) -> Estimate:
    """Pairs of sizes by the kernel's mass (Covert and Lee 2021), or of all sizes equally often."""

    def estimate(game: Game, samples: int, seed: int) -> np.ndarray:
        rng = np.random.default_rng(seed)
        every = np.arange(1, PLAYERS)
        masses = 1 / (every * (PLAYERS - every))
        chance = masses / masses.sum() if by_kernel else np.full(len(every), 1 / len(every))
        sizes = rng.choice(every, samples // 2, p=chance)
        ranks = np.argsort(np.argsort(rng.random((len(sizes), PLAYERS)), axis=1), axis=1)
        shown = ranks < sizes[:, np.newaxis]
        weights = (masses / chance)[sizes - 1]
        return fitted(game, coalitions.Pairs(shown, weights, np.zeros(len(shown))))

    return estimate


def with_setting(module: object, **settings: float) -> Estimate:
    """The package with other constants."""

    def estimate(game: Game, samples: int, seed: int) -> np.ndarray:
        kept = {name: getattr(module, name) for name in settings}
        try:
            for name, value in settings.items():
                setattr(module, name, value)
            return hwkit(game, samples, seed)
        finally:
            for name, value in kept.items():
                setattr(module, name, value)

    return estimate


DESIGNS: dict[str, Estimate] = {
    "kernel": drawn_with_replacement(by_kernel=True),
    "leverage": drawn_with_replacement(by_kernel=False),
    "no model": least_squares,
    "s^-0.5": with_setting(coalitions, EXPONENT=-0.5),
    "s^0": with_setting(coalitions, EXPONENT=0.0),
    "sinh 2": with_setting(coalition_model, SHARPNESS=2.0),
    "sinh 5": with_setting(coalition_model, SHARPNESS=5.0),
    "ridge .1": with_setting(coalition_model, RIDGE=0.1),
    "ridge .01": with_setting(coalition_model, RIDGE=0.01),
}


def peers(stack: ExitStack) -> dict[str, Estimate]:
    """Both other packages, if there is a Python that has them."""
    python = os.environ.get("HWKIT_PEERS_PYTHON")
    if not python:
        print("shap and captum: left out, HWKIT_PEERS_PYTHON does not name a Python that has them")
        return {}
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "peers"))
    from shapley_bridge import shapley_peer

    ask = stack.enter_context(shapley_peer(python))

    def by(method: str) -> Estimate:
        # Captum counts nobody and all among its samples.
        more = 2 if method == "captum" else 0

        def estimate(game: Game, samples: int, seed: int) -> np.ndarray:
            values, asked = ask(method, game, PLAYERS, samples + more, seed)
            if abs(asked - samples - 2) > 2:
                raise RuntimeError(f"{method} made {asked} evaluations in place of {samples + 2}.")
            return values

        return estimate

    return {method: by(method) for method in PEERS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    names = (*CLOSED, *DIGITS)
    parser.add_argument("--only", nargs="+", default=names, choices=names)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--designs", action="store_true")
    options = parser.parse_args()
    games = {
        name: CLOSED[name]() if name in CLOSED else digit(*DIGITS[name]) for name in options.only
    }
    with ExitStack() as stack:
        estimates = {"hwkit": hwkit, **(DESIGNS if options.designs else peers(stack))}
        print(f"{'':25}" + "".join(f"{name:>19}" for name in estimates))
        for name, game in games.items():
            size = np.abs(game.values).sum()
            row = f"{name:25}"
            for estimate in estimates.values():
                errors = [
                    np.abs(estimate(game.worth, options.samples, seed) - game.values).sum() / size
                    for seed in range(options.seeds)
                ]
                spread = np.std(errors, ddof=1) / np.sqrt(len(errors)) if len(errors) > 1 else 0
                row += f"{np.mean(errors):>11.1%} ±{spread:>5.1%} "
            print(row, flush=True)


if __name__ == "__main__":
    main()
