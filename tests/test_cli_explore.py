"""``hwkit explore``: what it serves, what it refuses, and that it leaves nothing behind."""

from __future__ import annotations

import ast
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import program
import psutil
import pytest
from PIL import Image

from hwkit.commands import explore, serving
from hwkit.commands.serving import Page, served

CELL = "print('served')"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The exit status of ``hwkit explore``."""
    return program.run(monkeypatch, "explore", *arguments)


class TestCell:
    """What the page's one cell says, read back by Python's own parser."""

    def call(self, *arguments: object) -> tuple[list, dict]:
        tree = ast.parse(explore.explorer_cell(*arguments))
        call = tree.body[-1].value
        assert call.func.id == "NeuronExplorer"
        named = {each.arg: ast.literal_eval(each.value) for each in call.keywords}
        return [ast.literal_eval(each) for each in call.args], named

    def test_of_the_pocket_network_needs_nothing_else(self):
        assert self.call("pocket", [], None, None, None) == (["pocket"], {})

    def test_holds_every_option_and_paths_that_hold_elsewhere(self, tmp_path, monkeypatch):
        (tmp_path / "own.keras").touch()
        (tmp_path / "photos").mkdir()
        (tmp_path / "names.txt").write_text("cat\ndog\n")
        monkeypatch.chdir(tmp_path)
        found = self.call("own.keras", [Path("photos")], Path("names.txt"), "unit", "-2")
        expected = {
            "images": str(tmp_path / "photos"),
            "classes": ("cat", "dog"),
            "image_bound": "unit",
            "layer": -2,
        }
        assert found == ([str(tmp_path / "own.keras")], expected)

    def test_takes_several_files(self, tmp_path):
        files = [tmp_path / "b.png", tmp_path / "a.png"]
        for file in files:
            Image.new("RGB", (40, 30)).save(file)
        assert self.call("pocket", files, None, None, "conv4_1") == (
            ["pocket"],
            {"images": [str(file) for file in files], "layer": "conv4_1"},
        )

    @pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names")
    def test_never_takes_a_name_for_code(self, tmp_path):
        folder = tmp_path / "\"'); raise SystemExit #\n\\"
        folder.mkdir()
        names = tmp_path / "names.txt"
        names.write_text('"); import os; ("\nnaïve\n')
        found = self.call("pocket-second", [folder], names, None, "'); x = ('")
        assert found[1] == {
            "images": str(folder),
            "classes": ('"); import os; ("', "naïve"),
            "layer": "'); x = ('",
        }


class TestRefusal:
    """What is wrong is told in one message before anything is started."""

    @pytest.fixture(autouse=True)
    def nothing_starts(self, monkeypatch):
        def start(*arguments: object) -> None:
            raise AssertionError("a server was started")

        monkeypatch.setattr(serving.subprocess, "Popen", start)

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["--network", "pockt"], "Did you mean pocket?"),
            (["--network", "absent.keras", "--image-bound", "unit"], "absent.keras"),
            (["--network", "{own}"], "--image-bound caffe|unit|signed|bytes"),
            (["--network", "{own}", "--image-bound", "sined"], "Did you mean signed?"),
            (["--network", "{own}", "--image-bound", "unit"], "Expected --images"),
            (["--network", "vgg16"], "Expected --images"),
            (["--image-bound", "caffe"], "with the network pocket, which has its own"),
            (["--network", "vgg16", "--classes", "{own}"], "vgg16, which has its own"),
            (["--images", "absent"], "absent, and found none"),
            (["--images", "{own}"], "own.keras: is empty; download or save it again"),
            (
                ["--network", "pocket-second", "--classes", "absent.txt"],
                "absent.txt, and found none",
            ),
            (["--port", "{taken}"], "a port that is free"),
            (["--port", "70000"], "--port"),
        ],
    )
    def test_of(self, monkeypatch, capsys, tmp_path, arguments: list[str], told: str):
        own = tmp_path / "own.keras"
        own.touch()
        with socket.create_server(("127.0.0.1", 0)) as other:
            values = {"own": own, "taken": other.getsockname()[1]}
            given = [each.format(**values) for each in arguments]
            assert run(monkeypatch, *given, "--no-browser") == 2
        message = capsys.readouterr().err
        assert told in message
        assert "Traceback" not in message


def test_a_server_that_does_not_start_says_why(monkeypatch):
    """The port is taken between our look and the server's; it takes no other one instead."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr(serving, "check_port", lambda port: port)
        with (
            pytest.raises(ChildProcessError, match="no available port could be found"),
            served(CELL, "test", port=port),
        ):
            pass


def test_a_server_that_ends_is_told():
    with served(CELL, "test") as page:
        page.process.kill()
        with pytest.raises(ChildProcessError, match=r"(?s)with status -9.*Voil"):
            page.wait()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_the_program_ends_cleanly(tmp_path, number, status):
    """As users run it: a line with the address, then a signal, and nothing is left."""
    # What runs in the background ignores Ctrl-C, and so would the program, as its child.
    hear = "import runpy, signal; signal.signal(2, signal.default_int_handler)"
    run = f"{hear}; runpy.run_module('hwkit.cli', run_name='__main__')"
    command = [sys.executable, "-c", run, "explore", "--no-browser"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as program:
        try:
            said = [program.stdout.readline() for _ in range(3)]
            assert re.fullmatch(r"  http://127\.0\.0\.1:\d+/\?token=\S{32}\n", said[1])
            family = psutil.Process(program.pid).children(recursive=True)
            assert len(family) == 1
            assert os.listdir(tmp_path) != []
            program.send_signal(number)
            rest, errors = program.communicate(timeout=60)
        finally:
            program.kill()
    assert (program.returncode, errors) == (status, "")
    assert rest == ("Stopping.\n" if number == signal.SIGINT else "")
    assert not any(each.is_running() for each in family)
    assert os.listdir(tmp_path) == []


def test_the_browser_is_led_to_the_page(monkeypatch, capsys):
    """Through a file that only the user can read, because a program's arguments are public."""
    opened = []

    def open_browser(address: str) -> bool:
        file = Path(address.removeprefix("file://"))
        opened.append(re.search(r"url=(\S+)\"", file.read_text())[1])
        return True

    def stop(page: Page) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(explore.webbrowser, "open", open_browser)
    monkeypatch.setattr(Page, "wait", stop)
    assert run(monkeypatch) == 0
    assert opened == [capsys.readouterr().out.splitlines()[1].strip()]
