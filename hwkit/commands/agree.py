"""``hwkit agree``: how far the explanations of several methods agree, on a folder of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hwkit.commands.agree_pictures import bound_of, read_baseline, read_pictures
from hwkit.commands.explain import check_out, complete_names, read_class_names

if TYPE_CHECKING:
    from hwkit.evaluation.agreement_results import Agreement


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
    limit: int | None = typer.Option(
        None, min=1, help="Pictures to read at most, evenly from all."
    ),
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
    for place in filter(None, (out, spread)):
        check_out(place)
    check_table(csv)
    wanted = method_names(methods)
    bound = bound_of(network, image_bound, images, baseline)
    if not images.exists():
        raise FileNotFoundError(
            f"Expected a folder of pictures, or a file of an array, at {images}, and found none."
        )
    names = read_class_names(classes) if classes is not None else None

    from hwkit import networks
    from hwkit.evaluation.agreement import Reading, Setting, sweep

    reading = Reading(measure, absolute, "ink" if ink else "all")
    model = networks.load(network)
    names = complete_names(
        names or tuple(networks.class_names(network)), int(model.output_shape[-1])
    )
    pictures = read_pictures(images, tuple(model.input_shape[1:]), bound, limit)
    reference = read_baseline(baseline, pictures.shape[1:], bound, seed)
    setting = Setting(reference, bound, samples=samples, seed=seed)
    found = sweep(model, wanted, pictures, reading=reading, setting=setting)
    draw(found, names, f"Do the methods agree? {Path(network).stem}", out, spread)
    tell(found, names, csv)


def draw(
    found: Agreement, names: Sequence[str], title: str, out: Path, spread: Path | None
) -> None:
    """Write the matrix, and what is behind its means where that is asked for."""
    from hwkit.agreement_chart import matrix_chart, spread_chart

    arrays = found.mean, found.deviation, found.counted
    matrix = matrix_chart(found.names, *arrays, title, label=found.reading.words)
    matrix.savefig(out, dpi=150, bbox_inches="tight")
    typer.echo(f"wrote {out}")
    if spread is not None:
        spread_chart(found, names).savefig(spread, dpi=150, bbox_inches="tight")
        typer.echo(f"wrote {spread}")


def tell(found: Agreement, names: Sequence[str], csv: Path | None) -> None:
    """Write the table where that is asked for, and say what was left out."""
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


def method_names(methods: str) -> list[str]:
    """The short names between the commas.

    Raises:
        ValueError: an unknown one, or fewer than two.
    """
    from hwkit.evaluation.agreement_methods import known

    wanted = [name.strip() for name in methods.split(",") if name.strip()]
    for name in wanted:
        known(name)
    if len(wanted) < 2:
        raise ValueError(f"Expected two methods or more. Received: --methods {methods!r}.")
    return wanted


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
