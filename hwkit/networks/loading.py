"""Loading a network by name or from a file, and the names of its classes."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from hwkit.images.bounds import CAFFE, SIGNED, UNIT, ImageBound
from hwkit.images.parts import CLASSES
from hwkit.networks.imagenet import imagenet_names
from hwkit.networks.recipes import SHIPPED, ZeroOneRecipe
from hwkit.networks.small import build_small, class_names_of
from hwkit.paths import data_path

if TYPE_CHECKING:
    import keras

_FOLDERS = {"pocket": "pocket", "pocket-second": "pocket/second"}
NAMES = (*_FOLDERS, "vgg16", *SHIPPED)
"""The networks that have a name; anything else is the path of a .keras file."""
BOUNDS: dict[str, ImageBound] = {
    **dict.fromkeys((*_FOLDERS, "vgg16"), CAFFE),
    **{
        name: UNIT if isinstance(recipe, ZeroOneRecipe) else SIGNED
        for name, recipe in SHIPPED.items()
        if recipe.kind != "xor"
    },
}
"""How those that look at pictures take them."""

_VGG16_FILE = "vgg16_weights_tf_dim_ordering_tf_kernels.h5"


def load(name: str | Path, *, weights: str | None = "trained") -> keras.Model:
    """A network of the course, or one of your own.

    Args:
        name: "pocket", "pocket-second" (the same network trained from a second seed), "vgg16"
            (keras.applications.VGG16 with a linear output), "digits", "digits-tanh",
            "digits-lenet" (`hwkit.networks.digits`, trained on the bundled digits),
            "digits-bayesian" (`hwkit.networks.bayesian`: called as it is, the network of the
            weights' means), "xor" (`hwkit.networks.xor`), "zero-one", "zero-one-control"
            (`hwkit.networks.zero_one`; the second was trained on shuffled labels), or the path of a
            .keras file, whose output is taken as it is.
        weights: "trained" (for vgg16, "imagenet" is the same), or None for random ones, which are
            the same every time, but for VGG16's.

    Returns:
        A keras.Model with float32 inputs: (n, height, width, 3) of "pocket" and "vgg16", which take
        what keras.applications.vgg16.preprocess_input gives (`hwkit.images.bounds.CAFFE`);
        (n, 28, 28, 1) from -1 to 1 of the digits' networks, from 0 to 1 of "zero-one" and its
        control; (n, 2) of "xor".

    Raises:
        ValueError: an unknown name, a damaged file, or a file that is not a Keras model.
        FileNotFoundError: the file, or VGG16's weights while offline, cannot be found.
    """
    key = str(name)
    if weights not in ("trained", "imagenet", None) or (weights == "imagenet" and key != "vgg16"):
        raise ValueError(
            "Expected weights 'trained' or None (for vgg16 also 'imagenet'). "
            f"Received: weights={weights!r}."
        )
    if key in _FOLDERS or key in SHIPPED:
        return _load_ours(key, trained=weights is not None)
    if key == "vgg16":
        return _load_vgg16(trained=weights is not None)
    if weights is None:
        raise ValueError(f"Random weights are for {', '.join(NAMES)} only. Received: name={key!r}.")
    return _load_file(Path(name))


def class_names(name: str | Path) -> tuple[str, ...]:
    """The names of a network's outputs, in their order.

    VGG16's are ImageNet's where Keras has them in its cache; otherwise only the course's classes
    have a name there, and output 7 is called "class 7". So are the outputs of a .keras file, unless
    a text file beside it (FILE.txt for FILE.keras) holds one name a line.

    Raises:
        ValueError: an unknown name, or a text file with another number of names than the model has
        outputs. FileNotFoundError: there is no such .keras file.
    """
    key = str(name)
    if key in _FOLDERS:
        return CLASSES
    if key in SHIPPED:
        return class_names_of(SHIPPED[key])
    if key == "vgg16":
        return imagenet_names()
    path = Path(name)
    outputs = int(_load_file(path).output_shape[-1])
    labels = path.with_suffix(".txt")
    if not labels.is_file():
        return tuple(f"class {i}" for i in range(outputs))
    names = tuple(
        line.strip() for line in labels.read_text(encoding="utf-8").splitlines() if line.strip()
    )
    if len(names) != outputs:
        raise ValueError(
            f"Expected {outputs} class names in {labels}, one a line, as the model has outputs. "
            f"Found {len(names)}."
        )
    return names


def _load_ours(name: str, trained: bool) -> keras.Model:
    from hwkit.networks.weights import load_weights

    if name in SHIPPED:
        model = build_small(SHIPPED[name])
    else:
        from hwkit.networks.pocket import build

        model = build()
    if trained:
        place = data_path("models") / _FOLDERS.get(name, name)
        card = place / "card.json"
        if not card.is_file():
            raise FileNotFoundError(
                f"Expected the card of the weights at {card} and found none. Restore it (git "
                "checkout) or train the network: python -m hwkit.networks.train "
                f"{name.removesuffix('-second')} --out {place}"
            )
        described = json.loads(card.read_text(encoding="utf-8"))
        load_weights(model, place / described["file"], described["sha256"])
    return model


def _load_vgg16(trained: bool) -> keras.Model:
    import keras

    if not trained:
        return keras.applications.VGG16(weights=None, classifier_activation=None)
    try:
        return keras.applications.VGG16(weights="imagenet", classifier_activation=None)
    except Exception as error:  # Keras raises a bare Exception when a download fails
        home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "models"
        raise FileNotFoundError(
            f"VGG16's weights could not be loaded: {error}. Keras downloads them once (about 550 "
            "MB). "
            f"Without a network, copy {_VGG16_FILE} from a machine that has it into {home}; "
            "or use the pocket network, which needs no download: load('pocket')."
        ) from error


def _load_file(path: Path) -> keras.Model:
    if path.suffix != ".keras":
        raise ValueError(
            f"Unknown network {str(path)!r}; expected one of {', '.join(NAMES)}, or the path of a "
            ".keras file."
        )
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no file {path}. Expected a model that model.save('NAME.keras') wrote."
        )
    if not zipfile.is_zipfile(path):
        raise ValueError(
            f"{path} is not a Keras model, or it is damaged: a .keras file is a zip archive. "
            "Write it again with model.save('NAME.keras')."
        )
    import keras

    import hwkit.networks.variational_dense  # noqa: F401  the layer that files may name

    try:
        return keras.models.load_model(path, compile=False)
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise ValueError(
            f"Keras cannot read the model in {path}: {error}. A model with layers of your own "
            "must be "
            "loaded with keras.models.load_model(..., custom_objects=...) and handed over as an "
            "object."
        ) from error
