"""Plain-text networks: read, compared with numpy, written, and refused where they are damaged."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from toolbox_tools import LEGACY, SMALL, forward, pictures_network, text_of

from hwkit.network import linear_output
from hwkit.networks import toolbox


@pytest.fixture
def save(tmp_path: Path):
    def save(text: str | bytes, name: str = "net.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return save


@pytest.mark.parametrize("text", [SMALL, LEGACY, SMALL.replace("\n", "\r\n"), SMALL.rstrip()])
def test_both_layouts_compute_what_was_worked_out_by_hand(save, text: str) -> None:
    # x = (2, 4): (2 + 1 + 0.5, -4 + 16, 1 - 4 - 0.125) = (3.5, 12, -3.125), then 3.5 + 24 - 1.
    model = toolbox.read(save(text))
    assert model.dtype == "float32"
    np.testing.assert_array_equal(model(np.array([[2.0, 4.0]])), [[26.5]])


def test_every_layer_computes_as_the_toolbox_does(save) -> None:
    layers = pictures_network()
    path = save(text_of(layers))
    x = np.random.default_rng(1).normal(size=(6, 11, 9, 2))
    expected = forward(layers, x)
    exact = toolbox.read(path, input_shape=(11, 9, 2), dtype="float64")
    np.testing.assert_allclose(exact(x), expected, rtol=1e-12)
    single = toolbox.read(path, input_shape=(11, 9, 2))
    np.testing.assert_allclose(single(x), expected, rtol=2e-5)
    # The softmax comes off: logits, not probabilities.
    import keras

    logits = keras.Model(exact.input, linear_output(exact))(x)
    np.testing.assert_allclose(logits, forward(layers[:-1], x), rtol=1e-11)


def test_a_network_that_starts_with_flatten_takes_rows_or_pictures(save) -> None:
    path = save("Flatten\n" + SMALL)
    assert toolbox.read(path).input_shape == (None, 2)
    model = toolbox.read(path, input_shape=(1, 2, 1))
    np.testing.assert_array_equal(model(np.array([[[[2.0], [4.0]]]])), [[26.5]])


def test_sizes_after_plain_names_are_allowed(save) -> None:
    assert len(toolbox.read_modules(save(SMALL.replace("Rect", "Rect 3 3")))) == 3


@pytest.mark.skipif("HWKIT_DATA" not in os.environ, reason="HWKIT_DATA names no real files")
def test_the_toolbox_own_file_solves_xor(tmp_path: Path) -> None:
    path = Path(os.environ["HWKIT_DATA"]) / "toolbox" / "xor_net_small.txt"
    if not path.exists():
        pytest.skip("HWKIT_DATA holds no toolbox/xor_net_small.txt")
    model = toolbox.read(path, dtype="float64")
    points = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(np.argmax(model(points), axis=1), [0, 1, 1, 0])
    toolbox.write(model, tmp_path / "again.txt")
    assert (tmp_path / "again.txt").read_text().split() == path.read_text().split()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 0: expected the name of a layer, received an empty file"),
        ("\n" + SMALL, "line 2: expected nothing after the empty line"),
        (SMALL + "\nRect\n", r"line 9: expected nothing after the empty line"),
        (SMALL.replace("-1.0\n0.5", "-1.0 7\n0.5"), r"line 2, layer 1 \(Linear 2 3\): expected 6 "
         r"weights \(or 3, a row of the legacy layout\), received 7"),
        (SMALL.replace("2.0 3.0", "2.0"), r"line 6, layer 3 \(Linear 3 1\): expected 3 weights, "
         "received 2"),
        (LEGACY.replace("0.25 4.0", "4.0"), r"line 3, layer 1 \(Linear 2 3\): expected 3 weights "
         "in row 2 of 2, received 2"),
        (SMALL.replace("0.0 -0.125", "0.0"), r"line 3, layer 1 .*: expected 3 biases, received 2"),
        (SMALL.replace("4.0", "nan"), r"line 2, layer 1 .*: expected finite weights, received nan "
         "as number 5"),
        (SMALL.replace("4.0", "1e999"), "received inf as number 5"),
        (SMALL.replace("4.0", "four"), r"line 2, layer 1 .*: expected numbers .*received 'four'"),
        (SMALL.replace("4.0", "1_0"), r"received '1_0'"),
        (SMALL.replace("4.0", "0x1"), r"received '0x1'"),
        (SMALL.replace("Rect", "rect"), r"line 4, layer 2 \(rect\): expected the name of a layer"),
        (SMALL.replace("Rect", "Rect a b"), r"line 4, layer 2 .*: expected 2 whole numbers"),
        (SMALL.replace("Linear 3 1", "Linear 3"), r"line 5, layer 3 .*: expected 2 whole numbers"),
        (SMALL.replace("Linear 3 1", "Linear 3 0"), "line 5, layer 3 .*: expected 2 whole numbers"),
        (SMALL[: SMALL.index("-1.0\n", 60)], r"line 6, layer 3 .*: expected a line of biases, the "
         "file ends before it"),
        ("Linear 999999999 3\n1 2 3\n", r"expected 999999999 rows of 3 weights, the file ends"),
        ("Linear 999999999 999999999\n1 2 3\n", r"received 3$"),
        (LEGACY + "Flatten\n", r"line 11, layer 4 \(Flatten\): the legacy layout has only"),
        ("Rect\n" * 1001, r"line 1001: expected at most 1000 layers"),
        (b"\x80\x03\xff\n", r"line 1, layer 1 .*: expected the name"),
        (SMALL.replace("Linear 3 1\n1.0 2.0", "Linear 2 1\n2.0"),
         r"layer 3 \(Linear 2 1\): expected 2 inputs, received 3"),
        ("Convolution 1 1 1 1 1 1\n1\n0\n", r"input_shape=\(height, width, 1\)"),
        ("Tanh\n", r"no layer tells the size of the input"),
        (SMALL.replace("4.0", "1e300"), r"layer 1 .*: its numbers are too large for float32"),
    ],
)  # fmt: skip
def test_damaged_files_are_refused_by_line_and_layer(save, text: str | bytes, problem: str) -> None:
    path = save(text)
    with pytest.raises(toolbox.ToolboxFileError, match=problem) as caught:
        toolbox.read(path)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("shape", "problem"),
    [
        ((11, 9, 3), r"layer 1 \(Convolution 3 2 2 4 2 1\): expected pictures of depth 2"),
        ((2, 9, 2), r"layer 1 .*: expected pictures of at least 3 x 2"),
        ((7, 9, 2), r"layer 8 \(Linear 12 5\): expected 12 inputs, received 6"),
        (
            (198,),
            r"layer 1 .*: expected pictures \(height, width, depth\), received shape \(198,\)",
        ),
    ],
)
def test_input_shapes_that_do_not_fit_are_refused(save, shape, problem: str) -> None:
    with pytest.raises(toolbox.ToolboxFileError, match=problem):
        toolbox.read(save(text_of(pictures_network())), input_shape=shape)


def test_linear_after_pictures_wants_flatten(save) -> None:
    layers = [each for each in pictures_network() if each[0] != "Flatten"]
    with pytest.raises(toolbox.ToolboxFileError, match=r"layer 7 .*a Flatten is missing before it"):
        toolbox.read(save(text_of(layers)), input_shape=(11, 9, 2))


def test_wrong_arguments_are_told(save) -> None:
    path = save(SMALL)
    with pytest.raises(ValueError, match="dtype 'float32' or 'float64'. Received: dtype='int8'"):
        toolbox.read(path, dtype="int8")
    with pytest.raises(ValueError, match="input_shape=\\(2.5,\\)"):
        toolbox.read(path, input_shape=(2.5,))
    with pytest.raises(ValueError, match="Expected fmt"):
        toolbox.read(path, fmt="json")
    with pytest.raises(ValueError, match="Expected fmt"):
        toolbox.read(path.rename(path.with_suffix(".dat")))
    with pytest.raises(FileNotFoundError):
        toolbox.read("no such file.txt")
    with pytest.raises(toolbox.ToolboxFileError, match="expected at most 20 bytes"):
        toolbox.read(save(SMALL), max_bytes=20)
    with pytest.raises(toolbox.ToolboxFileError, match="expected 3 weights of a row, received 6"):
        toolbox.read(save(SMALL), fmt="legacy")
