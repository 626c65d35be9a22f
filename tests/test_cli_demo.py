"""``hwkit demo``: a notebook is executed and becomes one page that needs nothing else."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from hwkit import cli
from hwkit.commands import demo, page
from hwkit.commands.running import NotebookFailed, Step, cell_headings, run_notebook
from hwkit.paths import data_path


class Reader(HTMLParser):
    """What a browser would fetch for a page, and what the page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: dict[str, int] = {}
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        for name, value in attrs:
            loads = name in ("src", "srcset", "poster", "data") or (
                tag == "link" and name == "href"
            )
            if loads and not (value or "").startswith("data:"):
                self.fetched.append(f"{tag} {value}")

    def handle_data(self, data):
        self.text += data


def small_notebook() -> nbformat.NotebookNode:
    return new_notebook(
        cells=[
            new_markdown_cell(
                "# Small\n\nWhere $z_i$ is a neuron,\n\n"
                "$$\\frac{1}{m}\\sum_{i=1}^m \\frac{\\partial f}{\\partial z}$$\n\n"
                "<details><summary>Hint: $x^2$</summary>costs \\$5</details>\n\n"
                "```python\n# no heading\n```\n"
            ),
            new_code_cell(
                "import sys\nWORLD, PHOTOS = 'pocket', None  # the switch\n"
                "print('runs in', sys.executable)"
            ),
            new_markdown_cell("## Pictures"),
            new_code_cell(
                "### BEGIN SOLUTION influence\n"
                "from matplotlib import pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()\n"
                "### END SOLUTION",
                metadata={"nbgrader": {"solution": True, "grade_id": "draw"}},
            ),
            new_code_cell(
                "from tqdm.auto import tqdm\nimport ipywidgets\n"
                "for _ in tqdm(range(3), desc='waiting for it'): pass\n"
                "print('a note', file=sys.stderr)\nipywidgets.IntSlider(description='a slider')"
            ),
        ],
        metadata={"kernelspec": {"name": "of-another-machine", "display_name": "x"}},
    )


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> tuple[nbformat.NotebookNode, list[Step]]:
    notebook, steps = small_notebook(), []
    run_notebook(notebook, tmp_path_factory.mktemp("run"), on_step=steps.append)
    return notebook, steps


def test_cells_run_in_this_python_whatever_kernel_the_notebook_names(executed):
    assert executed[0].cells[1].outputs[0].text == f"runs in {sys.executable}\n"


def test_steps_are_told_with_their_headings(executed):
    assert executed[1] == [Step(1, 3, "Small"), Step(2, 3, "Pictures"), Step(3, 3, "Pictures")]


def test_page_fetches_nothing(executed, tmp_path: Path):
    html = page.page_html(executed[0], pictures=tmp_path)
    reader = Reader(html)
    assert reader.fetched == []
    assert "url(http" not in html
    assert "@import" not in html
    assert "import(" not in html
    assert "default-src 'none'" in html


def test_page_holds_pictures_formulas_and_contents(executed, tmp_path: Path):
    reader = Reader(page.page_html(executed[0], pictures=tmp_path))
    assert reader.tags["math"] == 3
    assert reader.tags["mfrac"] == 2  # 1/m and df/dz
    assert reader.tags["img"] == 1
    assert "$" not in reader.text.replace("\\$5", "")
    assert reader.text.count("Pictures") == 2  # in the text and in the contents


def test_page_leaves_out_what_does_not_move_and_what_only_authors_need(executed, tmp_path: Path):
    text = Reader(page.page_html(executed[0], pictures=tmp_path)).text
    assert "a note" in text
    assert "plt.plot" in text
    outputs = text.split("a note")[0].split("IntSlider")[-1]
    assert "waiting for it" not in outputs.split("pass", 1)[-1]
    assert "IntSlider(value" not in text
    assert "SOLUTION" not in text


def test_page_does_not_change_the_notebook(executed, tmp_path: Path):
    before = nbformat.writes(executed[0])
    page.page_html(executed[0], pictures=tmp_path)
    assert nbformat.writes(executed[0]) == before


def test_a_formula_that_cannot_be_set_is_shown_as_it_is(monkeypatch, tmp_path: Path):
    def broken(*_: object, **__: object) -> str:
        raise IndexError("no such command")

    monkeypatch.setattr(page, "latex_to_mathml", broken)
    notebook = new_notebook(cells=[new_markdown_cell("see $\\strange$")])
    with pytest.warns(UserWarning, match="strange"):
        html = page.page_html(notebook, pictures=tmp_path)
    assert "<code>\\strange</code>" in html


def test_pictures_beside_the_notebook_are_put_into_the_page(tmp_path: Path):
    from PIL import Image

    Image.new("RGB", (2, 2)).save(tmp_path / "dot.png")
    notebook = new_notebook(cells=[new_markdown_cell("![a dot](dot.png)")])
    reader = Reader(page.page_html(notebook, pictures=tmp_path))
    assert (reader.tags["img"], reader.fetched) == (1, [])


def test_what_details_fold_away_stays_inside_them(tmp_path: Path):
    text = "<details><summary>Hint</summary>\n\nUse the *sum*.\n\n</details>\n\nAfter it."
    html = page.page_html(new_notebook(cells=[new_markdown_cell(text)]), pictures=tmp_path)
    inside, after = html.split("<details><summary>Hint</summary>")[1].split("</details>", 1)
    assert "Use the <em>sum</em>." in inside
    assert "After it." in after


def test_markers_of_solutions_are_no_headings():
    answer = "### BEGIN SOLUTION influence\nYes.\n### END SOLUTION"
    cells = [new_markdown_cell("## Why? ##"), new_markdown_cell(answer)]
    assert cell_headings(new_notebook(cells=cells)) == ["Why?", "Why?"]


def test_headings_in_code_blocks_are_comments():
    cells = [new_markdown_cell("# One\n```\n# two\n```"), new_code_cell("1")]
    assert cell_headings(new_notebook(cells=cells)) == ["One", "One"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('the reason')", "RuntimeError: the reason"),
        ("import os; os._exit(1)", "its kernel ended"),
        ("import time; time.sleep(300)", "it took more than 6 seconds"),
    ],
)
def test_failing_cell_is_named_and_what_ran_is_kept(tmp_path: Path, source: str, reason: str):
    cell = new_code_cell(source, metadata={"nbgrader": {"grade_id": "culprit"}})
    cells = [new_markdown_cell("# Top"), new_code_cell("print('ran')"), cell, new_code_cell("1")]
    notebook = new_notebook(cells=cells)
    with pytest.raises(NotebookFailed) as failed:
        run_notebook(notebook, tmp_path, cell_timeout=6 if "sleep" in source else 120)
    assert reason in failed.value.reason
    assert failed.value.cell.startswith('cell 3 of 4 (culprit) under "Top"')
    assert notebook.cells[1].outputs[0].text == "ran\n"
    assert notebook.cells[3].outputs == []


@pytest.fixture
def listening() -> Iterator[None]:
    """Ctrl-C is heard, also where these tests run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_stops_the_kernel_and_keeps_what_ran(tmp_path: Path, listening):
    sources = ("import os; print(os.getpid())", "import time; time.sleep(300)")
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])

    def press(step: Step) -> None:
        if step.number == 2:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run_notebook(notebook, tmp_path, on_step=press)
    assert not psutil.pid_exists(int(notebook.cells[0].outputs[0].text))


class TestCommand:
    def run(self, monkeypatch, *arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hwkit", "demo", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return int(stopped.value.code or 0)

    def test_writes_the_page_and_says_where(self, monkeypatch, capsys, tmp_path: Path):
        nbformat.write(small_notebook(), tmp_path / "small.ipynb")
        out = tmp_path / "new folder"
        options = ["--notebook", tmp_path / "small.ipynb", "--out", out]
        assert self.run(monkeypatch, *options) == 0
        told = capsys.readouterr()
        assert (out / "small.html").as_uri() in told.out
        assert "hwkit lab" in told.out
        assert "cell 2 of 3: Pictures" in told.err
        assert Reader((out / "small.html").read_text(encoding="utf-8")).tags["img"] == 1
        assert nbformat.read(out / "small.ipynb", 4).cells[1].outputs

    def test_failure_keeps_the_partly_executed_notebook(self, monkeypatch, capsys, tmp_path: Path):
        cells = [new_code_cell("print('ran')"), new_code_cell("1 / 0")]
        nbformat.write(new_notebook(cells=cells), tmp_path / "bad.ipynb")
        options = ["--notebook", tmp_path / "bad.ipynb", "--out", tmp_path]
        assert self.run(monkeypatch, *options) == 1
        message = capsys.readouterr().err
        assert "cell 2 of 2, which begins `1 / 0`: ZeroDivisionError: division by zero" in message
        assert "Traceback" not in message
        kept = nbformat.read(tmp_path / "bad-partly.ipynb", 4)
        assert kept.cells[0].outputs[0].text == "ran\n"
        assert not (tmp_path / "bad.html").exists()

    def test_refuses_what_is_no_notebook(self, monkeypatch, capsys, tmp_path: Path):
        (tmp_path / "x.ipynb").write_text("nothing")
        assert self.run(monkeypatch, "--notebook", tmp_path / "x.ipynb", "--out", tmp_path) == 2
        assert "Expected a Jupyter notebook" in capsys.readouterr().err

    def test_refuses_what_is_not_there(self, monkeypatch, capsys, tmp_path: Path):
        assert self.run(monkeypatch, "--notebook", tmp_path / "x.ipynb") == 2
        assert "x.ipynb" in capsys.readouterr().err


class TestWorld:
    def test_is_set_at_the_notebooks_switch(self, tmp_path: Path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        Path("photos").mkdir()
        notebook = small_notebook()
        demo.choose_world(notebook, "vgg16", Path("photos"), Path("small.ipynb"))
        expected = f"WORLD, PHOTOS = 'vgg16', {str(tmp_path / 'photos')!r}  # the switch"
        assert notebook.cells[1].source.splitlines()[1] == expected

    def test_pocket_needs_no_switch(self):
        notebook = new_notebook(cells=[new_code_cell("1")])
        demo.choose_world(notebook, "pocket", None, Path("small.ipynb"))
        assert notebook.cells[0].source == "1"

    def test_cannot_be_chosen_in_a_notebook_without_a_switch(self, tmp_path: Path):
        notebook = new_notebook(cells=[new_code_cell("1")])
        with pytest.raises(ValueError, match=r"WORLD, PHOTOS = .* in small\.ipynb"):
            demo.choose_world(notebook, "vgg16", tmp_path, Path("small.ipynb"))

    @pytest.mark.parametrize(("world", "photos"), [("vgg16", None), ("pocket", Path())])
    def test_and_photos_go_together(self, world: str, photos: Path | None):
        with pytest.raises(ValueError, match=f"Received: --world {world}"):
            demo.choose_world(small_notebook(), world, photos, Path("small.ipynb"))

    def test_needs_a_folder_that_is_there(self, tmp_path: Path):
        with pytest.raises(FileNotFoundError, match="absent"):
            demo.choose_world(small_notebook(), "vgg16", tmp_path / "absent", Path("x.ipynb"))

    def test_switch_of_the_flagship_is_the_one_that_is_looked_for(self):
        file = data_path("notebooks") / "influence" / "influence.ipynb"
        cells = nbformat.read(file, 4).cells
        assert sum(len(demo._SWITCH.findall(cell.source)) for cell in cells) == 1
