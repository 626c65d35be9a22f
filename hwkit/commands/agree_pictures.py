"""The pictures of ``hwkit agree``, and what stands for "nothing there", as a network takes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from hwkit.commands.explain import choose_bound

if TYPE_CHECKING:
    import numpy as np

    from hwkit.images.bounds import ImageBound

BASELINES = ("zero", "black", "grey", "noise")
_ARRAYS = (".npy", ".npz")
_NAMED = 10  # files that a message lists


def bound_of(
    network: str, image_bound: str | None, images: Path, baseline: str
) -> ImageBound | None:
    """How the network takes pictures; ``None`` of an own one where nothing asks for it.

    Raises:
        ValueError: an own network without --image-bound and a folder of pictures, or a baseline
            that is a colour; or an unknown bound.
    """
    from hwkit import networks

    needless = images.suffix.lower() in _ARRAYS and baseline not in BASELINES[1:]
    if image_bound is None and network not in networks.BOUNDS and needless:
        return None
    return choose_bound(network, image_bound)


def read_pictures(
    images: Path,
    shape: tuple[int | None, ...],
    bound: ImageBound | None,
    limit: int | None = None,
) -> np.ndarray:
    """Pictures as a network takes them, float32 ``(n, *shape)``.

    Args:
        images: a folder, or a file of an array.
        shape: of one picture; of a side that is ``None`` the network does not say it.
        bound: how the network takes pictures; needed for whole numbers.
        limit: at most so many, evenly from all.

    Raises:
        FileNotFoundError: no such folder or file.
        ValueError: a folder without a picture that can be read, an array of another shape, a
            network that takes no square pictures of 1 or 3 colours.
    """
    import numpy as np

    if images.is_dir():
        return _of_folder(images, shape, bound, limit)
    from hwkit.images.array_files import read_data

    if images.suffix.lower() not in _ARRAYS:
        raise ValueError(
            f"Expected a folder, or a file that ends in {' or '.join(_ARRAYS)}. Received: {images}"
        )
    array = _evenly(read_data(images), limit)
    if array.ndim == len(shape) and shape[-1] == 1:
        array = array[..., np.newaxis]
    fits = array.ndim == len(shape) + 1 and all(
        side in (None, own) for side, own in zip(shape, array.shape[1:], strict=True)
    )
    if not fits:
        raise ValueError(
            f"Expected pictures (n, {', '.join(map(str, shape))}) in {images}, as the network "
            f"takes them. Received: shape {array.shape}."
        )
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    if bound is None:
        raise ValueError(
            f"Expected --image-bound for {images}, which holds whole numbers: only you know how "
            "the network takes them."
        )
    return bound.from_rgb(array)


def _of_folder(
    folder: Path, shape: tuple[int | None, ...], bound: ImageBound | None, limit: int | None
) -> np.ndarray:
    import numpy as np
    from tqdm.auto import tqdm

    from hwkit.images.decode import PhotoError
    from hwkit.images.folders import photo_files
    from hwkit.images.photos import read_picture

    if len(shape) != 3 or shape[0] is None or shape[0] != shape[1] or shape[2] not in (1, 3):
        raise ValueError(
            "Expected a network of square pictures (size, size, 1 or 3) for a folder of files. "
            f"Received: one of {shape}. Give an array (.npy) of pictures as it takes them."
        )
    if bound is None:
        raise ValueError(
            "Expected --image-bound for pictures in files: only you know how the network takes "
            "them."
        )
    files, refused = photo_files(folder)
    found: list[np.ndarray] = []
    for file in tqdm(_evenly(files, limit), desc="pictures", unit="picture"):
        try:
            pixels = read_picture(file, int(shape[0]))
        except PhotoError as error:
            refused.append((str(file), error.reason))
            continue
        found.append(pixels.mean(axis=-1, keepdims=True) if shape[2] == 1 else pixels)
    if refused:
        told = [f"{name} {reason}" for name, reason in refused[:_NAMED]]
        more = [f"and {len(refused) - _NAMED} more"] if len(refused) > _NAMED else []
        typer.echo("left out: " + "; ".join([*told, *more]), err=True)
    if not found:
        raise ValueError(
            f"Expected pictures in {folder}, in it or in folders below. Received: none that can be "
            f"read, of {len(files)} files that are named like pictures."
        )
    return bound.from_rgb(np.stack(found))


def read_baseline(
    baseline: str, shape: tuple[int, ...], bound: ImageBound | None, seed: int = 0
) -> np.ndarray | float:
    """What stands for "nothing there": a number, or a picture of this shape.

    Raises:
        ValueError: an unknown word, or a colour without a bound. FileNotFoundError: no such file.
    """
    import numpy as np

    if baseline == "zero":
        return 0.0
    if baseline in BASELINES:
        if bound is None:
            raise ValueError(f"Expected --image-bound for --baseline {baseline}. Received: none.")
        if baseline == "noise":
            pixels = np.random.default_rng(seed).uniform(0, 255, shape)
            return bound.from_rgb(pixels.astype(np.float32))
        return bound.black(shape) if baseline == "black" else bound.grey(shape)
    if Path(baseline).suffix.lower() in _ARRAYS:
        from hwkit.images.array_files import read_data

        return read_data(baseline)
    try:
        return float(baseline)
    except ValueError:
        raise ValueError(
            f"Expected --baseline {', '.join(BASELINES)}, a number or a FILE.npy. Received: "
            f"{baseline!r}."
        ) from None


def _evenly(things: Any, limit: int | None) -> Any:
    """At most so many, in their order, from all over a list or an array."""
    if limit is None or limit >= len(things):
        return things
    places = [place * len(things) // limit for place in range(limit)]
    return [things[place] for place in places] if isinstance(things, list) else things[places]
