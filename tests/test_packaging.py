"""The two lists of dependencies agree, and a wheel carries what an installed hwkit needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from hwkit.paths import DATA_FOLDERS

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Where conda-forge has the package under another name.
CONDA_NAMES = {
    "matplotlib": "matplotlib-base",
    "nbconvert": "nbconvert-core",
    "playwright": "playwright-python",
    "seaborn": "seaborn-base",
}


def _bounds(requirements: list[str]) -> dict[str, str]:
    parsed = [Requirement(line) for line in requirements]
    return {each.name: str(each.specifier) for each in parsed if each.marker is None}


def _pip_set() -> dict[str, str]:
    extras = PROJECT["optional-dependencies"]
    return _bounds([*PROJECT["dependencies"], *extras["grade"], *extras["dev"]])


def _conda_set() -> dict[str, str]:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    return _bounds([line for line in environment["dependencies"] if isinstance(line, str)])


def test_conda_environment_holds_the_same_set_with_the_same_bounds():
    expected = {CONDA_NAMES.get(name, name): bound for name, bound in _pip_set().items()}
    found = _conda_set()
    assert found.pop("python") == str(Requirement("x" + PROJECT["requires-python"]).specifier)
    assert found.pop("pip") == ""
    assert found == expected


def test_every_direct_dependency_has_a_lower_bound():
    assert [name for name, bound in _pip_set().items() if ">=" not in bound] == []


def test_no_dependency_is_imported_but_not_declared():
    """What the packages import, besides the standard library, is named in pyproject.toml."""
    brought = {  # by the declared package that cannot be without it
        "jinja2": "nbconvert",
        "jupyter_client": "nbclient",
        "pygments": "nbconvert",
        "traitlets": "nbconvert",
        "h5py": "keras",
        "IPython": "ipykernel",
        "scipy": "scikit-image",
        "hatchling": "hatch_build.py, which runs in a build environment",
    }
    import_names = {"PIL": "pillow", "skimage": "scikit-image", "sklearn": "scikit-learn"}
    extras = PROJECT["optional-dependencies"]
    lists = (PROJECT["dependencies"], extras["grade"], extras["cluster"])
    declared = {name for each in lists for name in _bounds(each)}
    pattern = re.compile(r"^\s*(?:import|from)\s+([A-Za-z_]\w*)", re.MULTILINE)
    foreign = set()
    for package in ("hwkit", "autograder"):
        for file in (ROOT / package).rglob("*.py"):
            code = re.sub(r'("""|\'\'\').*?\1', "", file.read_text(encoding="utf-8"), flags=re.S)
            foreign |= set(pattern.findall(code))
    foreign -= set(sys.stdlib_module_names) | {"hwkit", "autograder"} | set(brought)
    assert {import_names.get(name, name) for name in foreign} <= declared


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, built without isolation where the build backend is at hand."""
    pytest.importorskip("hatchling", reason="hatchling is not installed (extra dev brings it)")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--quiet", "--wheel-dir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("hwkit-*.whl"))


def test_wheel_carries_packages_data_and_no_rubbish(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"hwkit/__init__.py", "hwkit/py.typed", "autograder/py.typed"} <= names
    assert "hwkit/commands/page_template/index.html.j2" in names
    for folder in DATA_FOLDERS:
        tracked = _tracked(folder)
        carried = {name for name in names if name.startswith(f"hwkit/_data/{folder}/")}
        assert tracked, f"the checkout tracks no file in {folder}/"
        assert {f"hwkit/_data/{name}" for name in tracked} <= carried
    rubbish = ("__pycache__", ".ipynb_checkpoints", "tests/", ".venv", ".cache")
    assert [name for name in names if any(part in name for part in rubbish)] == []


def _tracked(folder: str) -> list[str]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        return [path.relative_to(ROOT).as_posix() for path in files]
    command = ["git", "-C", str(ROOT), "ls-files", "--", folder]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    return [name for name in listed if name and (ROOT / name).is_file()]


def test_installed_wheel_finds_its_data_away_from_the_checkout(wheel: Path, tmp_path: Path):
    """The wheel is unpacked into an empty folder and used from there; its own copies are found."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "import hwkit, sys; from hwkit.paths import data_path, DATA_FOLDERS, checkout_root\n"
        "print(hwkit.__file__, checkout_root(), *map(data_path, DATA_FOLDERS), sep='\\n')"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    package = tmp_path / "site" / "hwkit"
    expected = [str(package / "__init__.py"), "None"]
    expected += [str(package / "_data" / name) for name in DATA_FOLDERS]
    assert done.stdout.split("\n")[:-1] == expected
