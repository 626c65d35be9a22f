"""``hwkit explore``: what it serves, whom it lets in, and that it leaves nothing behind."""

from __future__ import annotations

import ast
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest
import websocket

from hwkit import cli
from hwkit.commands import explore, serving
from hwkit.commands.serving import Page, served

CELL = "import sys\nprint('served', 6 * 7, sys.executable)"
KERNEL_ID = re.compile(r'"kernelId": "([0-9a-f-]{36})"')


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run the program in this process; its exit status."""
    monkeypatch.setattr(sys, "argv", ["hwkit", "explore", *map(str, arguments)])
    monkeypatch.delenv("HWKIT_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0)


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
            file.touch()
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


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page for a user whose settings would open it to everybody, with another kernel."""
    home = tmp_path_factory.mktemp("home")
    for name in (serving.KERNEL, "python3"):
        (home / "kernels" / name).mkdir(parents=True)
        other = {"argv": ["/bin/false"], "display_name": "Other", "language": "python"}
        (home / "kernels" / name / "kernel.json").write_text(json.dumps(other))
    (home / "voila.json").write_text(json.dumps({"Voila": {"ip": "0.0.0.0", "token": ""}}))
    settings = {"JUPYTER_TOKEN": "known", "JUPYTER_PATH": home, "JUPYTER_CONFIG_DIR": home}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, str(value))
        with served(CELL, "Page of a test") as running:
            yield running


def ask(
    page: Page,
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
) -> tuple[int, http.client.HTTPMessage, str]:
    """Send one request, of which no redirection is followed; status, headers and text."""
    connection = http.client.HTTPConnection(*place(page), timeout=60)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def place(page: Page) -> tuple[str, int]:
    host, port = re.fullmatch(r"http://(.+):(\d+)/\?token=.+", page.address).groups()
    return host, int(port)


def token(page: Page) -> str:
    return page.address.split("token=")[1]


def kernels(page: Page) -> list[psutil.Process]:
    return psutil.Process(page.process.pid).children(recursive=True)


@pytest.fixture(scope="module")
def visit(page: Page) -> tuple[str, str]:
    """A visit with the token: the kernel's id, and the cookie that the visitor got."""
    status, headers, text = ask(page, f"/?token={token(page)}")
    assert status == 200
    cookies = [each.split(";")[0] for each in headers.get_all("Set-Cookie", [])]
    assert f"served 42 {sys.executable}" in text  # this interpreter, not the user's kernel
    assert "<title>Page of a test</title>" in text
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", text) == []  # all is served here
    return KERNEL_ID.search(text)[1], "; ".join(cookies)


class TestAdmission:
    """The page fixture starts no kernel by itself, so the first of these sees none."""

    @pytest.mark.parametrize("query", ["", "?token=wrong", "?token=", "?token=known"])
    def test_without_the_token_there_is_no_page_and_no_kernel(self, page, query):
        before = kernels(page)
        status, headers, text = ask(page, f"/{query}")
        assert (status, text) == (302, "")
        assert headers["Location"].startswith("/login?")
        assert kernels(page) == before

    def test_the_login_page_says_nothing(self, page):
        status, _, text = ask(page, "/login?next=%2F")
        assert status == 200
        assert "served" not in text
        assert token(page) not in text

    def test_with_the_token_there_is_the_page(self, page, visit):
        assert len(kernels(page)) == 1

    @pytest.mark.parametrize("method", ["GET", "DELETE"])
    @pytest.mark.parametrize("query", ["", "?token=wrong"])
    def test_without_the_token_a_kernel_is_not_touched(self, page, visit, method, query):
        status, _, _ = ask(page, f"/api/kernels/{visit[0]}{query}", method)
        assert status == 403
        assert len(kernels(page)) == 1

    def test_without_the_token_a_kernel_is_not_ended(self, page, visit):
        assert ask(page, f"/voila/api/shutdown/{visit[0]}", "POST")[0] == 403
        assert len(kernels(page)) == 1

    @pytest.mark.parametrize(
        "file", ["explorer.ipynb", "settings/voila.json", "open.html", "server.log"]
    )
    def test_no_file_of_the_folder_is_served(self, page, file):
        assert (page.log.parent / file).is_file()
        assert ask(page, f"/voila/files/{file}?token={token(page)}")[0] == 403

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
    def test_the_token_is_the_users_alone(self, page):
        assert page.log.parent.stat().st_mode & 0o077 == 0
        for process in [psutil.Process(page.process.pid), *kernels(page)]:
            assert token(page) not in " ".join(process.cmdline())
        assert token(page) in page.opener.read_text()

    def test_the_page_may_not_be_put_into_another_sites_frame(self, page, visit):
        headers = ask(page, f"/voila/api/shutdown/{visit[0]}", "POST")[1]
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]


class TestWebsocket:
    def status(self, page: Page, kernel: str, query: str = "", **options: object) -> int:
        """The status of an attempt to open a kernel's websocket: 101 where it opens."""
        host, port = place(page)
        url = f"ws://{host}:{port}/api/kernels/{kernel}/channels{query}"
        try:
            websocket.create_connection(url, timeout=60, **options).close()
        except websocket.WebSocketBadStatusException as refused:
            return int(refused.status_code)
        return 101

    @pytest.mark.parametrize("query", ["", "?token=wrong", "?token=known"])
    def test_is_closed_without_the_token(self, page, visit, query):
        assert self.status(page, visit[0], query, suppress_origin=True) == 403

    def test_is_open_with_the_token(self, page, visit):
        query = f"?token={token(page)}"
        assert self.status(page, visit[0], query, suppress_origin=True) == 101

    def test_is_open_to_the_page_itself(self, page, visit):
        host, port = place(page)
        own = f"http://{host}:{port}"
        assert self.status(page, visit[0], cookie=visit[1], origin=own) == 101

    @pytest.mark.parametrize(
        "origin",
        # A cookie goes to all ports of a host, so other programs' pages here would send it too.
        ["http://elsewhere.example", "http://127.0.0.1:1", "http://localhost:{port}", "null"],
    )
    def test_is_closed_to_other_pages_although_the_browser_sends_the_cookie(
        self, page, visit, origin
    ):
        origin = origin.format(port=place(page)[1])
        assert self.status(page, visit[0], cookie=visit[1], origin=origin) == 403


def test_a_page_that_is_left_ends_its_kernel(page, visit):
    """As the browser asks for it: with the cookie, and what it says, in the form."""
    before = kernels(page)
    _, headers, text = ask(page, f"/?token={token(page)}")
    assert len(kernels(page)) == len(before) + 1
    cookies = [each.split(";")[0] for each in headers.get_all("Set-Cookie", [])]
    form = next(each for each in cookies if each.startswith("_xsrf="))
    path = f"/voila/api/shutdown/{KERNEL_ID.search(text)[1]}"
    sent = {"Cookie": "; ".join(cookies), "Content-Type": "application/x-www-form-urlencoded"}
    assert ask(page, path, "POST", sent)[0] == 403  # another page could send as much
    assert ask(page, path, "POST", sent, form)[0] == 204
    assert kernels(page) == before


def test_nothing_listens_to_other_machines(page, visit):
    family = [psutil.Process(page.process.pid), *kernels(page)]
    listening = [
        each.laddr
        for process in family
        for each in process.net_connections("inet")
        if each.status == psutil.CONN_LISTEN
    ]
    assert place(page) in [(each.ip, each.port) for each in listening]
    assert len(listening) > 1, "the kernel's ports were not looked at"
    assert {each.ip for each in listening} == {"127.0.0.1"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_the_program_ends_cleanly(tmp_path, number, status):
    """As users run it: a line with the address, then a signal, and nothing is left."""
    command = [sys.executable, "-m", "hwkit.cli", "explore", "--no-browser"]
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
