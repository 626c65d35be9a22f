"""``hwkit agree`` from the shell: what it writes, and what it says where it cannot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import program
import pytest
from PIL import Image

from hwkit.commands.agree_pictures import read_baseline, read_pictures
from hwkit.images.bounds import CAFFE, SIGNED, UNIT

SIDE = 16


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The exit status of ``hwkit agree``."""
    return program.run(monkeypatch, "agree", *arguments)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes on grey pictures, in a file."""
    import keras

    keras.utils.set_random_seed(5)
    layers = keras.layers
    entry = keras.Input((SIDE, SIDE, 1))
    x = layers.Conv2D(3, 3, activation="relu")(entry)
    x = layers.Dense(24, activation="relu")(layers.Flatten()(x))
    file = tmp_path_factory.mktemp("network") / "marks.keras"
    keras.Model(entry, layers.Dense(2, activation="softmax")(x)).save(file)
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three grey pictures in each of two folders, and one file that is no picture."""
    rng = np.random.default_rng(0)
    for name in ("dots", "lines"):
        (tmp_path / "marks" / name).mkdir(parents=True)
        for number in range(3):
            pixels = rng.integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "marks" / name / f"{number}.png")
    (tmp_path / "marks" / "lines" / "broken.png").write_bytes(b"no picture")
    return tmp_path / "marks"


def test_a_folder_of_pictures_becomes_a_matrix_and_a_table(
    monkeypatch, capsys, tmp_path, network, folder
):
    made = [tmp_path / name for name in ("matrix.png", "spread.png", "table.csv")]
    options = ["--image-bound", "unit", "-o", made[0], "--spread", made[1], "--csv", made[2]]
    assert run(monkeypatch, folder, "--network", network, "--methods", "ig,gbp,lrp", *options) == 0
    told = capsys.readouterr()
    assert "broken.png" in told.err and "left out" in told.err
    assert all(f"wrote {file}" in told.out for file in made)
    assert min(Image.open(file).size[0] for file in made[:2]) > 400
    table = pd.read_csv(made[2])
    rows = table[table["class"] == "all"]
    assert [(row["first"], row["second"]) for _, row in rows.iterrows()] == [
        ("ig", "gbp"),
        ("ig", "lrp"),
        ("gbp", "lrp"),
    ]
    assert (rows.counted == 6).all() and (rows["mean"].abs() < 1).all()


def test_an_array_as_the_network_takes_it_needs_no_bound(monkeypatch, capsys, tmp_path, network):
    pictures = np.random.default_rng(1).uniform(0, 1, (4, SIDE, SIDE, 1)).astype(np.float32)
    np.save(tmp_path / "pictures.npy", pictures)
    options = ["--absolute", "--ink", "--measure", "overlap", "-o", tmp_path / "matrix.png"]
    options += ["--methods", "gxi,random", "--network", network]
    assert run(monkeypatch, tmp_path / "pictures.npy", *options) == 0
    blank = np.concatenate([pictures[:3], 0 * pictures[:1]])
    np.save(tmp_path / "pictures.npy", blank)
    assert run(monkeypatch, tmp_path / "pictures.npy", *options) == 0
    assert "gxi and random: 1 of 4 pictures left out" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--methods", "ig,gpb"], "Did you mean gbp"),
        (["--methods", "ig"], "two methods"),
        (["-o", "matrix.docx"], "ends in one of"),
        (["--csv", "table.txt"], "ends in .csv"),
        (["--csv", "nowhere/table.csv"], "nowhere"),
        (["--measure", "pearson"], "'pearson'"),
        (["--baseline", "white"], "--baseline zero, black, grey, noise"),
        (["--network", "pokket"], "pokket"),
    ],
)
def test_what_cannot_be_done_is_told(
    monkeypatch, capsys, tmp_path, network, folder, arguments, told
):
    monkeypatch.chdir(tmp_path)
    base = ["--image-bound", "unit", "--network", network]
    assert run(monkeypatch, folder, *base, *arguments) == 2
    assert told in capsys.readouterr().err


def test_pictures_that_are_not_there(monkeypatch, capsys, tmp_path, network):
    base = ["--network", network, "--image-bound", "unit"]
    assert run(monkeypatch, tmp_path / "none", *base) == 2
    assert "found none" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert run(monkeypatch, tmp_path / "empty", *base) == 2
    assert "Expected pictures in" in capsys.readouterr().err


def test_pictures_of_any_kind_are_as_the_network_takes_them(tmp_path, folder):
    grey = read_pictures(folder, (SIDE, SIDE, 1), SIGNED, limit=2)
    pixels = np.asarray(Image.open(folder / "dots" / "0.png"), np.float32)
    np.testing.assert_allclose(grey[0, ..., 0], pixels / 127.5 - 1, atol=1e-6)
    assert grey.shape == (2, SIDE, SIDE, 1)
    file = tmp_path / "colours.npy"
    np.save(file, np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3))
    found = read_pictures(file, (4, 4, 3), CAFFE)
    np.testing.assert_allclose(found, CAFFE.from_rgb(np.load(file)))
    np.save(file, np.zeros((2, 4, 4), np.float32))
    assert read_pictures(file, (4, 4, 1), None).shape == (2, 4, 4, 1)
    with pytest.raises(ValueError, match="as the network takes"):
        read_pictures(file, (5, 5, 1), None)
    np.save(file, np.zeros((2, 4, 4, 1), np.uint8))
    with pytest.raises(ValueError, match="--image-bound"):
        read_pictures(file, (4, 4, 1), None)
    with pytest.raises(ValueError, match=r"\.npy or \.npz"):
        read_pictures(tmp_path / "colours.txt", (4, 4, 1), None)
    with pytest.raises(ValueError, match="square pictures"):
        read_pictures(folder, (4, 5, 1), UNIT)


def test_baselines(tmp_path):
    shape = (4, 4, 1)
    assert read_baseline("zero", shape, None) == 0 and read_baseline("-1", shape, None) == -1
    assert (read_baseline("black", shape, SIGNED) == -1).all()
    np.testing.assert_allclose(read_baseline("grey", shape, UNIT), 0.5)
    noise = np.asarray(read_baseline("noise", shape, SIGNED, seed=3))
    assert noise.shape == shape and noise.min() < 0 < noise.max() <= 1
    np.save(tmp_path / "own.npy", np.full(shape, 0.25))
    assert (read_baseline(str(tmp_path / "own.npy"), shape, None) == 0.25).all()
    with pytest.raises(ValueError, match="--image-bound"):
        read_baseline("grey", shape, None)
