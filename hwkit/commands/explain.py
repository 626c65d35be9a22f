"""``hwkit explain``: what in a picture makes a network say a class, and which neurons see it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import keras
    import numpy as np

    from hwkit.images.bounds import ImageBound

BOUNDS = ("caffe", "unit", "signed", "bytes")


def explain(
    image: str = typer.Argument(..., help="Image file, or its http(s) address."),
    network: str = typer.Option("pocket", help="pocket, vgg16, or a FILE.keras of your own."),
    class_name: str = typer.Option(..., "--class", help="Class to explain: its name or index."),
    versus: str | None = typer.Option(None, help="Explain why this class rather than that one."),
    layer: str = typer.Option("conv4_1", help="Layer whose neurons are shown; name or index."),
    top: int = typer.Option(3, min=1, max=20, help="How many neurons to show."),
    image_bound: str | None = typer.Option(
        None,
        help="How an own network takes pictures: caffe (BGR less the mean colour), unit ([0, 1]), "
        "signed ([-1, 1]) or bytes ([0, 255]).",
    ),
    classes: Path | None = typer.Option(
        None, help="Text file with an own network's class names, one a line, in order."
    ),
    out: Path = typer.Option(Path("explanation.png"), "--out", "-o", help="Picture to write."),
) -> None:
    """Explain an image file: the pixels that count, and the top neurons of a layer."""
    check_out(out)
    bound = choose_bound(network, image_bound)  # before the seconds that loading a network takes
    names = read_class_names(classes) if classes is not None else None

    from hwkit import networks
    from hwkit.explain_image import explain_image

    model = networks.load(network)
    names = names or tuple(networks.class_names(network))
    count = int(model.output_shape[-1])
    chosen = find_class(class_name, names, count)
    other = None if versus is None else find_class(versus, names, count)
    picture = read_picture(image, model)
    wanted: str | int = int(layer) if layer.lstrip("-").isdigit() else layer
    figure = explain_image(
        picture,
        model,
        bound,
        complete_names(names, count),
        chosen,
        versus=other,
        layer=wanted,
        top=top,
    )
    figure.savefig(out, dpi=150, bbox_inches="tight")
    typer.echo(f"wrote {out}")


def check_out(out: Path) -> None:
    """Refuse a place that the picture cannot be written to, before any work is done."""
    from matplotlib.figure import Figure  # itself quick; pyplot and its backends are not needed

    known = sorted(Figure().canvas.get_supported_filetypes())
    if out.suffix.lstrip(".").lower() not in known:
        raise ValueError(
            f"Expected a file name that ends in one of .{', .'.join(known)}. Received: {out}"
        )
    if not out.resolve().parent.is_dir():
        raise FileNotFoundError(
            f"Expected the folder {out.resolve().parent} to write {out.name} into, and found none. "
            "Make it first, or choose another place with -o."
        )


def choose_bound(network: str, image_bound: str | None) -> ImageBound:
    """How this network takes pictures.

    Raises:
        ValueError: an own network without --image-bound, or an unknown one.
    """
    from hwkit import networks
    from hwkit.images import bounds

    if image_bound is None and network in networks.BOUNDS:
        return networks.BOUNDS[network]
    if image_bound is None:
        raise ValueError(
            f"Expected --image-bound {'|'.join(BOUNDS)} for the network {network}: only you know "
            "whether it takes pixels in [0, 1] (unit), in [-1, 1] (signed), in [0, 255] (bytes), "
            "or as Caffe's VGG16 does (caffe)."
        )
    if image_bound not in BOUNDS:
        near = difflib.get_close_matches(image_bound, BOUNDS, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise ValueError(
            f"Expected --image-bound {'|'.join(BOUNDS)}. Received: {image_bound!r}.{hint}"
        )
    bound: ImageBound = getattr(bounds, image_bound.upper())
    return bound


def read_class_names(file: Path) -> tuple[str, ...]:
    """The lines of a text file; empty ones at its end do not count."""
    if not file.is_file():
        raise FileNotFoundError(f"Expected a text file of class names at {file}, and found none.")
    names = tuple(line.strip() for line in file.read_text(encoding="utf-8").rstrip().splitlines())
    if not names:
        raise ValueError(f"Expected class names in {file}, one a line. Received: an empty file.")
    return names


def find_class(wanted: str, names: Sequence[str], count: int) -> str:
    """The name of the class that is meant by a name or an index.

    Raises:
        ValueError: there is no such class; the message lists near matches.
    """
    known = complete_names(names, count)
    by_key = {_key(name): name for name in known}
    if _key(wanted) in by_key:
        return by_key[_key(wanted)]
    if wanted.isdigit() and int(wanted) < count:
        return known[int(wanted)]
    near = difflib.get_close_matches(_key(wanted), list(by_key), 5, cutoff=0.5)
    if near:
        hint = f"Did you mean {', '.join(repr(by_key[key]) for key in near)}?"
    elif count <= 50:
        hint = f"Choose one of {', '.join(known)}."
    else:
        hint = f"Its classes can also be named by index, 0 to {count - 1}."
    raise ValueError(f"Expected a class of the network. Received: {wanted!r}. {hint}")


def complete_names(names: Sequence[str], count: int) -> tuple[str, ...]:
    """One name for each of the network's `count` outputs.

    Raises:
        ValueError: there are names, but not as many as the network has outputs.
    """
    if not names:
        return tuple(f"class {index}" for index in range(count))
    if len(names) != count:
        raise ValueError(
            f"Expected {count} class names, one for each output of the network. "
            f"Received: {len(names)}."
        )
    return tuple(names)


def _key(name: str) -> str:
    return name.strip().lower().replace("_", " ").replace("-", " ")


def read_picture(image: str, model: keras.Model) -> np.ndarray:
    """The picture as uint8 RGB (size, size, 3), in the size that the network takes.

    A file that has this size already is taken pixel by pixel; any other picture is resized and
    centre-cropped as VGG16 expects.

    Raises:
        ValueError: the network does not take square RGB pictures, or the file is not an image.
        FileNotFoundError: there is no such file.
    """
    from hwkit.images.photos import read_picture as read

    shape = tuple(model.input_shape[1:])
    if len(shape) != 3 or shape[0] is None or shape[0] != shape[1] or shape[2] != 3:
        raise ValueError(
            f"Expected a network that takes square RGB pictures (size, size, 3). Received: {shape}."
        )
    return read(image, int(shape[0]))
