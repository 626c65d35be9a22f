"""Networks in the files of the LRP toolbox, to and from Keras models.

>>> model = toolbox.read("xor_net_small.txt")
>>> toolbox.write(model, "again.txt")

Plain text is read and written (:mod:`.text`), pickled networks are read without running anything
in them (:mod:`.pickled`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hwkit.networks.toolbox.errors import ToolboxFileError
from hwkit.networks.toolbox.modules import Module, Shape
from hwkit.networks.toolbox.pickled import read_pickle
from hwkit.networks.toolbox.text import read_text, text_of

if TYPE_CHECKING:
    import keras

__all__ = ["MAX_BYTES", "ToolboxFileError", "read", "read_modules", "write", "write_modules"]

MAX_BYTES = 256 * 2**20
_PICKLES = ("nn", "pickle", "pickled", "")  # the toolbox's names
_TEXTS = ("txt", "legacy")
_EXPECTED = '"txt" (plain text), "legacy" (plain text, row by row) or "nn" (pickled)'


def read(
    path: str | os.PathLike[str],
    fmt: str | None = None,
    *,
    input_shape: Shape | None = None,
    dtype: str = "float32",
    max_bytes: int = MAX_BYTES,
) -> keras.Model:
    """A network of the toolbox as a Keras model.

    A last SoftMax becomes a softmax layer of its own, so that ``hwkit.network.linear_output`` finds
    the logits before it.

    Args:
        path: the file.
        fmt: see ``read_modules``.
        input_shape: shape of one input, (height, width, depth) where the network starts with
            pictures, since the files do not hold it; ``None`` where the first Linear tells it.
        dtype: "float32" rounds the file's numbers as Keras models usually hold them; "float64"
            keeps them exactly.
        max_bytes: larger files are refused.

    Raises:
        ToolboxFileError: (a ValueError) not such a network, or a damaged one; names the line, where
            there are lines, and the layer.
        ValueError: unknown fmt or dtype, or an input_shape that is no shape.
        OSError: the file cannot be opened.
    """
    from hwkit.networks.toolbox.to_keras import check, to_keras

    shape = check(input_shape, dtype)
    modules = read_modules(path, fmt, max_bytes=max_bytes)
    try:
        return to_keras(modules, shape, dtype)
    except ValueError as error:
        raise ToolboxFileError(os.fspath(path), str(error)) from error


def read_modules(
    path: str | os.PathLike[str], fmt: str | None = None, *, max_bytes: int = MAX_BYTES
) -> list[Module]:
    """The layers of a network of the toolbox, as plain descriptions with float64 arrays.

    Args:
        path: the file.
        fmt: "txt" (either layout, told from the file), "legacy" (that layout only) or "nn"
            (pickled; also "pickle", "pickled" and ""); ``None``: from the file's suffix.
        max_bytes: larger files are refused.

    Raises: as ``read``.
    """
    source, kind = os.fspath(path), _format(path, fmt)
    with open(path, "rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise ToolboxFileError(
            source, f"expected at most {max_bytes} bytes; raise max_bytes if you trust the file"
        )
    if kind in _PICKLES:
        return read_pickle(data, source)
    return read_text(data, source, legacy=True if kind == "legacy" else None)


def write(model: keras.Model, path: str | os.PathLike[str], fmt: str | None = None) -> None:
    """Write a Keras model as plain text that the toolbox reads.

    Every weight is the shortest decimal from which its type (float32 or float64) reads the same
    number again, so that ``read`` gives identical weights.

    Args:
        model: a chain of layers that the toolbox has, see ``from_keras``.
        path: the file; one that exists is replaced once the new one is whole.
        fmt: "txt", or "legacy" for the old layout; ``None``: from the file's suffix.

    Raises:
        TypeError: no Keras model.
        ValueError: a model that cannot be written, naming the layer and the way out, or a format
            that is not written (pickled networks are read only).
        OSError: the file cannot be written.
    """
    from hwkit.networks.toolbox.from_keras import from_keras

    modules = from_keras(model)
    kinds = {str(each.dtype) for each in model.weights}
    write_modules(modules, path, fmt, single=kinds == {"float32"})


def write_modules(
    modules: Sequence[Module],
    path: str | os.PathLike[str],
    fmt: str | None = None,
    *,
    single: bool = False,
) -> None:
    """Write layers as plain text; ``single``: their weights are float32 numbers.

    Arguments and errors are those of ``write``.
    """
    kind = _format(path, fmt)
    if kind in _PICKLES:
        raise ValueError(
            f"Pickled networks are read, not written. Received: fmt={kind!r} for {path}. "
            'Write plain text, which the toolbox reads too: a name that ends in .txt, or fmt="txt".'
        )
    if not modules:
        raise ValueError("Expected a network with layers. Received: none, there is nothing to say.")
    partial = Path(f"{os.fspath(path)}.partial")
    try:
        with open(partial, "w", encoding="ascii", newline="\n") as file:
            file.writelines(f"{line}\n" for line in text_of(modules, kind == "legacy", single))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _format(path: str | os.PathLike[str], fmt: str | None) -> str:
    kind = Path(path).suffix.removeprefix(".").lower() if fmt is None else fmt
    if kind not in (*_TEXTS, *_PICKLES):
        raise ValueError(
            f"Expected fmt {_EXPECTED}, or a file's name that ends in .txt, .nn or .pickle. "
            f"Received: fmt={fmt!r}, path '{os.fspath(path)}'."
        )
    return kind
