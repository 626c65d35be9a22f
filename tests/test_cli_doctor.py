"""``hwkit doctor``: each thing that can be missing is found missing."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from hwkit import cli
from hwkit.commands import doctor
from hwkit.commands.doctor import Finding


@pytest.mark.parametrize(
    ("version", "supported"),
    [((3, 9), False), ((3, 10), True), ((3, 13), True), ((3, 14), False)],
)
def test_python_version(version: tuple[int, int], supported: bool):
    assert doctor.python_version(version).ok is supported


class TestPackages:
    @pytest.fixture
    def world(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
        """hwkit needs a, b >= 2, and c for an extra; the returned versions are installed."""
        requires = ["a", "b>=2.0", 'c>=1; extra == "grade"', 'd>=1; python_version < "3"']
        installed = {"a": "0.1", "b": "2.1"}

        def version(name: str) -> str:
            if name not in installed:
                raise importlib.metadata.PackageNotFoundError(name)
            return installed[name]

        monkeypatch.setattr(importlib.metadata, "requires", lambda _: requires)
        monkeypatch.setattr(importlib.metadata, "version", version)
        return installed

    def test_are_judged_by_their_bounds(self, world):
        assert [(f.name, f.ok) for f in doctor.packages()] == [
            ("package a", True),
            ("package b", True),
        ]

    def test_too_old(self, world):
        world["b"] = "1.9"
        found = list(doctor.packages())[1]
        assert (found.ok, found.detail) == (False, "1.9 (needed: >=2.0)")
        assert found.remedy == 'pip install "b>=2.0"'

    def test_missing(self, world):
        del world["a"]
        found = next(iter(doctor.packages()))
        assert (found.ok, found.remedy) == (False, 'pip install "a"')

    def test_hwkit_itself_not_installed(self, monkeypatch):
        def missing(name: str) -> list[str]:
            raise importlib.metadata.PackageNotFoundError(name)

        monkeypatch.setattr(importlib.metadata, "requires", missing)
        assert [(f.ok, f.remedy) for f in doctor.packages()] == [
            (False, "pip install --editable .")
        ]


def test_a_tensorflow_that_dies_is_reported_not_died_of(monkeypatch):
    crash = SimpleNamespace(returncode=-4, stdout="", stderr="")
    monkeypatch.setattr(doctor.subprocess, "run", lambda *_, **__: crash)
    found = doctor.tensorflow_import()
    assert (found.ok, found.detail) == (False, "cannot be imported: it ended with status -4")


@pytest.mark.parametrize(("free", "enough"), [(8.0, True), (0.5, False)])
def test_memory(monkeypatch, free: float, enough: bool):
    import psutil

    now = SimpleNamespace(available=free * 2**30, total=16 * 2**30)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: now)
    found = doctor.memory()
    assert found.ok is enough
    assert found.detail.startswith(f"{free} GiB of 16.0 GiB free")


class TestDataFolder:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """models/net with one file and its card."""
        net = tmp_path / "models" / "net"
        net.mkdir(parents=True)
        (net / "weights.npz").write_bytes(b"numbers")
        entry = {"file": "weights.npz", "sha256": hashlib.sha256(b"numbers").hexdigest()}
        (net / "card.json").write_text(json.dumps({"sets": [{"seed": 1}, {"one": entry}]}))
        monkeypatch.setattr(doctor, "data_path", lambda name: tmp_path / name)
        return net

    def test_whole(self, folder):
        (found,) = doctor.data_folder("models", "weights")
        assert (found.ok, found.detail) == (True, "models/net: 1 file(s), checksums right")

    @pytest.mark.parametrize("content", [b"numbres", b"", None])
    def test_damaged_or_missing(self, folder, content: bytes | None):
        (folder / "weights.npz").unlink()
        if content is not None:
            (folder / "weights.npz").write_bytes(content)
        (found,) = doctor.data_folder("models", "weights")
        assert (found.ok, found.remedy) == (False, "git checkout -- models")
        assert "weights.npz" in found.detail

    def test_without_a_card(self, folder):
        (folder / "card.json").unlink()
        (found,) = doctor.data_folder("models", "weights")
        assert not found.ok


class TestVgg16:
    def test_missing_weights_are_not_needed(self, monkeypatch, tmp_path):
        monkeypatch.setenv("KERAS_HOME", str(tmp_path))
        found = doctor.vgg16_weights()
        assert (found.ok, found.needed) == (False, False)

    def test_half_a_download_is_told(self, monkeypatch, tmp_path):
        monkeypatch.setenv("KERAS_HOME", str(tmp_path))
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / doctor.VGG16_WEIGHTS).write_bytes(b"half")
        found = doctor.vgg16_weights()
        assert not found.ok
        assert "damaged" in found.detail

    def test_file_and_checksum_are_those_that_keras_uses(self):
        import inspect

        from keras.src.applications import vgg16

        source = inspect.getsource(vgg16)
        assert doctor.VGG16_WEIGHTS in source
        assert doctor.VGG16_MD5 in source


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (Finding("x", True, "fine"), 0),
        (Finding("x", False, "gone", "mend x"), 1),
        (Finding("x", False, "gone", "mend x", needed=False), 0),
    ],
)
def test_exit_status_is_1_only_if_something_needed_is_missing(
    monkeypatch, capsys, found: Finding, status: int
):
    monkeypatch.setattr(doctor, "examine", lambda quick: iter([found]))
    monkeypatch.setattr(sys, "argv", ["hwkit", "doctor"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert (stopped.value.code or 0) == status
    assert ("mend it with: mend x" in capsys.readouterr().out) is not found.ok
