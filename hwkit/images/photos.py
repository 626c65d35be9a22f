"""Photos for networks like VGG16, from files, a folder per class, URLs or .npy arrays.

>>> photo = read_photo("starfish.jpg")                      # uint8 (224, 224, 3)
>>> photos = read_folder("photos", classes=["sports car", "convertible"], limit=20)
>>> photos.images.shape, photos.classes

What a picture goes through (EXIF, alpha, 16 bits, ...) is told in :mod:`hwkit.images.decode`, the
crop in :func:`hwkit.images.decode.fit`. Nothing is dropped silently: a file that cannot be read is
named in a warning and in ``PhotoSet.refused``, or raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from hwkit.images.decode import PhotoError, check_size, decode, fit, fit_unless_exact
from hwkit.images.download import MAX_BYTES, TIMEOUT, cache_folder, cached_path, fetch, is_url
from hwkit.images.folders import class_folders, open_file, photo_files, read_file
from hwkit.images.photo_set import Gathered, OnError, PhotoSet

__all__ = [
    "PhotoError",
    "PhotoSet",
    "read_folder",
    "read_npy",
    "read_photo",
    "read_picture",
    "read_urls",
]


def read_photo(
    source: str | Path,
    size: int = 224,
    *,
    min_side: int = 32,
    timeout: float = TIMEOUT,
    max_bytes: int = MAX_BYTES,
) -> NDArray[np.uint8]:
    """Read one photo, resized and centre-cropped as VGG16 expects.

    Args:
        source: an image file, or an http(s) URL (downloaded each time; :func:`read_urls` keeps a
            copy).
        size: side of the result in pixels; the short side is first resized to ``round(size * 256 /
            224)``.
        min_side: a picture with a shorter side in pixels is refused.
        timeout: of a URL, in seconds.
        max_bytes: of a URL; a larger file is refused.

    Returns:
        uint8 array of shape (size, size, 3), RGB.

    Raises:
        FileNotFoundError: there is no such file.
        PhotoError: (a ValueError) the file cannot be used; the message names it and says why.
        TypeError, ValueError: ``source`` or ``size`` is not what is expected.
    """
    check_size(size)
    data = _bytes_of(source, timeout, max_bytes)
    return fit(decode(data, str(source)), size, str(source), min_side)


def read_picture(source: str | Path, size: int) -> NDArray[np.uint8]:
    """Read one picture for a network: as :func:`read_photo`, but what has its size stays as it is.

    A file of ``size`` x ``size`` pixels, such as a drawn picture that was saved, is taken pixel by
    pixel; any other is resized and centre-cropped.

    Args:
        source: an image file, or an http(s) URL.
        size: side of the network's input in pixels.

    Returns:
        uint8 array of shape (size, size, 3), RGB.

    Raises:
        FileNotFoundError, PhotoError, TypeError, ValueError: as :func:`read_photo`.
    """
    check_size(size)
    return fit_unless_exact(decode(_bytes_of(source), str(source)), size, str(source))


def read_folder(
    folder: str | Path,
    classes: Sequence[str] | None = None,
    size: int = 224,
    limit: int | None = None,
    progress: bool = True,
    *,
    min_side: int = 32,
    on_error: OnError = "warn",
) -> PhotoSet:
    """Read a folder that holds one subfolder of photos per class.

    Subfolders of a class folder are read too; hidden files and folders are skipped, links to
    folders inside a class folder are not followed. The order is that of the classes and, within a
    class, of the files' names.

    Args:
        folder: the folder with the class folders.
        classes: which classes, in the order of their labels; spaces, underscores, hyphens and case
            may differ from the folders' names ("sports car" finds ``sports_car``). All of them,
            sorted by name, if None.
        size: side of the images in pixels, see :func:`read_photo`.
        limit: at most so many photos of each class, the first that can be read; None for all.
        progress: show a progress bar.
        min_side: a picture with a shorter side in pixels is refused.
        on_error: "warn" collects what cannot be used in ``refused`` and names it in one warning;
            "raise" stops there.

    Raises:
        FileNotFoundError: no such folder, or no folder for one of the classes.
        PhotoError: a file cannot be used and ``on_error`` is "raise".
        ValueError: no class folders, no readable photo at all, or an argument out of its range.
    """
    check_size(size)
    _check_on_error(on_error)
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be at least 1, or None for all photos. Received: {limit}")
    folders, refused = class_folders(Path(folder).expanduser(), classes)
    listed: list[tuple[int, list[Path]]] = []
    for label, place in enumerate(folders.values()):
        files, passed_over = photo_files(place)
        listed.append((label, files))
        refused += passed_over
    if refused and on_error == "raise":
        raise PhotoError(*refused[0])
    gathered = Gathered(size, min_side, on_error, refused)
    total = sum(min(len(files), limit or len(files)) for _, files in listed)
    with tqdm(total=total, desc="photos", unit="photo", disable=not progress) as bar:
        for label, files in listed:
            wanted = len(gathered.images) + (limit or len(files))
            for file in files:
                if len(gathered.images) == wanted:
                    break
                bar.update(gathered.add(file, label))
    return gathered.finish(tuple(folders), str(folder))


def read_urls(
    urls: Iterable[str] | str | Path,
    size: int = 224,
    *,
    class_name: str = "photo",
    cache: str | Path | None = None,
    timeout: float = TIMEOUT,
    max_bytes: int = MAX_BYTES,
    min_side: int = 32,
    progress: bool = True,
    on_error: OnError = "warn",
) -> PhotoSet:
    """Read photos of one class from http(s) URLs.

    The files are kept, so that a second call needs no network.

    Args:
        urls: URLs, or the name of a text file with one URL a line (empty lines and lines with ``#``
            are skipped).
        size: side of the images in pixels, see :func:`read_photo`.
        class_name: name of the one class that the photos are labelled with.
        cache: folder for the downloaded files; ``~/.cache/hwkit/photos`` if None.
        timeout: seconds for each wait on the network, and for the whole of one file.
        max_bytes: a larger file is refused.
        min_side: a picture with a shorter side in pixels is refused.
        progress: show a progress bar.
        on_error: "warn" collects what cannot be used in ``refused`` and names it in one warning;
            "raise" stops there.

    Raises:
        FileNotFoundError: the text file is missing.
        PhotoError: a URL cannot be used and ``on_error`` is "raise".
        ValueError: no URL, no readable photo at all, or an argument out of its range.
    """
    check_size(size)
    _check_on_error(on_error)
    wanted = _list_urls(urls)
    place = cache_folder() if cache is None else Path(cache).expanduser()
    gathered = Gathered(size, min_side, on_error, [])
    for url in tqdm(wanted, desc="photos", unit="photo", disable=not progress):
        gathered.add_url(url, cached_path(url, place), timeout, max_bytes)
    return gathered.finish((class_name,), "these URLs")


def read_npy(file: str | Path) -> NDArray[np.uint8] | NDArray[np.float32]:
    """Read images from a .npy file, as they are: nothing is resized or cropped.

    Returns:
        uint8, or float32 for any floating-point type, of shape (n, height, width, 3). The range of
        floating-point values is the caller's to know.

    Raises:
        FileNotFoundError: there is no such file.
        PhotoError: (a ValueError) not a .npy file, one with Python objects (never unpickled),
            damaged, or of another shape or type.
    """
    path = Path(file).expanduser()
    with open_file(path) as stream:
        magic = stream.read(6)
    if magic != b"\x93NUMPY":
        kind = (
            "an .npz archive: save one of its arrays with numpy.save" if magic[:2] == b"PK" else ""
        )
        kind = kind or "not a .npy file: write it with numpy.save"
        raise PhotoError(str(file), f"is {kind}")
    try:
        # Mapped, so that a header which promises more than the file holds fails before memory is
        # taken.
        stored = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise PhotoError(
            str(file),
            f"cannot be read as one array of numbers ({error}); save it with numpy.save as uint8 "
            "or float32, without Python objects",
        ) from error
    if stored.ndim != 4 or stored.shape[-1] != 3 or 0 in stored.shape:
        raise PhotoError(
            str(file),
            "expected images of shape (n, height, width, 3) with n >= 1, received shape "
            f"{stored.shape}" + ("; save image[None] for a single one" if stored.ndim == 3 else ""),
        )
    if stored.dtype == np.uint8:
        return np.array(stored)
    if stored.dtype.kind != "f":
        raise PhotoError(
            str(file), f"expected uint8 or floating-point values, received {stored.dtype}"
        )
    images = np.array(stored, dtype=np.float32)
    if not np.isfinite(images).all():
        raise PhotoError(str(file), "holds values that are infinite or not a number")
    return images


def _bytes_of(source: str | Path, timeout: float = TIMEOUT, max_bytes: int = MAX_BYTES) -> bytes:
    if not isinstance(source, str | Path):
        raise TypeError(f"source is a path or a URL. Received: {type(source).__name__}")
    if isinstance(source, str) and is_url(source):
        return fetch(source, timeout=timeout, max_bytes=max_bytes)
    return read_file(Path(source).expanduser())


def _check_on_error(on_error: str) -> None:
    if on_error not in ("warn", "raise"):
        raise ValueError(f'on_error must be "warn" or "raise". Received: {on_error!r}')


def _list_urls(urls: Iterable[str] | str | Path) -> list[str]:
    if isinstance(urls, str) and is_url(urls):
        found = [urls]
    elif isinstance(urls, str | Path):
        text = read_file(Path(urls).expanduser())
        if b"\0" in text:
            raise ValueError(f"{urls} is not a text file; expected one URL a line")
        lines = (line.strip() for line in text.decode("utf-8-sig", "replace").splitlines())
        found = [line for line in lines if line and not line.startswith("#")]
    else:
        found = list(urls)
    if not found:
        raise ValueError("urls holds no URL; pass at least one, or a text file with one a line")
    return found
