"""Whom the page of ``hwkit explore`` lets in: its user, and nobody else."""

from __future__ import annotations

import http.client
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping

import psutil
import pytest
import websocket

from hwkit.commands import serving
from hwkit.commands.serving import Page, served

CELL = "import sys\nprint('served', 6 * 7, sys.executable)"
KERNEL_ID = re.compile(r'"kernelId": "([0-9a-f-]{36})"')


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
