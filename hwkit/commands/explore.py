"""``hwkit explore``: sliders over the top neurons of a network, as a page in the browser."""

from __future__ import annotations

import difflib
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import typer

from hwkit.commands.explain import choose_bound, read_class_names

WORLDS = ("pocket", "vgg16")  # their classes and bounds are known


def explore(
    network: str = typer.Option("pocket", help="pocket, vgg16, or a FILE.keras of your own."),
    images: list[Path] = typer.Option(
        [], help="A folder with a folder of photos for each class, or image files (repeat it)."
    ),
    classes: Path | None = typer.Option(
        None, help="Text file with an own network's class names, one a line, in order."
    ),
    image_bound: str | None = typer.Option(
        None,
        help="How an own network takes pictures: caffe (BGR less the mean colour), unit ([0, 1]), "
        "signed ([-1, 1]) or bytes ([0, 255]).",
    ),
    layer: str | None = typer.Option(None, help="Layer to begin with; name or index."),
    port: int | None = typer.Option(
        None, min=1, max=65535, help="Port of the page.", show_default="a free one"
    ),
    browser: bool = typer.Option(True, help="Open the page in the browser."),
) -> None:
    """Look into a network with your own hands: open the explorer as a page in the browser."""
    cell = explorer_cell(network, images, classes, image_bound, layer)
    # Voila, psutil and nbformat take a moment to import, which the help should not wait for.
    from hwkit.commands.serving import served

    with ended_by_signals(), served(cell, "hwkit explorer", port=port) as page:
        typer.echo("The explorer, for this machine and whoever has the address:")
        typer.echo(f"  {page.address}")
        if browser and not webbrowser.open(page.opener.as_uri()):
            typer.echo("No browser could be opened. Copy the address into one.")
        typer.echo("Stop it here with Ctrl-C.")
        try:
            page.wait()
        except KeyboardInterrupt:
            typer.echo("Stopping.")


def explorer_cell(
    network: str,
    images: list[Path],
    classes: Path | None,
    image_bound: str | None,
    layer: str | None,
) -> str:
    """The cell that shows the explorer. It runs in another folder, so paths become absolute.

    Raises:
        ValueError, FileNotFoundError: an option is not what is expected.
    """
    given = [repr(check_network(network))]
    check_together(network, images, classes, image_bound)
    if images:
        paths = [str(check_images(each)) for each in images]
        given.append(f"images={(paths[0] if len(paths) == 1 else paths)!r}")
    if classes is not None:
        given.append(f"classes={read_class_names(classes)!r}")
    if image_bound is not None:
        given.append(f"image_bound={image_bound!r}")
    if layer is not None:
        given.append(f"layer={int(layer) if layer.lstrip('-').isdigit() else layer!r}")
    return f"from hwkit.explorer import NeuronExplorer\n\nNeuronExplorer({', '.join(given)})"


def check_together(
    network: str, images: list[Path], classes: Path | None, image_bound: str | None
) -> None:
    """Refuse what cannot be explored, before the seconds that it takes to load a network.

    Raises:
        ValueError: something is missing for this network, or is given although it has its own.
    """
    if network in WORLDS and (classes is not None or image_bound is not None):
        raise ValueError(
            f"Expected neither --classes nor --image-bound with the network {network}, which has "
            "its own. Received one; leave it out."
        )
    choose_bound(network, image_bound)
    if not images and not network.startswith("pocket"):
        raise ValueError(
            f"Expected --images for the network {network}: a folder with a folder of photos for "
            "each class, or image files. Received none."
        )


def check_network(network: str) -> str:
    """The name of a network, or the absolute path of a file.

    Raises:
        ValueError: it is neither. FileNotFoundError: there is no such file.
    """
    from hwkit.networks import NAMES

    if network in NAMES:
        return network
    file = Path(network).expanduser()
    if file.suffix != ".keras":
        near = difflib.get_close_matches(network, NAMES, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise ValueError(
            f"Expected --network {'|'.join(NAMES)} or a FILE.keras. Received: {network!r}.{hint}"
        )
    if not file.is_file():
        raise FileNotFoundError(
            f"Expected a network at {file}, which model.save('NAME.keras') writes, and found none."
        )
    return str(file.resolve())


def check_images(path: Path) -> Path:
    """The absolute path of a folder or a file.

    Raises:
        FileNotFoundError: there is none. PhotoError: (a ValueError) the file is no picture.
    """
    from hwkit.images.decode import decode
    from hwkit.images.photos import read_npy

    path = path.expanduser()
    if not path.exists():
        raise FileNotFoundError(
            f"Expected a folder of images or an image file at {path}, and found none."
        )
    if path.suffix.lower() == ".npy":
        read_npy(path)
    elif path.is_file():
        decode(path.read_bytes(), str(path))
    return path.resolve()


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let a closed terminal or a polite kill end the block as an error would, in order."""

    def stop(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    names = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
