"""Serve a notebook as a page on this machine only, to whoever has the token.

Voila does the serving. Each visit of the page runs the notebook in a kernel of its own, which ends
when the page is left.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil

HOST = "127.0.0.1"
KERNEL = "hwkit"
START_SECONDS = 60.0
END_SECONDS = 15.0
# A page that is left ends its kernel. So long after its browser crashed, say, the server does.
_CULL_SECONDS = 60
_MESSAGE_BYTES = 100 * 2**20
# What Voila's settings say in Python. It shows the page without the cookie that the page needs to
# end its kernel.
_PYTHON_SETTINGS = """\
def give_cookie(request, notebook, cwd):
    request.xsrf_token  # a property that sets it


c.VoilaConfiguration.prelaunch_hook = give_cookie
"""
_TEMPLATE = Path(__file__).parent / "explore_template"


@dataclass(frozen=True)
class Page:
    """A page that is being served.

    Attributes:
        address: to open in a browser; it holds the token.
        process: the server.
        opener: a file that leads a browser to the address. Programs' arguments can be read by
            everybody on the machine, so that the token does not belong there.
        log: the file that the server writes its messages to.
    """

    address: str
    process: subprocess.Popen[bytes]
    opener: Path
    log: Path

    def wait(self) -> None:
        """Wait until the server ends by itself.

        Raises:
            ChildProcessError: always, then; the message holds what the server wrote last.
        """
        status = self.process.wait()
        raise ChildProcessError(f"The server ended, with status {status}. {_last_words(self.log)}")


@contextmanager
def served(source: str, title: str, *, port: int | None = None) -> Iterator[Page]:
    """Serve a notebook of one cell; at the end of the block the server and its kernels are ended.

    Args:
        source: the cell.
        title: of the page.
        port: to listen on; a free one by default.

    Raises:
        ValueError: the port is taken or is no port for ordinary users.
        ChildProcessError: the server did not start; the message holds what it wrote last.
    """
    port = free_port() if port is None else check_port(port)
    # The folder is the user's alone, as mkdtemp makes it; the token lies in it.
    with tempfile.TemporaryDirectory(prefix="hwkit-explore-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        token = secrets.token_urlsafe(24)
        address = f"http://{HOST}:{port}/?token={token}"
        notebook = _write_notebook(folder, source, title)
        _write_settings(folder, port, token)
        opener = folder / "open.html"
        opener.write_text(f'<meta http-equiv="refresh" content="0; url={address}">\n', "utf-8")
        log = folder / "server.log"
        process = _start(folder, notebook, log)
        try:
            _await_listening(process, port, log)
            yield Page(address, process, opener, log)
        finally:
            _end(process)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def check_port(port: int) -> int:
    """The port, if it can be listened on.

    Raises:
        ValueError: it is taken, or not for ordinary users.
    """
    with socket.socket() as probe:
        if os.name == "posix":  # elsewhere this option would let two programs share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ValueError(
                f"Expected a port that is free. Received: --port {port} ({error.strerror}). "
                "Choose another one, or leave --port out."
            ) from error
    return port


def kernel_spec() -> dict[str, Any]:
    """The running interpreter as a Jupyter kernel, whatever kernels the user has installed."""
    return {
        "argv": [
            sys.executable,
            *("-m", "ipykernel_launcher", "--log-level=40", "-f", "{connection_file}"),
        ],
        "display_name": "Python 3",
        "language": "python",
    }


def environment(folder: Path) -> dict[str, str]:
    """Variables for a Jupyter server that keeps its data and settings in a folder of its own.

    What belongs to the running interpreter is found as always; the user's settings, kernels and
    extensions are not.
    """
    # JUPYTER_TOKEN and the like would go before our settings, or lead to other ones.
    kept = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER_")}
    return kept | {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }


def _write_notebook(folder: Path, source: str, title: str) -> Path:
    cell = nbformat.v4.new_code_cell(source)
    kernel = {"name": KERNEL, "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[cell], metadata={"kernelspec": kernel, "title": title}
    )
    file = folder / "explorer.ipynb"
    nbformat.write(notebook, file)
    return file


def _write_settings(folder: Path, port: int, token: str) -> None:
    """Write Voila's settings, our kernel and our template where the server looks for them."""
    settings: Mapping[str, Mapping[str, object]] = {
        "Voila": {
            "ip": HOST,
            "port": port,
            "port_retries": 0,
            "token": token,
            "open_browser": False,
            "connection_dir_root": str(folder),
            # An uploaded photo is one message; by default not more than 10 MiB.
            "tornado_settings": {"websocket_max_message_size": _MESSAGE_BYTES},
        },
        "VoilaConfiguration": {
            "template": KERNEL,
            "allow_template_override": "NO",
            "file_allowlist": [],  # the page needs no file of the folder
            "extension_allowlist": [
                "@jupyter-widgets/jupyterlab-manager",
                "@voila-dashboards/widgets-manager8",
                "anywidget",
            ],
            "show_tracebacks": True,  # the reader runs the code, and may have written some
        },
        "MappingKernelManager": {"cull_idle_timeout": _CULL_SECONDS, "cull_interval": 15},
    }
    place = folder / "settings"  # not where the server runs: voila.py would hide Voila
    place.mkdir()
    (place / "voila.json").write_text(json.dumps(settings), "utf-8")
    (place / "voila.py").write_text(_PYTHON_SETTINGS, "utf-8")
    kernel = folder / "data" / "kernels" / KERNEL
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(kernel_spec()), "utf-8")
    shutil.copytree(_TEMPLATE, folder / "data" / "voila" / "templates" / KERNEL)


def _start(folder: Path, notebook: Path, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "voila", str(notebook)]
    command += [f"--Voila.config_file_paths={folder / 'settings'}"]
    with log.open("wb") as stream:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            # A Ctrl-C in the terminal is for this program, which then ends the server in order.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )


def _await_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until this very process listens on the port, not just any."""
    server = psutil.Process(process.pid)
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        for each in server.net_connections("tcp"):
            if each.status == psutil.CONN_LISTEN and each.laddr.port == port:
                return
        time.sleep(0.05)
    raise ChildProcessError(f"The server did not start. {_last_words(log)}")


def _last_words(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").strip().splitlines()[-15:]
    return "\n".join(["What it wrote last:", *lines]) if lines else "It wrote nothing."


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, which ends its kernels; what is left then is killed."""
    if process.poll() is None:
        server = psutil.Process(process.pid)
        family = [server, *server.children(recursive=True)]
        process.terminate()
        try:
            psutil.wait_procs(family, timeout=END_SECONDS)
        finally:  # also when the user's patience ends first
            for each in family:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            psutil.wait_procs(family, timeout=END_SECONDS)
    process.wait()
