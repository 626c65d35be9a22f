"""Train the pocket network: `python -m hwkit.networks.train pocket [--seed 1] [--out DIR]`.

A killed run continues where its last epoch ended. The pictures are drawn once and kept in the cache
folder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from hwkit.networks.training import Recipe, Trainer, training_set


def main(arguments: list[str] | None = None) -> None:
    """Train, fold, save as float16, measure, and write the card."""
    from hwkit.networks.cards import measure, write_card
    from hwkit.networks.pocket import fold
    from hwkit.networks.weights import fold_error, save_weights

    options = _parser().parse_args(arguments)
    recipe = Recipe(seed=options.seed, images=options.images, epochs=options.epochs)
    out = Path(options.out)
    cache = Path(options.cache)
    trainer = Trainer(recipe, cache / f"pocket-seed{recipe.seed}")
    if trainer.epoch:
        print(
            f"continuing after epoch {trainer.epoch} of {recipe.epochs + recipe.finish}", flush=True
        )
    trainer.run(*training_set(recipe.images, cache))
    folded = fold(trainer.model)
    error = fold_error(trainer.model, folded)
    print(
        f"largest change of a logit by folding, relative to the largest logit: {error:.1e}",
        flush=True,
    )
    save_weights(folded, out / "weights.npz")
    write_card(out, recipe, trainer.history, error, measure(folded, out / "weights.npz"))
    print(f"weights and card are in {out}", flush=True)


def _parser() -> argparse.ArgumentParser:
    default = Recipe()
    parser = argparse.ArgumentParser(
        prog="python -m hwkit.networks.train", description=main.__doc__
    )
    parser.add_argument("network", choices=["pocket"])
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument(
        "--images", type=int, default=default.images, help="different pictures, a multiple of 14"
    )
    parser.add_argument("--epochs", type=int, default=default.epochs)
    parser.add_argument(
        "--out", default="models/pocket", help="folder for weights.npz and the card"
    )
    parser.add_argument(
        "--cache", default=".cache", help="folder for the drawn pictures and the checkpoint"
    )
    return parser


if __name__ == "__main__":
    main()
