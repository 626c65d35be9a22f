"""Results that took long, kept on disk: a restarted kernel loses nothing, a changed answer counts.

A result is found again by a digest of everything that it depends on. Files hold arrays and plain
text only; nothing is ever unpickled.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from hwkit.result_key import digest

Result = TypeVar("Result")
_FORMAT = 1
_KEPT_PER_NAME = 5


def cached(name: str, compute: Callable[[], Result], *key_parts: Any) -> Result:
    """The result of ``compute()``, taken from disk if it was computed before from the same parts.

    Args:
        name: of the result, for the file and for messages.
        compute: makes it: numbers, text, ``None``, arrays, pandas tables, and lists, tuples and
            dictionaries of these.
        key_parts: everything the result depends on: numbers, text, arrays, Keras models (by their
            weights), functions and classes (by their code, with the own functions that they call).

    Raises:
        TypeError: a result or a part of a kind that cannot be kept; the message says which are.
    """
    folder = cache_folder()
    if folder is None:
        warnings.warn(
            f"No folder to keep '{name}' in can be written; it is computed each time. Set the "
            "environment variable HWKIT_CACHE to a folder.",
            stacklevel=2,
        )
        return compute()
    safe = "".join(letter if letter.isalnum() else "-" for letter in name)
    file = folder / f"{safe}-{digest(name, *key_parts)}.npz"
    if file.exists():
        try:
            result, seconds = _read(file)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            warnings.warn(
                f"The kept result {file.name} is damaged ({type(error).__name__}) and is computed "
                "again.",
                stacklevel=2,
            )
        else:
            print(f"'{name}' was kept from before ({seconds:.0f} s saved).")
            return result
    start = time.perf_counter()
    fresh = compute()
    _write(file, fresh, time.perf_counter() - start)
    _forget_old(folder, safe)
    return fresh


def cache_folder() -> Path | None:
    """Where results are kept: HWKIT_CACHE, else .cache/hwkit beside the notebook, else at home.

    ``None`` if none of these can be written.
    """
    chosen = os.environ.get("HWKIT_CACHE")
    places = (
        [Path(chosen)]
        if chosen
        else [Path.cwd() / ".cache" / "hwkit", Path.home() / ".cache" / "hwkit"]
    )
    for place in places:
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue  # the next place may do
        if os.access(place, os.W_OK):
            return place
    return None


def _write(file: Path, result: Any, seconds: float) -> None:
    arrays: list[np.ndarray] = []
    tree = json.dumps({"format": _FORMAT, "seconds": seconds, "result": _packed(result, arrays)})
    handle, temporary = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            named: dict[str, Any] = {f"array_{i}": array for i, array in enumerate(arrays)}
            np.savez_compressed(stream, tree=np.frombuffer(tree.encode(), np.uint8), **named)
        os.replace(temporary, file)  # at once: a half-written file is never found
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _read(file: Path) -> tuple[Any, float]:
    with np.load(file, allow_pickle=False) as stored:
        tree = json.loads(stored["tree"].tobytes().decode())
        if tree["format"] != _FORMAT:
            raise ValueError(f"Expected format {_FORMAT}. Received: {tree['format']}.")
        return _unpacked(tree["result"], stored), float(tree["seconds"])


def _packed(value: Any, arrays: list[np.ndarray]) -> Any:
    """A tree of plain JSON; arrays go to ``arrays`` and leave their place behind."""
    import pandas as pd

    if value is None or isinstance(value, (bool, int, float, str)):
        return {"plain": value}
    if isinstance(value, (list, tuple)):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_packed(each, arrays) for each in value]}
    if isinstance(value, dict):
        return {"dict": [[_packed(k, arrays), _packed(v, arrays)] for k, v in value.items()]}
    if isinstance(value, pd.DataFrame):
        columns = [_column(value.iloc[:, i], arrays) for i in range(value.shape[1])]
        labels = [_packed(_labels(axis), arrays) for axis in (value.index, value.columns)]
        return {"table": columns, "labels": labels}
    if isinstance(value, (np.ndarray, np.generic)) and np.asarray(value).dtype.kind in "biufcSU":
        arrays.append(np.asarray(value))
        return {"array" if isinstance(value, np.ndarray) else "number": len(arrays) - 1}
    raise TypeError(
        "Expected a result of numbers, text, arrays, tables, and lists or dictionaries of these. "
        f"Received: {type(value).__name__}. Keep its parts, such as explanation.attribution."
    )


def _column(column: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf":
        return _packed(column.to_numpy(), arrays)
    if str(column.dtype) not in ("object", "str", "string"):
        raise TypeError(
            f"Expected columns of numbers or text. Received: column {column.name!r} of "
            f"{column.dtype}. Convert it with astype(str)."
        )
    return _packed(column.tolist(), arrays)


def _labels(axis: Any) -> dict[str, Any]:
    return {"values": axis.tolist(), "names": list(axis.names)}


def _unpacked(node: dict[str, Any], stored: Any) -> Any:
    import pandas as pd

    if "plain" in node:
        return node["plain"]
    if "list" in node:
        return [_unpacked(each, stored) for each in node["list"]]
    if "tuple" in node:
        return tuple(_unpacked(each, stored) for each in node["tuple"])
    if "dict" in node:
        return {_unpacked(k, stored): _unpacked(v, stored) for k, v in node["dict"]}
    if "table" in node:
        index, columns = (_axis(_unpacked(each, stored)) for each in node["labels"])
        table = pd.DataFrame(
            {i: _unpacked(each, stored) for i, each in enumerate(node["table"])}, index=index
        )
        table.columns = columns
        return table
    if "number" in node:
        return stored[f"array_{node['number']}"][()]
    return stored[f"array_{node['array']}"]


def _axis(labels: dict[str, Any]) -> Any:
    import pandas as pd

    if len(labels["names"]) > 1:
        return pd.MultiIndex.from_tuples(labels["values"], names=labels["names"])
    return pd.Index(labels["values"], name=labels["names"][0])


def _forget_old(folder: Path, safe: str) -> None:
    """Keep only the latest results of a name: answers change, and files would pile up."""
    digest_length = len(digest())
    files = [
        file
        for file in folder.glob(f"{safe}-*.npz")
        if len(file.stem) == len(safe) + 1 + digest_length
    ]
    for file in sorted(files, key=lambda each: each.stat().st_mtime)[:-_KEPT_PER_NAME]:
        file.unlink(missing_ok=True)
