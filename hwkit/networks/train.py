"""Train a network of the course: `python -m hwkit.networks.train pocket [--seed 1] [--out DIR]`.

The others are digits, digits-tanh, digits-lenet, digits-bayesian, xor, zero-one and
zero-one-control, whose weights come with the course, and mnist-rectifier, mnist-tanh, mnist-lenet,
mnist-bayesian and cifar10, whose weights do not. A killed run continues where its last epoch ended.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hwkit.images.digits import SETS
from hwkit.networks.recipes import SHIPPED, TRAINABLE

_FOREIGN = {"pocket": ("data", "units"), "cifar10": ("data", "units", "images")}
"""Options that a network does not take; those not named here take no number of images."""


def main(arguments: list[str] | None = None) -> None:
    """Train a network, save its weights as float16, measure them, and write the card."""
    parser = _parser()
    options = parser.parse_args(arguments)
    network = options.network
    for name in _FOREIGN.get(network, ("images",)):
        if getattr(options, name) is not None:
            parser.error(f"--{name} is not for {network}. Leave it out.")
    try:
        {"pocket": _train_pocket, "cifar10": _train_cifar}.get(network, _train_small)(options)
    except (ValueError, FileNotFoundError) as error:
        parser.error(str(error))


def _train_pocket(options: argparse.Namespace) -> None:
    """The pictures are drawn once and kept in the cache folder."""
    from hwkit.images.bounds import CAFFE
    from hwkit.images.splits import arrays
    from hwkit.networks.cards import measure, write_card
    from hwkit.networks.folding import fold_error
    from hwkit.networks.pocket import fold
    from hwkit.networks.training import Recipe, Trainer, training_set
    from hwkit.networks.weights import save_weights

    recipe = Recipe(**_chosen(options, "seed", "images", "epochs"))
    cache = Path(options.cache)
    own = cache / f"pocket-seed{recipe.seed}"
    out = Path(options.out or ("models/pocket" if recipe == Recipe() else own))
    trainer = Trainer(recipe, own)
    if trainer.epoch:
        print(
            f"continuing after epoch {trainer.epoch} of {recipe.epochs + recipe.finish}", flush=True
        )
    trainer.run(*training_set(recipe.images, cache))
    folded = fold(trainer.model)
    error = fold_error(trainer.model, folded, CAFFE.from_rgb(arrays("validation", 4)[0]))
    print(
        f"largest change of a logit by folding, relative to the largest logit: {error:.1e}",
        flush=True,
    )
    save_weights(folded, out / "weights.npz")
    write_card(out, recipe, trainer.history, error, measure(folded, out / "weights.npz"))
    print(f"weights and card are in {out}", flush=True)


def _train_small(options: argparse.Namespace) -> None:
    from hwkit.networks.train_small import train_small

    name, cache = options.network, Path(options.cache)
    chosen = _chosen(options, "seed", "epochs", "data", "units")
    recipe = replace(TRAINABLE[name], **chosen)
    marks = ["x".join(map(str, recipe.units))] if "units" in chosen else []
    marks += [recipe.data] if "data" in chosen else []
    own = cache / "-".join([name, *marks, f"seed{recipe.seed}"])
    default = Path("models") / name if recipe == SHIPPED.get(name) else own
    train_small(name, recipe, Path(options.out or default), own, _command(name, chosen))


def _train_cifar(options: argparse.Namespace) -> None:
    from hwkit.networks.cifar_training import CifarRecipe
    from hwkit.networks.train_cifar import train_cifar

    chosen = _chosen(options, "seed", "epochs")
    recipe = CifarRecipe(**chosen)
    own = Path(options.cache) / f"cifar10-seed{recipe.seed}"
    train_cifar(recipe, Path(options.out or own), own, _command("cifar10", chosen))


def _command(name: str, chosen: Mapping[str, Any]) -> str:
    """What trains the network again."""
    command = f"python -m hwkit.networks.train {name}"
    for option, value in chosen.items():
        words = value if isinstance(value, tuple) else (value,)
        command += f" --{option} {' '.join(map(str, words))}"
    return command


def _chosen(options: argparse.Namespace, *names: str) -> dict[str, Any]:
    """The options that were given, by their names in a recipe; units as a tuple."""
    values = {name: getattr(options, name) for name in names}
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if value is not None
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m hwkit.networks.train", description=main.__doc__
    )
    parser.add_argument("network", choices=["pocket", *TRAINABLE, "cifar10"])
    parser.add_argument("--seed", type=int)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--images", type=int, help="pocket: different pictures, a multiple of 14")
    parser.add_argument("--data", choices=SETS, help="digits: the set to train on")
    parser.add_argument(
        "--units", type=int, nargs="+", help="dense networks: units of the hidden layers"
    )
    parser.add_argument(
        "--out",
        help="folder for weights.npz and the card; where the recipe is that of the course, "
        "models/NETWORK, otherwise the checkpoint's folder",
    )
    parser.add_argument(
        "--cache", default=".cache", help="folder for the drawn pictures and the checkpoint"
    )
    return parser


if __name__ == "__main__":
    main()
