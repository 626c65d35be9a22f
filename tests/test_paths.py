"""Where the data folders are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwkit import paths


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of the package."""
    folder = tmp_path / "somewhere" / "hwkit"
    folder.mkdir(parents=True)
    monkeypatch.setattr(paths, "_PACKAGE", folder)
    return folder


def test_a_checkout_is_told_by_its_pyproject(package: Path):
    (package.parent / "models").mkdir()
    with pytest.raises(FileNotFoundError, match="pip install --force-reinstall"):
        paths.data_path("models")  # a stranger's folder, beside an installed package
    (package.parent / "pyproject.toml").touch()
    assert paths.data_path("models") == package.parent / "models"


def test_the_installed_copy_comes_first(package: Path):
    (package.parent / "pyproject.toml").touch()
    (package.parent / "models").mkdir()
    (package / "_data" / "models").mkdir(parents=True)
    assert paths.data_path("models") == package / "_data" / "models"


def test_a_folder_missing_from_a_checkout_names_the_command_that_brings_it_back(package: Path):
    (package.parent / "pyproject.toml").touch()
    with pytest.raises(FileNotFoundError, match=r"git checkout -- test_data"):
        paths.data_path("test_data")


@pytest.mark.parametrize("name", ["", "..", "model", "models/pocket"])
def test_an_unknown_name_lists_the_known_ones(name: str):
    with pytest.raises(ValueError, match=r"models, notebooks, test_data\. Received: name="):
        paths.data_path(name)
