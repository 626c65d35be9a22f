"""``hwkit lab``: which folder JupyterLab opens on, and that nobody's work is overwritten."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from hwkit import cli
from hwkit.commands import lab


class Started:
    """Stands for JupyterLab: records how it was started, and ends with status 3."""

    commands: list[list[str]]

    def __init__(self, command: list[str]) -> None:
        Started.commands.append(command)
        self.interrupted = False

    def wait(self) -> int:
        if not self.interrupted:
            self.interrupted = True
            raise KeyboardInterrupt  # JupyterLab asks its question meanwhile
        return 3


@pytest.fixture
def assignments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "notebooks"
    for name in ("influence", "lrp", ".hidden", "influence/.ipynb_checkpoints"):
        (folder / name).mkdir(parents=True)
        (folder / name / "task.ipynb").write_text(f"the task {name}")
    monkeypatch.setattr(lab, "data_path", lambda name: {"notebooks": folder}[name])
    monkeypatch.setattr(lab.subprocess, "Popen", Started)
    Started.commands = []
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["hwkit", "lab", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0)


def test_opens_on_the_checkouts_assignments_and_hands_options_on(monkeypatch, assignments):
    assert run(monkeypatch, "--no-browser", "--port=9000") == 3
    expected = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={assignments}"]
    (command,) = Started.commands
    assert command[:4] == expected
    assert any("websocket_max_message_size" in option for option in command)  # large photos
    assert command[-2:] == ["--no-browser", "--port=9000"]


def test_installed_package_works_on_a_copy(monkeypatch, assignments, tmp_path):
    monkeypatch.setattr(lab, "checkout_root", lambda: None)
    monkeypatch.chdir(tmp_path)
    run(monkeypatch)
    copy = tmp_path / "hwkit-assignments"
    assert Started.commands[0][3] == f"--ServerApp.root_dir={copy}"
    assert sorted(str(file.relative_to(copy)) for file in copy.rglob("*.ipynb")) == [
        "influence/task.ipynb",
        "lrp/task.ipynb",
    ]


def test_work_that_is_there_is_never_touched(assignments, tmp_path):
    mine = tmp_path / "mine"
    (mine / "influence").mkdir(parents=True)
    (mine / "influence" / "task.ipynb").write_text("my answers")
    assert lab.copy_assignments(assignments, mine) == [mine / "lrp"]
    assert (mine / "influence" / "task.ipynb").read_text() == "my answers"


def test_a_file_is_no_folder_to_work_in(monkeypatch, capsys, assignments, tmp_path):
    (tmp_path / "file").touch()
    assert run(monkeypatch, "--folder", tmp_path / "file") == 2
    assert "which is a file" in capsys.readouterr().err
    assert Started.commands == []


def test_jupyterlab_serves_the_folder(tmp_path):
    """The program as users run it, with a real server on a free port, asked for what it shows."""
    (tmp_path / "my-assignment").mkdir()
    (tmp_path / "my-assignment" / "task.ipynb").write_text("{}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "hwkit.cli", "lab", "--folder", str(tmp_path)]
    command += ["--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1"]
    environment = {**os.environ, "JUPYTER_TOKEN": "secret"}
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(
        command, env=environment, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        url = f"http://127.0.0.1:{port}/api/contents/my-assignment?token=secret"
        listed = _ask(url, server)
        assert [entry["name"] for entry in listed["content"]] == ["task.ipynb"]
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _ask(url: str, server: subprocess.Popen) -> dict:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with opener.open(url, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.URLError:
            time.sleep(0.2)  # it does not listen yet
    raise AssertionError(f"JupyterLab did not answer; it ended with {server.poll()}")
