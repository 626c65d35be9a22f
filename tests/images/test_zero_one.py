"""Noughts and ones: which pictures they are, their range, MNIST's numbers, and refusals."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hwkit.images.bundled_digits import bundled_digits, split
from hwkit.images.zero_one import ZERO_ONE_CLASSES, ZeroOne, load_zero_one


@pytest.fixture(scope="module")
def digits() -> ZeroOne:
    return load_zero_one()


def test_they_are_the_noughts_and_ones_of_the_bundled_digits(digits: ZeroOne) -> None:
    images, labels = bundled_digits()
    parts = ((digits.x_train, digits.y_train), (digits.x_test, digits.y_test))
    for (pictures, classes), part in zip(parts, split(labels), strict=True):
        chosen = [index for index in part if labels[index] in (0, 1)]
        np.testing.assert_allclose(pictures[..., 0], images[chosen] / 255, atol=1e-6)
        np.testing.assert_array_equal(classes, labels[chosen])
        assert (pictures.dtype, classes.dtype) == (np.float32, np.int64)
        # Paper is the number 0 itself, not nearly.
        np.testing.assert_array_equal(pictures[..., 0] == 0, images[chosen] == 0)
        assert pictures.max() == 1
    assert (len(digits.x_train), len(digits.x_test)) == (260, 100)
    assert digits.class_names == ZERO_ONE_CLASSES == ("0", "1")


def test_real_mnist_has_the_published_numbers() -> None:
    folder = os.environ.get("HWKIT_DATA")
    if not folder or not Path(folder, "mnist.npz").is_file():
        pytest.skip("HWKIT_DATA names no folder with mnist.npz")
    mnist = load_zero_one("mnist")
    np.testing.assert_array_equal(np.bincount(mnist.y_train), [5923, 6742])
    np.testing.assert_array_equal(np.bincount(mnist.y_test), [980, 1135])
    assert (mnist.x_test.min(), mnist.x_test.max()) == (0, 1)


def test_what_is_none_of_this_is_refused(digits: ZeroOne) -> None:
    with pytest.raises(ValueError, match="Expected a set: bundled, mnist"):
        load_zero_one("fashion")
    for wrong, told in (
        ({"x_test": digits.x_test[..., 0]}, r"x_test \(n, 28, 28, 1\)"),
        ({"y_train": digits.y_train[:-1]}, r"y_train \(n,\).*\(259,\)"),
        ({"x_train": digits.x_train * 2 - 1}, r"paper 0 to ink 1 in x_train.*-1\.0 to 1\.0"),
        ({"x_test": digits.x_test * np.nan}, r"paper 0 to ink 1 in x_test.*nan"),
        ({"x_test": digits.x_test[:0], "y_test": digits.y_test[:0]}, "x_test.*none"),
        ({"y_test": digits.y_test + 1}, r"labels 0 and 1 in y_test.*\[1 2\]"),
    ):
        with pytest.raises(ValueError, match=told):
            replace(digits, **wrong)


def test_importing_is_light() -> None:
    code = "import sys, hwkit.images.zero_one\nprint({'keras', 'sklearn'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
