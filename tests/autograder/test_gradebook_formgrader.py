"""A real formgrader in a real browser: a written answer of a sealed-graded submission is graded."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from report_data import MANUAL, PAYLOADS, make_course, picture, result, submission, write

from autograder.executed import make_executed
from autograder.gradebook import executed_file, record, register, source_file
from autograder.gradebook_database import opened
from autograder.gradebook_marks import read_marks

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CELL = "iv-4-discussion"
ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium (Debian: apt-get install chromium)"),
]


def _until(what: Callable[[], Any], seconds: float = 60) -> Any:
    """What this returns as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.2)
    raise TimeoutError(f"not within {seconds} s")


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory):
    """Two submissions: one honest, one with everything that could act in a grader's page."""
    made = make_course(tmp_path_factory.mktemp("formgrader"))
    register(made, "influence")
    image = {"output_type": "display_data", "data": {"image/png": picture()}, "metadata": {}}
    for student, text in {"s01": "The table supports **(i)** recall $r = 0.8$.", "s02": ""}.items():
        bad = "\n\n".join(PAYLOADS) + "\n\n```mermaid\n</pre><script>document.title='run'</script>"
        notebook = submission({CELL: text or bad})
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code" and not text:
                html = {"text/html": bad, "text/plain": bad, "application/javascript": bad}
                cell["outputs"] = [image, {**image, "data": html}]
        file = write(notebook, made.submitted(student, "influence") / "influence.ipynb")
        verdicts = result(student)
        to = executed_file(made, "influence", student)
        shown = make_executed(file, source_file(made, "influence"), verdicts, to)
        record(made, verdicts, shown)
    return made


@pytest.fixture(scope="module")
def server(course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Jupyter server with formgrader on loopback."""
    tmp_path = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.open_browser": False,
        "ServerApp.root_dir": str(course.root),
        "ServerApp.jpserver_extensions": {"nbgrader.server_extensions.formgrader": True},
        "IdentityProvider.token": "secret",
    }
    config = tmp_path / "server.py"
    lines = [f"c.{name} = {value!r}" for name, value in options.items()]
    config.write_text("\n".join(lines))
    folders = {
        f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "RUNTIME", "DATA")
    }
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, **folders, "PYTHONPATH": paths}
    command = [sys.executable, "-m", "jupyter_server", f"--config={config}"]
    command += ["--allow-root"] if os.geteuid() == 0 else []
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=course.root, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        with _ended(process):
            address = f"http://127.0.0.1:{port}"
            _until(lambda: process.poll() is not None or _answers(f"{address}/api"))
            assert process.poll() is None, (tmp_path / "server.log").read_text()
            yield address


def _answers(address: str) -> bool:
    try:
        return urllib.request.urlopen(address, timeout=2).status == 200
    except OSError:
        return False


class Browser:
    """Chromium over its DevTools protocol: enough to open a page, type and look."""

    def __init__(self, port: int) -> None:
        import websocket

        request = urllib.request.Request(f"http://127.0.0.1:{port}/json/new", method="PUT")
        place = json.load(urllib.request.urlopen(request, timeout=10))["webSocketDebuggerUrl"]
        self._socket = websocket.create_connection(place, timeout=60)
        self._number = 0
        self.dialogs: list[str] = []
        self.ask("Page.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message))
        while True:
            reply = json.loads(self._socket.recv())
            if reply.get("method") == "Page.javascriptDialogOpening":
                self.dialogs.append(reply["params"]["message"])
            if reply.get("id") == self._number:
                assert "error" not in reply, reply
                return reply["result"]

    def tell(self, code: str) -> Any:
        found = self.ask("Runtime.evaluate", expression=code, returnByValue=True)
        return found["result"].get("value")

    def open(self, address: str, ready: str) -> None:
        self.ask("Page.navigate", url=address)
        try:
            _until(lambda: self.tell(ready))
        except TimeoutError as error:
            shown = self.tell("document.readyState + document.body.innerText.slice(0, 500)")
            raise TimeoutError(f"{ready} never came: {shown}") from error

    def type(self, selector: str, text: str) -> None:
        self.tell(f"document.querySelector({selector!r}).scrollIntoView({{block: 'center'}})")
        self.tell(f"document.querySelector({selector!r}).focus()")
        self.ask("Input.insertText", text=text)
        self.tell("document.activeElement.blur()")

    def shot(self, file: Path) -> None:
        data = self.ask("Page.captureScreenshot", format="png")["data"]
        file.write_bytes(base64.b64decode(data))


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    profile = tmp_path / "profile"
    flags = "--headless=new --no-sandbox --disable-gpu --no-first-run --remote-debugging-port=0 "
    flags += "--disable-background-networking --remote-allow-origins=* --window-size=1200,1000"
    # Names of other machines fail at once: the page asks for MathJax from outside.
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
    command = [str(CHROMIUM), *flags.split(), nowhere, f"--user-data-dir={profile}", "about:blank"]
    with _ended(subprocess.Popen(command, stderr=subprocess.DEVNULL)):
        file = profile / "DevToolsActivePort"
        _until(lambda: file.is_file() and file.read_text().strip())
        yield Browser(int(file.read_text().split("\n")[0]))


def _page(course, server: str, student: str) -> str:
    with opened(course.database) as gradebook:
        found = gradebook.find_submission_notebook("influence", "influence", student)
        return f"{server}/formgrader/submissions/{found.id}/"


def _log_in(browser: Browser, server: str) -> None:
    browser.open(f"{server}/login?next=/api", "document.querySelector('#password_input') !== null")
    browser.type("#password_input", "secret")
    browser.tell("document.querySelector('#login_submit').click()")
    _until(lambda: browser.tell("location.pathname") == "/api")


def test_a_written_answer_is_graded_in_formgrader(course, server, browser, tmp_path):
    ready = "window.formgrader && formgrader.grades && formgrader.grades.loaded"
    ready += " && formgrader.comments && formgrader.comments.loaded"
    _log_in(browser, server)
    browser.open(_page(course, server, "s01"), ready)
    assert browser.tell("document.querySelectorAll('input.score').length") == 11 + len(MANUAL)
    assert browser.tell("document.querySelector('#test-recall').placeholder") == "5"
    text = browser.tell("document.body.innerText")
    assert "For graders only: model answer and rubric" in text
    assert "passed: 5 of 5 points" in text
    browser.type(f"#{CELL}", "9.5")
    browser.type(f"#{CELL}-comment", "Which area under the curve?")

    def landed() -> bool:
        marks = read_marks(course.database, "influence")["s01"]
        return marks.parts[CELL].manual == 9.5 and CELL in marks.comments

    browser.shot(tmp_path / "formgrader.png")
    _until(landed)
    marks = read_marks(course.database, "influence")["s01"]
    assert marks.comments == {CELL: "Which area under the curve?"}
    assert marks.points == 57 + 9.5
    assert len(marks.ungraded) == len(MANUAL) - 1
    again = executed_file(course, "influence", "s01")
    record(course, result("s01"), again)  # graded again: nothing of it is lost
    assert read_marks(course.database, "influence")["s01"] == marks
    if place := os.environ.get("HWKIT_SCREENSHOT"):
        shutil.copy(tmp_path / "formgrader.png", place)


def test_a_hostile_submission_runs_nothing_in_formgrader(course, server, browser):
    ready = "window.formgrader && formgrader.grades && formgrader.grades.loaded"
    _log_in(browser, server)
    browser.open(_page(course, server, "s02"), ready)
    time.sleep(1)  # for what would act later
    assert browser.tell("document.title") == "influence"
    assert browser.dialogs == []
    cells = "document.querySelector('#notebook-container')"
    assert browser.tell(f"{cells}.querySelectorAll('script, iframe, svg, form').length") == 0
    links = browser.tell(f"[...{cells}.querySelectorAll('a[href]')].map(a => a.protocol)")
    assert set(links) <= {"http:", "https:"}
