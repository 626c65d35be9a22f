"""Photos of one size with their classes, and the list of what was refused."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hwkit.images.decode import PhotoError, decode, fit
from hwkit.images.download import fetch, store
from hwkit.images.folders import read_file

OnError = Literal["warn", "raise"]
Refusal = tuple[str, str]
_NAMED_IN_WARNING = 20


@dataclass(frozen=True, eq=False)
class PhotoSet:
    """Photos of one size with their classes.

    Attributes:
        images: uint8 (n, size, size, 3), RGB.
        labels: int64 (n,), index into ``classes``.
        classes: names, in the order of the labels.
        files: the file that each image was read from; of a URL its copy in the cache.
        refused: (file or URL, reason) of everything that could not be used.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    files: tuple[Path, ...]
    refused: tuple[Refusal, ...] = ()

    def __len__(self) -> int:
        return len(self.images)

    def of(self, class_name: str) -> NDArray[np.uint8]:
        """Return the images of one class, uint8 (k, size, size, 3).

        Raises:
            ValueError: there is no such class.
        """
        if class_name not in self.classes:
            raise ValueError(
                f"class_name must be one of {', '.join(self.classes)}. Received: {class_name!r}"
            )
        return self.images[self.labels == self.classes.index(class_name)]


class Gathered:
    """What has been read so far, and what was refused.

    The readers fill one and let it :meth:`finish`.
    """

    def __init__(self, size: int, min_side: int, on_error: OnError, refused: list[Refusal]) -> None:
        self.size, self.min_side, self.on_error = size, min_side, on_error
        self.images: list[NDArray[np.uint8]] = []
        self.labels: list[int] = []
        self.files: list[Path] = []
        self.refused = refused

    def add(self, file: Path, label: int) -> bool:
        """Read a file; whether it could be used."""
        try:
            image = fit(decode(read_file(file), str(file)), self.size, str(file), self.min_side)
        except (PhotoError, FileNotFoundError) as error:
            return self._refuse(str(file), error)
        return self._keep(image, label, file)

    def add_url(self, url: str, kept: Path, timeout: float, max_bytes: int) -> bool:
        """Read a URL from its file in the cache, or fetch it; whether it could be used."""
        if kept.is_file():
            try:
                image = fit(decode(kept.read_bytes(), url), self.size, url, self.min_side)
                return self._keep(image, 0, kept)
            except PhotoError:
                # Only what could be read is kept, so this copy was damaged since: fetch it anew.
                kept.unlink()
        try:
            data = fetch(url, timeout, max_bytes)
            image = fit(decode(data, url), self.size, url, self.min_side)
        except PhotoError as error:
            return self._refuse(url, error)
        store(kept, data)
        return self._keep(image, 0, kept)

    def finish(self, classes: tuple[str, ...], place: str) -> PhotoSet:
        """Warn of what was refused and return the set; ValueError if it is empty."""
        report = _report(self.refused)
        if not self.images:
            raise ValueError(f"No photo could be read from {place}. {report}".rstrip())
        found = set(self.labels)
        empty = [name for label, name in enumerate(classes) if label not in found]
        if empty:
            report = f"No photo could be read for: {', '.join(empty)}. {report}".rstrip()
        if report:
            warnings.warn(report, UserWarning, stacklevel=3)
        return PhotoSet(
            images=np.stack(self.images),
            labels=np.array(self.labels, dtype=np.int64),
            classes=classes,
            files=tuple(self.files),
            refused=tuple(self.refused),
        )

    def _keep(self, image: NDArray[np.uint8], label: int, file: Path) -> bool:
        self.images.append(image)
        self.labels.append(label)
        self.files.append(file)
        return True

    def _refuse(self, source: str, error: Exception) -> bool:
        if self.on_error == "raise":
            raise error
        reason = error.reason if isinstance(error, PhotoError) else str(error)
        self.refused.append((source, reason))
        return False


def _report(refused: list[Refusal]) -> str:
    if not refused:
        return ""
    named = [f"{source}: {reason}" for source, reason in refused[:_NAMED_IN_WARNING]]
    if len(refused) > len(named):
        named.append(f"and {len(refused) - len(named)} more")
    return f"{len(refused)} file(s) were not used:\n  " + "\n  ".join(named)
