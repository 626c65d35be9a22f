"""The three front ends that show a notebook: JupyterLab, Notebook and Voila, each for a test."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import psutil

from hwkit.commands import serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

_MODULES = {"lab": "jupyterlab", "notebook": "notebook"}
_PATHS = {"lab": "lab/tree", "notebook": "notebooks"}
_READY = """async () => {
    const app = window.jupyterapp;
    await app.restored;
    const {context} = app.shell.currentWidget;
    await context.ready;
    await context.sessionContext.ready;
    await context.sessionContext.session.kernel.info;
}"""
_RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"


@dataclass(frozen=True)
class Shown:
    """A notebook that a front end shows at `address`, which holds the token."""

    front_end: str
    address: str

    def open(self, page: Page, *, seconds: float = 60) -> None:
        """Open the notebook, run all its cells and wait until a widget is there."""
        page.goto(self.address, timeout=1000 * seconds)
        if self.front_end != "voila":
            page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.context")
            page.evaluate(_READY)
            page.evaluate(_RUN_ALL)
        page.locator(".jupyter-widgets").first.wait_for(timeout=1000 * seconds)


@contextmanager
def served(notebook: Path, front_end: str) -> Iterator[Shown]:
    """Serve a copy of a notebook on this machine only, with neither settings nor kernels of ours.

    Args:
        notebook: a file; Voila shows its code cells as one.
        front_end: "voila", "lab" or "notebook".
    """
    content = nbformat.read(notebook, as_version=4)
    if front_end == "voila":
        code = [each.source for each in content.cells if each.cell_type == "code"]
        with serving.served("\n".join(code), notebook.stem) as page:
            yield Shown(front_end, page.address)
        return
    port, token = serving.free_port(), secrets.token_urlsafe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        content.metadata.kernelspec = {"name": serving.KERNEL, "display_name": "Python 3"}
        (folder / "work").mkdir()
        nbformat.write(content, folder / "work" / notebook.name)
        _write_settings(folder, port, token)
        command = [sys.executable, "-m", _MODULES[front_end]]
        with _running(command, folder) as process:
            _await_answer(f"http://{serving.HOST}:{port}/api", process, folder / "server.log")
            path = f"{_PATHS[front_end]}/{notebook.name}"
            yield Shown(front_end, f"http://{serving.HOST}:{port}/{path}?token={token}")


def _write_settings(folder: Path, port: int, token: str) -> None:
    settings = {
        "ServerApp": {
            "ip": serving.HOST,
            "port": port,
            "port_retries": 0,
            "open_browser": False,
            "root_dir": str(folder / "work"),
            "allow_root": True,
        },
        "IdentityProvider": {"token": token},
        "LabApp": {"expose_app_in_browser": True},
        "JupyterNotebookApp": {"expose_app_in_browser": True},
    }
    config = folder / "config"
    (config / "labconfig").mkdir(parents=True)
    (config / "jupyter_server_config.json").write_text(json.dumps(settings))
    # It would ask whether it may look for news on the internet.
    disabled = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (config / "labconfig" / "page_config.json").write_text(json.dumps(disabled))
    kernel = folder / "data" / "kernels" / serving.KERNEL
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(serving.kernel_spec()))


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=serving.environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        server = psutil.Process(process.pid)
        for each in [*server.children(recursive=True), server]:
            each.kill()
        process.wait()


def _await_answer(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with opener.open(url, timeout=10):
                return
        except urllib.error.URLError:
            time.sleep(0.1)  # it does not listen yet
    raise AssertionError(f"the server did not answer: {log.read_text()[-2000:]}")
