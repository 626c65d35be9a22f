"""``hwkit agree``: how far the explanations of several methods agree, on a folder of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hwkit.commands.explain import check_out, choose_bound, complete_names, read_class_names

if TYPE_CHECKING:
    import numpy as np

    from hwkit.images.bounds import ImageBound

BASELINES = ("zero", "black", "grey", "noise")
_ARRAYS = (".npy", ".npz")
_NAMED = 10  # files that a message lists


def agree(
    images: Path = typer.Argument(
        ...,
        help="Folder of pictures (folders in it are read, too), or .npy or .npz of pictures "
        "(n, h, w, c): whole numbers from 0 to 255, or floating-point ones as the network takes "
        "them. Ink of digits is bright.",
    ),
    network: str = typer.Option(
        "zero-one", help="A network of the course, such as zero-one or pocket, or a FILE.keras."
    ),
    methods: str = typer.Option(
        "ig,lrp,deeplift,gbp",
        help="Names with commas: ig, lrp, deeplift, gbp, sensitivity, gxi (gradient x input), "
        "lime, kernelshap, dtd (deep Taylor), random, random-x-input.",
    ),
    out: Path = typer.Option(Path("agreement.png"), "--out", "-o", help="Matrix to draw."),
    spread: Path | None = typer.Option(
        None, help="Second picture to draw: how the pictures are spread behind the means."
    ),
    csv: Path | None = typer.Option(
        None, help="Table to write: means, deviations and intervals, also class by class."
    ),
    baseline: str = typer.Option(
        "zero",
        help="What stands for 'nothing there': zero, black, grey, noise, a number, or a FILE.npy, "
        "as the network takes pictures.",
    ),
    absolute: bool = typer.Option(False, "--absolute", help="Compare sizes, whatever the sign."),
    ink: bool = typer.Option(
        False, "--ink", help="Compare only pixels that differ from the baseline."
    ),
    measure: str = typer.Option("spearman", help="spearman, kendall, or overlap (top tenth)."),
    samples: int = typer.Option(200, min=196, help="Masked pictures of LIME and KernelSHAP."),
    limit: int | None = typer.Option(None, min=1, help="Pictures to read at most."),
    seed: int = typer.Option(0, min=0, help="Of the random methods, LIME and KernelSHAP."),
    image_bound: str | None = typer.Option(
        None,
        help="How an own network takes pictures: caffe, unit, signed or bytes; see hwkit explain.",
    ),
    classes: Path | None = typer.Option(
        None, help="Text file with an own network's class names, one a line, in order."
    ),
) -> None:
    """Draw how far methods agree about what matters to a network, picture by picture.

    Every method explains the class that the network says. The maps of every two methods are
    compared by the order of their pixels; the chart holds mean and standard deviation.
    """
    from hwkit.evaluation.agreement_methods import Setting, known
    from hwkit.evaluation.agreement_results import Reading

    for place in filter(None, (out, spread)):
        check_out(place)
    check_table(csv)
    wanted = [name.strip() for name in methods.split(",") if name.strip()]
    for name in wanted:
        known(name)
    if len(wanted) < 2:
        raise ValueError(f"Expected two methods or more. Received: --methods {methods!r}.")
    reading = Reading(measure, absolute, "ink" if ink else "all")
    bound = bound_of(network, image_bound, images, baseline)
    if not images.exists():
        raise FileNotFoundError(
            f"Expected a folder of pictures, or a file of an array, at {images}, and found none."
        )
    names = read_class_names(classes) if classes is not None else None

    from hwkit import networks
    from hwkit.agreement_chart import agreement_matrix, agreement_spread
    from hwkit.evaluation.agreement import sweep

    model = networks.load(network)
    names = complete_names(
        names or tuple(networks.class_names(network)), int(model.output_shape[-1])
    )
    pictures = read_pictures(images, tuple(model.input_shape[1:]), bound, limit)
    reference = read_baseline(baseline, pictures.shape[1:], bound, seed)
    setting = Setting(reference, bound, samples=samples, seed=seed)
    found = sweep(model, wanted, pictures, reading=reading, setting=setting)

    title = f"Do the methods agree? {Path(network).stem}"
    arrays = found.mean, found.deviation, found.counted
    matrix = agreement_matrix(found.names, *arrays, title, label=reading.words)
    matrix.savefig(out, dpi=150, bbox_inches="tight")
    typer.echo(f"wrote {out}")
    if spread is not None:
        agreement_spread(found, names).savefig(spread, dpi=150, bbox_inches="tight")
        typer.echo(f"wrote {spread}")
    table = found.table(names)
    if csv is not None:
        table.to_csv(csv, index=False)
        typer.echo(f"wrote {csv}")
    left_out = table[(table["class"] == "all") & (table.undefined > 0)]
    for row in left_out.itertuples():
        typer.echo(
            f"{row.first} and {row.second}: {row.undefined} of {len(found)} pictures left out, of "
            "which a map has one value only and so ranks nothing"
        )


def check_table(csv: Path | None) -> None:
    """Refuse a place that the table cannot be written to, before any work is done."""
    if csv is None:
        return
    if csv.suffix.lower() != ".csv":
        raise ValueError(f"Expected a table's name that ends in .csv. Received: {csv}")
    if not csv.resolve().parent.is_dir():
        raise FileNotFoundError(
            f"Expected the folder {csv.resolve().parent} to write {csv.name} into, and found none. "
            "Make it first, or choose another place."
        )


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
        limit: at most so many.

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
    array = read_data(images)[:limit]
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
    for file in tqdm(files[:limit], desc="pictures", unit="picture"):
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
