"""Pickled networks: read in every protocol; hostile ones are refused and nothing in them runs."""

from __future__ import annotations

import base64
import json
import os
import pickle
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toolbox_tools import SMALL, as_objects, forward, pictures_network, toolbox_classes

from hwkit.networks import toolbox
from hwkit.networks.toolbox.modules import Convolution, Linear

# The network of SMALL, pickled by Python 2.7.18 and numpy 1.16.6 in protocol 2, the toolbox's.
PYTHON_2 = """
eNpdUMtOwkAU7bQqMCrgG/+gq8alCxMIGxPHdIGZgAtD+jIl6esOUxMWTdyg4avkE/wEP4E/0Jm2ppS7uHOTOfecc8+7qjth
7KaBNzfmHqRexGdWgJ+qEVAMagaaTlsBS6aJxawQ9u77GyUv2ijXYf8FDvSKLZhFnsXwY/FAI4ZmBi3d31pFQydKw2RhODHz
jDANhCBj1gJPmefE0Zyz1OEYcIHCkVv8wiFRlhTZnyM40gki2rIEuHyReBiOqfp6SxSCBKCtE42iO9M0H35F5Y0o3F7RXmHi
p6/Uav3FbdqQl75ZDDomRSFRqeoOoSvmSLKNfexXFk6kBZVoH357RW8Kks0/6bou8l2+3UGJk2JoIoifTaExhlMztasIRQoc
j2SDsxjOM7jYjs/vSLAvgr3M4Gon2JrFnrSIltJgc1u4fsh1niVB+SG9nUNKw80Bt30ZyiQPRpOJoNT2ci/GH5vBoAY=
"""


def write_network(folder: Path, layers: list[Any], protocol: int = 2, flat: bool = False) -> Path:
    path = folder / "net.nn"
    with toolbox_classes(flat) as classes:
        path.write_bytes(pickle.dumps(as_objects(layers, classes), protocol))
    return path


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_layer_is_read_in_every_protocol(tmp_path: Path, protocol: int, flat: bool) -> None:
    layers = pictures_network()
    model = toolbox.read(
        write_network(tmp_path, layers, protocol, flat), input_shape=(11, 9, 2), dtype="float64"
    )
    x = np.random.default_rng(2).normal(size=(4, 11, 9, 2))
    np.testing.assert_allclose(model(x), forward(layers, x), rtol=1e-12)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("kind", [">f8", "<f4", "<i2", "|u1", ">f2"])
def test_arrays_of_every_type_and_order_keep_their_numbers(
    tmp_path: Path, protocol: int, kind: str
) -> None:
    numbers = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5).astype(kind)
    bias = np.arange(10).astype(kind)[::2]  # not contiguous
    for axes in ((0, 1, 2, 3), (3, 2, 1, 0), (1, 0, 3, 2)):
        weights = np.ascontiguousarray(numbers.transpose(axes)).transpose(np.argsort(axes))
        assert weights.flags.c_contiguous == (axes == (0, 1, 2, 3))
        path = write_network(tmp_path, [("Convolution", weights, bias, (np.int64(2), 1))], protocol)
        (module,) = toolbox.read_modules(path)
        assert isinstance(module, Convolution)
        np.testing.assert_array_equal(module.weights, np.arange(120.0).reshape(2, 3, 4, 5))
        np.testing.assert_array_equal(module.bias, [0, 2, 4, 6, 8])
        assert module.stride == (2, 1)


def test_a_file_of_python_2_is_read(tmp_path: Path) -> None:
    (tmp_path / "net.nn").write_bytes(zlib.decompress(base64.b64decode(PYTHON_2)))
    (tmp_path / "net.txt").write_text(SMALL)
    found = toolbox.read_modules(tmp_path / "net.nn")
    for module, expected in zip(found, toolbox.read_modules(tmp_path / "net.txt"), strict=True):
        assert module.title == expected.title
        if isinstance(module, Linear) and isinstance(expected, Linear):
            np.testing.assert_array_equal(module.weights, expected.weights)
            np.testing.assert_array_equal(module.bias, expected.bias)


def damaged(**changes: Any) -> list[Any]:
    return [("Tanh",), ("Linear", changes.get("W", np.ones((2, 3))), changes.get("B", np.ones(3)))]


@pytest.mark.parametrize(
    ("layers", "problem"),
    [
        (damaged(W=np.array([[1, 2, 3], [4, np.nan, 6]])), "received nan as number 5"),
        (damaged(B=np.array([1, np.inf, 0])), "finite numbers in 'B', received inf as number 2"),
        (damaged(B=np.ones(2)), "expected 3 biases, received 2"),
        (damaged(B=np.ones((3, 1))), "expected 'B' with 1 axes, received 2"),
        (damaged(W=np.ones((2, 3), complex)), "expected an array of plain numbers, .*'c16'"),
        (damaged(W=np.array([["a", "b", "c"]])), "expected an array of plain numbers"),
        (damaged(W=np.zeros((2, 3), [("a", float)])), "expected an array of plain numbers"),
        (damaged(W=np.array([[None, None, None]])), "expected an array of plain numbers, .*'O8'"),
    ],
)
def test_damaged_networks_are_refused_by_layer(tmp_path: Path, layers: Any, problem: str) -> None:
    path = write_network(tmp_path, layers)
    with pytest.raises(toolbox.ToolboxFileError, match=rf"layer 2 \(Linear\): .*{problem}"):
        toolbox.read(path)


def test_attributes_have_to_fit(tmp_path: Path) -> None:
    path = tmp_path / "net.nn"
    for attribute, value, problem in (
        ("m", 4, r"expected weights of shape \(4, 3\), received \(2, 3\)"),
        ("W", [[1.0, 2.0, 3.0]], "expected an array as 'W', received a list"),
        ("n", "3", "expected a whole number .*received '3'"),
        ("n", True, "expected a whole number .*received True"),
    ):
        with toolbox_classes() as classes:
            network = as_objects(damaged(), classes)
            setattr(network.modules[1], attribute, value)
            path.write_bytes(pickle.dumps(network))
        with pytest.raises(toolbox.ToolboxFileError, match=rf"layer 2 \(Linear\): {problem}"):
            toolbox.read_modules(path)
    with toolbox_classes() as classes:
        network = as_objects(damaged(), classes)
        del network.modules[1].B
        path.write_bytes(pickle.dumps(network))
    with pytest.raises(toolbox.ToolboxFileError, match="layer 2 .*attribute 'B'"):
        toolbox.read_modules(path)


def test_every_cut_is_refused(tmp_path: Path) -> None:
    path = write_network(tmp_path, damaged())
    data = path.read_bytes()
    for end in range(len(data)):
        path.write_bytes(data[:end])
        with pytest.raises(toolbox.ToolboxFileError):
            toolbox.read_modules(path)
    path.write_bytes(data + b".")
    with pytest.raises(toolbox.ToolboxFileError, match="expected the end of the file"):
        toolbox.read_modules(path)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What happened with each hostile pickle, in a process of its own with limits."""
    if sys.platform == "win32":
        pytest.skip("limits on memory need a POSIX system")
    script = Path(__file__).with_name("toolbox_hostile.py")
    run = subprocess.run(
        [sys.executable, str(script), str(tmp_path_factory.mktemp("hostile"))],
        capture_output=True,
        text=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_code_in_hostile_pickles_works(hostile: list[dict[str, Any]]) -> None:
    working = [each for each in hostile if each["works"] is not None]
    assert len(working) >= 40
    assert [each["name"] for each in working if not each["works"]] == []


def test_nothing_of_a_hostile_pickle_runs(hostile: list[dict[str, Any]]) -> None:
    assert [each["name"] for each in hostile if each["ran"]] == []
    # The file itself is opened; nothing else is opened, imported, compiled or started.
    assert {each["name"]: each["events"] for each in hostile if each["events"] != ["open"]} == {}


def test_hostile_pickles_are_refused_by_name_and_take_no_memory(
    hostile: list[dict[str, Any]],
) -> None:
    for each in hostile:
        assert each["answer"].startswith("ToolboxFileError: net.nn: "), each
        if each["works"]:
            assert "asks for '" in each["answer"], each
        assert each["more megabytes"] < 64, each
