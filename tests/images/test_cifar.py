"""CIFAR-10 from pixels, from JPEG files end to end, and through Keras; refusals."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hwkit.images.cifar import CIFAR_CLASSES, Cifar10, load_cifar10


def _pictures(count: int, seed: int = 0) -> np.ndarray:
    """Broad patches of colour, which JPEG hardly changes."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, 2, 2, 3), dtype=np.uint8).repeat(16, 1).repeat(16, 2)


def _jpeg(picture: np.ndarray, kind: str = "JPEG") -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, kind, quality=100, subsampling=0)
    return stream.getvalue()


def _pixel_file(folder: Path, **changes: np.ndarray) -> None:
    arrays = {
        "x_train": _pictures(4, 1),
        "y_train": np.array([[3], [0], [9], [1]], np.uint8),
        "x_test": _pictures(2, 2),
        "y_test": np.array([[5], [6]], np.uint8),
    }
    np.savez(folder / "cifar10.npz", **(arrays | changes))


def _jpeg_file(folder: Path, pictures: dict[str, list[bytes]], **changes: np.ndarray) -> None:
    arrays: dict[str, np.ndarray] = {}
    for part, files in pictures.items():
        arrays[f"{part}_jpeg"] = np.frombuffer(b"".join(files), np.uint8)
        arrays[f"{part}_end"] = np.cumsum([len(file) for file in files])
        arrays[f"y_{part}"] = np.arange(len(files), dtype=np.uint8)
    np.savez(folder / "cifar10_jpeg.npz", **(arrays | changes))


def _require_published(found: Cifar10) -> None:
    assert found.train_bytes.shape == (50_000, 32, 32, 3)
    assert found.test_bytes.shape == (10_000, 32, 32, 3)
    np.testing.assert_array_equal(np.bincount(found.y_train), [5000] * 10)
    np.testing.assert_array_equal(np.bincount(found.y_test), [1000] * 10)
    # Mean and deviation of each channel over the training part, as published with many networks.
    values = found.train_bytes[::10].reshape(-1, 3).astype(np.float64) / 255
    np.testing.assert_allclose(values.mean(0), [0.4914, 0.4822, 0.4465], atol=3e-3)
    np.testing.assert_allclose(values.std(0), [0.2470, 0.2435, 0.2616], atol=3e-3)


def test_pixels_are_read_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pixel_file(tmp_path)
    _jpeg_file(tmp_path, {"train": [b"not read"], "test": [b"not read"]})
    monkeypatch.setenv("HWKIT_DATA", str(tmp_path))
    found = load_cifar10()
    np.testing.assert_array_equal(found.train_bytes, _pictures(4, 1))
    np.testing.assert_array_equal(found.y_train, [3, 0, 9, 1])
    np.testing.assert_array_equal(found.y_test, [5, 6])
    assert found.x_train.dtype == found.x_test.dtype == np.float32
    assert found.y_train.dtype == found.y_test.dtype == np.int64
    np.testing.assert_allclose(found.x_test, _pictures(2, 2) / 127.5 - 1, atol=1e-6)
    assert found.class_names == CIFAR_CLASSES
    assert (CIFAR_CLASSES[3], CIFAR_CLASSES[5], CIFAR_CLASSES[9]) == ("cat", "dog", "truck")


def test_jpeg_files_end_to_end_are_taken_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train, test = _pictures(5, 3), _pictures(3, 4)
    grey = np.full((32, 32), 77, np.uint8)
    _jpeg_file(
        tmp_path,
        {"train": [*map(_jpeg, train), _jpeg(grey)], "test": [*map(_jpeg, test)]},
    )
    monkeypatch.setenv("HWKIT_DATA", str(tmp_path))
    found = load_cifar10()
    assert np.abs(found.train_bytes[:5].astype(int) - train).max() <= 3
    assert np.abs(found.test_bytes.astype(int) - test).max() <= 3
    np.testing.assert_array_equal(found.train_bytes[5], np.full((32, 32, 3), 77))
    np.testing.assert_array_equal(found.y_train, range(6))


def test_without_a_file_keras_is_asked_and_offline_the_error_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras

    one = _pictures(1), np.array([[8]], np.uint8)
    monkeypatch.setenv("HWKIT_DATA", str(tmp_path))
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", lambda: (one, one))
    np.testing.assert_array_equal(load_cifar10().y_test, [8])

    def offline() -> None:
        raise Exception("URL fetch failure")

    monkeypatch.setattr(keras.datasets.cifar10, "load_data", offline)
    with pytest.raises(FileNotFoundError, match=r"cifar10\.npz.*URL fetch failure.*HWKIT_DATA"):
        load_cifar10()


def test_other_pixels_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HWKIT_DATA", str(tmp_path))
    for wrong in (
        {"x_test": np.zeros((2, 28, 28), np.uint8)},
        {"x_train": np.zeros((4, 32, 32, 3), np.float32)},
        {"y_train": np.arange(5, dtype=np.uint8)},
        {"y_test": np.array([0, 10], np.uint8)},
    ):
        _pixel_file(tmp_path, **wrong)
        with pytest.raises(ValueError, match=r"Expected bytes \(n, 32, 32, 3\).*cifar10\.npz"):
            load_cifar10()


def test_other_jpeg_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HWKIT_DATA", str(tmp_path))
    files = [_jpeg(each) for each in _pictures(3)]
    good = {"train": files, "test": files}
    ends = np.cumsum([len(file) for file in files])
    for wrong in (
        {"test_end": ends[:-1]},
        {"test_end": ends + 1},
        {"test_end": ends[[1, 0, 2]]},
        {"test_end": np.append(ends, ends[-1])},
        {"test_end": ends.astype(np.float64)},
        {"train_jpeg": np.zeros((3, 5), np.uint8)},
    ):
        _jpeg_file(tmp_path, good, **wrong)
        with pytest.raises(ValueError, match="JPEG files end to end"):
            load_cifar10()
    _jpeg_file(tmp_path, good, y_train=np.arange(4, dtype=np.uint8))
    with pytest.raises(ValueError, match="Expected bytes"):
        load_cifar10()
    _jpeg_file(tmp_path, good | {"test": [files[0], files[1][:300], files[2]]})
    with pytest.raises(ValueError, match="picture 1 of test"):
        load_cifar10()
    large = _jpeg(np.zeros((33, 32, 3), np.uint8))
    _jpeg_file(tmp_path, good | {"train": [large]})
    with pytest.raises(ValueError, match="picture 0 of train.*32 x 32"):
        load_cifar10()
    np.savez(tmp_path / "cifar10_jpeg.npz", train_jpeg=np.zeros(3, np.uint8))
    with pytest.raises(ValueError, match="train_end"):
        load_cifar10()


def test_the_real_set_has_the_published_numbers() -> None:
    folder = os.environ.get("HWKIT_DATA")
    if not folder or not any(Path(folder).glob("cifar10*.npz")):
        pytest.skip("HWKIT_DATA names no folder with cifar10.npz or cifar10_jpeg.npz")
    _require_published(load_cifar10())


def test_importing_is_light() -> None:
    code = "import sys, hwkit.images.cifar\nprint({'keras', 'PIL', 'scipy'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
