"""Digits: bundled ones that never change, MNIST and Fashion-MNIST from files, and refusals."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage
from skimage.transform import downscale_local_mean
from sklearn.datasets import load_digits as sklearn_digits

from hwkit.images import bundled_digits
from hwkit.images.digits import DIGIT_CLASSES, HIGH, LOW, Digits, load_digits, to_grey


@pytest.fixture(scope="module")
def bundled() -> Digits:
    return load_digits()


def _bytes(images: np.ndarray) -> np.ndarray:
    return np.rint((images[..., 0] + 1) * 127.5).astype(np.uint8)


def test_shapes_types_and_ranges(bundled: Digits) -> None:
    assert bundled.x_train.shape == (1297, 28, 28, 1)
    assert bundled.x_test.shape == (500, 28, 28, 1)
    assert bundled.x_train.dtype == bundled.x_test.dtype == np.float32
    assert bundled.y_train.shape == (1297,)
    assert bundled.y_train.dtype == bundled.y_test.dtype == np.int64
    for images in (bundled.x_train, bundled.x_test):
        assert images.min() == LOW == -1
        assert images.max() == HIGH == 1
    np.testing.assert_array_equal(np.bincount(bundled.y_test), [50] * 10)
    assert bundled.class_names == DIGIT_CLASSES == tuple("0123456789")


def test_pictures_and_split_never_change(bundled: Digits) -> None:
    held = hashlib.sha256()
    for images, labels in (
        (bundled.x_train, bundled.y_train),
        (bundled.x_test, bundled.y_test),
    ):
        held.update(_bytes(images).tobytes() + labels.astype("<i8").tobytes())
    assert held.hexdigest() == "e2f4b8f54942dab6beaa1b2b76975280afa68104a2ae7aa0776eb6ccdb8dc266"


def test_parts_share_no_digit_and_leave_none_out() -> None:
    _, labels = sklearn_digits(return_X_y=True)
    train, test = bundled_digits.split(labels)
    assert not set(train) & set(test)
    assert sorted({*train, *test}) == list(range(1797))
    images, ours = bundled_digits.bundled_digits()
    np.testing.assert_array_equal(ours, labels)
    assert len(np.unique(images.reshape(1797, -1), axis=0)) == 1797


def test_a_picture_is_the_enlarged_digit_moved_to_its_centre_of_mass() -> None:
    small = sklearn_digits().images
    images, _ = bundled_digits.bundled_digits()
    centres = np.array([ndimage.center_of_mass(image) for image in images])
    assert np.abs(centres - 13.5).max() <= 0.5
    for k in range(0, 1797, 99):
        fine = ndimage.zoom(small[k] / 16, 20, order=3, mode="grid-constant", grid_mode=True)
        ink = downscale_local_mean(np.interp(fine, (0.35, 0.65), (0, 255)), (8, 8))
        moved = [
            np.abs(images[k, row : row + 20, column : column + 20] - ink).max()
            for row in range(9)
            for column in range(9)
        ]
        assert min(moved) <= 0.5 + 1e-6
        assert images[k].sum() == pytest.approx(ink.sum(), abs=200)


def test_grey_is_between_nought_and_one() -> None:
    picture = np.array([-1, -0.5, 0, 1, 3, -2], np.float32).reshape(1, 2, 3, 1)
    np.testing.assert_allclose(to_grey(picture), [[[0, 0.25, 0.5], [1, 1, 0]]])
    with pytest.raises(ValueError, match=r"Expected pictures \(\.\.\., 28, 28, 1\)"):
        to_grey(np.zeros((28, 28)))


def _small_set(folder: Path, file: str, **changes: np.ndarray) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    arrays = {
        "x_train": rng.integers(0, 256, (6, 28, 28), dtype=np.uint8),
        "y_train": np.arange(6, dtype=np.uint8),
        "x_test": rng.integers(0, 256, (3, 28, 28), dtype=np.uint8),
        "y_test": np.array([9, 0, 4], np.uint8),
    }
    np.savez(folder / file, **(arrays | changes))
    return arrays


@pytest.mark.parametrize(
    ("name", "file"), [("mnist", "mnist.npz"), ("fashion", "fashion_mnist.npz")]
)
def test_sets_are_read_from_the_folder(
    name: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrays = _small_set(tmp_path, file)
    monkeypatch.setenv("HWKIT_DATA", str(tmp_path))
    found = load_digits(name)
    np.testing.assert_allclose(found.x_test[..., 0], arrays["x_test"] / 127.5 - 1, atol=1e-6)
    np.testing.assert_array_equal(_bytes(found.x_train), arrays["x_train"])
    np.testing.assert_array_equal(found.y_test, [9, 0, 4])
    assert found.class_names[9] == ("9" if name == "mnist" else "ankle boot")


@pytest.mark.parametrize("name", ["mnist", "fashion"])
def test_without_a_file_keras_is_asked_and_offline_the_error_says_what_to_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras

    module = keras.datasets.mnist if name == "mnist" else keras.datasets.fashion_mnist
    pictures, labels = np.full((2, 28, 28), 255, np.uint8), np.array([3, 7], np.uint8)
    monkeypatch.setenv("HWKIT_DATA", str(tmp_path))
    monkeypatch.setattr(module, "load_data", lambda: ((pictures, labels), (pictures, labels)))
    np.testing.assert_array_equal(load_digits(name).y_train, [3, 7])

    def offline() -> None:
        raise Exception("URL fetch failure")

    monkeypatch.setattr(module, "load_data", offline)
    monkeypatch.delenv("HWKIT_DATA")
    with pytest.raises(FileNotFoundError, match=r"URL fetch failure.*HWKIT_DATA.*'bundled'"):
        load_digits(name)


def test_other_names_and_other_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="bundled, mnist, fashion"):
        load_digits("letters")
    monkeypatch.setenv("HWKIT_DATA", str(tmp_path))
    for wrong in (
        {"x_test": np.zeros((3, 32, 32), np.uint8)},
        {"x_test": np.zeros((3, 28, 28), np.float32)},
        {"y_train": np.arange(5, dtype=np.uint8)},
        {"y_test": np.array([0, 1, 10], np.uint8)},
    ):
        _small_set(tmp_path, "mnist.npz", **wrong)
        with pytest.raises(ValueError, match=r"Expected bytes \(n, 28, 28\)"):
            load_digits("mnist")
    (tmp_path / "mnist.npz").write_bytes(b"no archive")
    with pytest.raises(ValueError, match="expected an .npz file"):
        load_digits("mnist")


def test_real_mnist_has_the_published_numbers() -> None:
    folder = os.environ.get("HWKIT_DATA")
    if not folder or not Path(folder, "mnist.npz").is_file():
        pytest.skip("HWKIT_DATA names no folder with mnist.npz")
    digits = load_digits("mnist")
    # Counts of each class: LeCun, Cortes & Burges, "The MNIST database of handwritten digits".
    train = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    test = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    np.testing.assert_array_equal(np.bincount(digits.y_train), train)
    np.testing.assert_array_equal(np.bincount(digits.y_test), test)
    assert to_grey(digits.x_train).mean() == pytest.approx(0.1307, abs=1e-4)
    assert to_grey(digits.x_train).std() == pytest.approx(0.3081, abs=1e-4)


def test_importing_is_light() -> None:
    code = "import sys, hwkit.images.digits\nprint({'keras', 'sklearn', 'scipy'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
