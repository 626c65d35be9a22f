"""``hwkit doctor``: what is there, what is missing, and the command that mends it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from hwkit.paths import checkout_root, data_path

SUPPORTED_PYTHON = ((3, 10), (3, 13))
VGG16_WEIGHTS = "vgg16_weights_tf_dim_ordering_tf_kernels.h5"
VGG16_MD5 = "64373286793e3c8b2b4e3219cbf3544b"  # as keras.applications.vgg16 checks it
LEAST_MEMORY = 3.0  # GiB; the flagship notebook's kernel and JupyterLab beside it


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    `remedy` is the command that mends it, "" where nothing is to be mended; what is not `needed`
    serves one purpose, which `detail` names, and everything else works without it.
    """

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    needed: bool = True


def doctor(
    quick: bool = typer.Option(False, "--quick", help="Do not try to import TensorFlow (seconds)."),
) -> None:
    """Say what is there, what is missing, and the command that mends it."""
    missing = 0
    for finding in examine(quick=quick):
        mark = "ok     " if finding.ok else ("MISSING" if finding.needed else "absent ")
        typer.echo(f"{mark} {finding.name}: {finding.detail}")
        if not finding.ok and finding.remedy:
            typer.echo(f"        mend it with: {finding.remedy}")
        missing += finding.needed and not finding.ok
    if missing:
        typer.echo(f"{missing} thing{'s are' if missing > 1 else ' is'} missing.", err=True)
        raise typer.Exit(1)
    typer.echo("All that is needed is there.")


def examine(*, quick: bool) -> Iterator[Finding]:
    """Look at everything, one finding after the other."""
    yield python_version(sys.version_info[:2])
    yield from packages()
    if not quick:
        yield tensorflow_import()
    yield kernel()
    yield memory()
    yield from data_folder("models", "the pocket networks")
    yield from data_folder("test_data", "the frozen pictures")
    yield notebooks()
    yield vgg16_weights()
    yield chromium()
    # What packages beside hwkit need; see hwkit.cli on entry points.
    for entry in importlib.metadata.entry_points(group="hwkit.doctor"):
        yield from entry.load()()


def python_version(version: tuple[int, int]) -> Finding:
    """Whether this Python is one that hwkit supports."""
    low, high = SUPPORTED_PYTHON
    return Finding(
        "Python",
        low <= version <= high,
        f"{'.'.join(map(str, sys.version_info[:3]))} at {sys.executable}",
        "rm -rf .venv && make demo PYTHON=python3.12",
    )


def packages() -> Iterator[Finding]:
    """Each package that hwkit names in its own metadata: its version, and the bound on it."""
    from packaging.requirements import Requirement

    install = "pip install --editable ." if checkout_root() else "pip install --upgrade hwkit"
    try:
        lines = importlib.metadata.requires("hwkit") or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding("package hwkit", False, "it is not installed in this Python", install)
        return
    for requirement in map(Requirement, lines):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        name = f"package {requirement.name}"
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            detail = f"not installed (needed: {requirement.specifier})"
            yield Finding(name, False, detail, f'pip install "{requirement}"')
            continue
        good = requirement.specifier.contains(version, prereleases=True)
        detail = version if good else f"{version} (needed: {requirement.specifier})"
        yield Finding(name, good, detail, f'pip install "{requirement}"')


def tensorflow_import() -> Finding:
    """Whether TensorFlow can be imported; in a process of its own, because failing may kill it."""
    code = "import hwkit, tensorflow as tf; print(len(tf.config.list_physical_devices('GPU')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        gpus = int(done.stdout.split()[-1])
        detail = "can be imported; " + (f"it sees {gpus} GPU(s)" if gpus else "it uses the CPU")
        return Finding("TensorFlow", True, detail)
    last = (done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"])[-1]
    remedy = "pip install --force-reinstall tensorflow keras"
    return Finding("TensorFlow", False, f"cannot be imported: {last}", remedy)


def kernel() -> Finding:
    """Whether Jupyter finds a kernel of this very Python."""
    from jupyter_client.kernelspec import KernelSpecManager

    remedy = f"{sys.executable} -m ipykernel install --sys-prefix --name python3"
    specs = KernelSpecManager().get_all_specs()
    if "python3" not in specs:
        return Finding("Jupyter kernel", False, "there is no kernel python3", remedy)
    program = specs["python3"]["spec"]["argv"][0]
    # ipykernel's own entry says just "python", which Jupyter takes for the Python it runs in.
    own = (
        program in ("python", "python3")
        or Path(program).resolve() == Path(sys.executable).resolve()
    )
    detail = "python3" if own else f"python3 is another Python: {program}"
    return Finding("Jupyter kernel", own, detail, remedy)


def memory() -> Finding:
    """Whether enough memory is free."""
    import psutil

    now = psutil.virtual_memory()
    free, total = now.available / 2**30, now.total / 2**30
    detail = f"{free:.1f} GiB of {total:.1f} GiB free (needed: {LEAST_MEMORY:.0f})"
    return Finding("memory", free >= LEAST_MEMORY, detail, "close other programs")


def data_folder(name: str, what: str) -> Iterator[Finding]:
    """Whether the files that the cards in a data folder tell of are there, unchanged."""
    remedy = f"git checkout -- {name}" if checkout_root() else "pip install --force-reinstall hwkit"
    try:
        folder = data_path(name)
    except FileNotFoundError as error:
        yield Finding(what, False, str(error), remedy)
        return
    cards = sorted(folder.rglob("card.json"))
    if not cards:
        yield Finding(what, False, f"no card.json in {folder}", remedy)
    for card in cards:
        sums = recorded_sums(json.loads(card.read_text(encoding="utf-8")))
        bad = [
            file for file, digest in sums.items() if _digest(card.parent / file, "sha256") != digest
        ]
        where = card.parent.relative_to(folder.parent)
        if bad or not sums:
            detail = f"damaged or missing in {where}: {', '.join(bad) or 'all checksums'}"
            yield Finding(what, False, detail, remedy)
        else:
            yield Finding(what, True, f"{where}: {len(sums)} file(s), checksums right")


def recorded_sums(card: object) -> dict[str, str]:
    """What a card records, at any depth: "file" (beside the card) and its "sha256" together."""
    if isinstance(card, dict):
        own = {card["file"]: card["sha256"]} if {"file", "sha256"} <= card.keys() else {}
        inner = list(card.values())
    else:
        own, inner = {}, card if isinstance(card, list) else []
    for each in inner:
        own |= recorded_sums(each)
    return own


def _digest(file: Path, algorithm: str) -> str:
    if not file.is_file():
        return "missing"
    digest = hashlib.new(algorithm)
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def notebooks() -> Finding:
    """Whether the assignments are there."""
    remedy = "git checkout -- notebooks"
    try:
        names = sorted(path.parent.name for path in data_path("notebooks").glob("*/*.ipynb"))
    except FileNotFoundError as error:
        return Finding("assignments", False, str(error), remedy)
    return Finding("assignments", bool(names), ", ".join(names) or "none", remedy)


def vgg16_weights() -> Finding:
    """Whether VGG16's ImageNet weights are in Keras' cache, whole."""
    home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    file = home / "models" / VGG16_WEIGHTS
    name, remedy = "VGG16's weights", "python -c \"import hwkit; hwkit.networks.load('vgg16')\""
    if not file.is_file():
        detail = f"not in {file.parent}; only the network vgg16 needs them (a download of 528 MB)"
        return Finding(name, False, detail, remedy, needed=False)
    whole = _digest(file, "md5") == VGG16_MD5
    detail = str(file) if whole else f"{file} is damaged; only the network vgg16 needs it"
    return Finding(name, whole, detail, f"rm {file} && {remedy}", needed=False)


def chromium() -> Finding:
    """Whether a Chromium is there for looking at pages; only development uses it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    detail = found or "none; only development uses it, to look at pages"
    return Finding("Chromium", found is not None, detail, "apt-get install chromium", needed=False)
