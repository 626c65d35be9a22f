"""The notebook for graders: nothing in it acts, nothing that matters is lost."""

from __future__ import annotations

import base64
import io
import json
import random
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from PIL import Image
from report_data import MANUAL, PAYLOADS, QUESTIONS, SOURCE, picture, result, submission, write

from autograder.executed import RUBRIC_TAG, executed_notebook, released
from autograder.reports.parts import parts, read_source
from autograder.reports.pictures import reencoded, reencoded_base64
from autograder.reports.plain import clean, defused, table_text


@pytest.fixture(scope="module")
def source() -> nbformat.NotebookNode:
    return read_source(SOURCE)


def made(tmp_path: Path, source: Any, notebook: Any, **options: Any) -> nbformat.NotebookNode:
    file = write(notebook, tmp_path / "submitted.ipynb")
    shown = executed_notebook(file, source, result("s01"), **options)
    nbformat.validate(shown)
    return shown


def named(notebook: Any) -> dict[str, Any]:
    """Cells by grade_id; fails where one occurs twice."""
    found: dict[str, Any] = {}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name:
            assert name not in found
            found[name] = cell
    return found


def at(notebook: dict[str, Any], name: str) -> int:
    for place, cell in enumerate(notebook["cells"]):
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
            return place
    raise KeyError(name)


def test_parts_of_the_source_add_up_to_what_the_notebook_says(source):
    found = parts(source)
    assert {each.cell: each.max_points for each in found if each.manual} == MANUAL
    assert sum(each.max_points for each in found if not each.manual) == 57
    assert [each.cell for each in found if each.extra] == ["iii-3-own-pair-discussed"]
    titles = {each.cell: each.title for each in found}
    assert titles["iii-2c-a-claim-that-can-fail"] == "III.2 c) A claim that can fail"
    assert titles["iv-4-discussion"] == "IV.4 The recall table"
    assert all("Rubric" in each.model for each in found if each.manual)


def test_an_honest_submission_is_shown_with_verdicts_and_rubrics(tmp_path, source):
    shown = made(tmp_path, source, submission({"path-point": "def path_point(b, z, t): ..."}))
    cells = named(shown)
    assert cells["path-point"].source == "def path_point(b, z, t): ..."
    assert cells["test-path-point"].source == 'check("path_point", path_point)'
    assert cells["test-path-point"].outputs[0].text.startswith("passed: 2 of 2 points")
    assert "My answer to iv-4-discussion" in cells["iv-4-discussion"].source
    order = [c.metadata.get("nbgrader", {}).get("grade_id", "") for c in shown.cells]
    rubric = shown.cells[order.index("iv-4-discussion") + 1]
    assert rubric.metadata.tags == [RUBRIC_TAG]
    assert "A lower threshold" in rubric.source or "lower threshold" in rubric.source
    pictures = [o for c in shown.cells if c.cell_type == "code" for o in c.outputs if "data" in o]
    assert pictures and all(list(o.data) == ["image/png"] for o in pictures)


def test_without_rubrics_no_word_of_a_model_answer_is_there(tmp_path, source):
    shown = made(tmp_path, source, submission(), rubrics=False)
    text = "\n".join(each.source for each in shown.cells)
    assert "Rubric" not in text and "BEGIN SOLUTION" not in text


def test_edited_deleted_copied_reordered_and_relabelled_cells(tmp_path, source):
    notebook = submission()
    cells = notebook["cells"]
    cells[at(notebook, "test-recall")]["source"] = "assert True"
    cells[at(notebook, "test-hunt")]["metadata"]["nbgrader"].update(points=1000, locked=False)
    cells[at(notebook, "test-hunt")]["cell_type"] = "markdown"
    del cells[at(notebook, "test-compress")]
    copy = json.loads(json.dumps(cells[at(notebook, "iv-4-discussion")]))
    copy["source"] = "The copy, which comes first."
    cells.insert(3, copy)
    cells.insert(0, cells.pop(at(notebook, "i-1b-neuron-and-class")))
    added = {"grade_id": "bonus", "grade": True, "points": 50, "solution": False, "locked": True}
    cells.append(
        {"cell_type": "code", "metadata": {"nbgrader": added}, "source": "1", "outputs": []}
    )
    shown = made(tmp_path, source, notebook)
    found, given = named(shown), named(released(source))
    assert set(found) == set(given)
    for name, cell in given.items():
        assert found[name].metadata.nbgrader == cell.metadata.nbgrader
        assert found[name].cell_type == cell.cell_type
        if not cell.metadata.nbgrader.solution:
            assert found[name].source == cell.source
    assert "My answer to iv-4-discussion" in found["iv-4-discussion"].source  # the last counts
    assert any("A copy of `iv-4-discussion`" in each.source for each in shown.cells)
    assert any("`test-compress` was missing" in each.source for each in shown.cells)


def test_cells_without_metadata_are_known_by_their_id(tmp_path, source):
    notebook = submission()
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    shown = made(tmp_path, source, notebook)
    assert "My answer to iv-4-discussion" in named(shown)["iv-4-discussion"].source


BROKEN = {
    "empty": b"",
    "no json": b"\xff\xfe{",
    "a list": b"[]",
    "no cells": b'{"cells": {}}',
    "deep": b'{"cells":' + b"[" * 100_000,
    "strange cells": json.dumps(
        {
            "cells": [
                None,
                7,
                {},
                {"cell_type": 5, "source": {"a": 1}, "metadata": [], "outputs": 3},
                {"cell_type": "code", "source": ["a", 7], "metadata": {"nbgrader": "x"}},
                {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": ["recall"]}}},
                {"cell_type": "code", "outputs": [1, {}, {"output_type": "display_data"}]},
                {"cell_type": "code", "outputs": [{"output_type": "stream", "text": [1]}]},
                {"cell_type": "markdown", "source": "\ud800 lone", "attachments": {"a": 1}},
                {"cell_type": "markdown", "attachments": {"a": {"image/png": "%%%"}}},
            ]
        }
    ).encode(),
    "numbers": b'{"cells": [], "nbformat": 1' + b"0" * 10_000 + b"}",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_notebook_still_has_all_graded_cells(tmp_path, source, name):
    file = tmp_path / "submitted.ipynb"
    file.write_bytes(BROKEN[name])
    shown = executed_notebook(file, source, result("s01"))
    nbformat.validate(shown)
    nbformat.writes(shown).encode("utf-8")
    assert set(named(shown)) == set(named(released(source)))


def _mutated(value: Any, rng: random.Random) -> Any:
    """A notebook with a few of its values, at any depth, replaced, dropped, copied or shuffled."""
    junk = [None, 0, 1e308, "", [], {}, ["a", 1], True, "\ud800", 10**400, "iv-4-discussion"]
    if rng.random() < 0.02:
        return rng.choice(junk)
    if isinstance(value, dict):
        return {key: _mutated(each, rng) for key, each in value.items() if rng.random() > 0.01}
    if isinstance(value, list):
        kept = [_mutated(each, rng) for each in value if rng.random() > 0.01]
        if kept and rng.random() < 0.02:
            kept.insert(rng.randrange(len(kept)), rng.choice(kept))
        return kept
    return value


def test_mutated_notebooks_always_have_every_graded_cell_once(tmp_path, source):
    rng = random.Random(11)
    file = tmp_path / "submitted.ipynb"
    graded, honest = set(named(released(source))), submission()
    for turn in range(40):
        data = bytearray(json.dumps(_mutated(honest, rng)).encode())
        for _ in range(rng.randrange(8) if turn % 4 == 0 else 0):
            data[rng.randrange(len(data))] = rng.randrange(256)
        file.write_bytes(data)
        shown = executed_notebook(file, source, result("s01"))
        nbformat.validate(shown)
        nbformat.writes(shown).encode("utf-8")
        assert set(named(shown)) == graded


def test_a_missing_or_linked_notebook_is_not_followed(tmp_path, source):
    secret = tmp_path / "secret.ipynb"
    write(submission({"iv-4-discussion": "of somebody else"}), secret)
    link = tmp_path / "submitted.ipynb"
    for _ in range(2):
        shown = executed_notebook(link, source, result("s01"))
        assert "of somebody else" not in nbformat.writes(shown)
        assert "could not be read" in shown.cells[0].source
        if not link.is_symlink():
            link.symlink_to(secret)


def test_thousands_of_cells_and_outputs_are_cut(tmp_path, source):
    notebook = submission()
    text = {"output_type": "stream", "name": "stdout", "text": "x" * 100_000}
    many = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [text] * 100}
    notebook["cells"] += [many] * 3 + [{"cell_type": "markdown", "source": "y"}] * 3000
    shown = made(tmp_path, source, notebook)
    assert len(shown.cells) < 800
    assert len(nbformat.writes(shown)) < 3_000_000
    assert any("more cells are not shown" in each.source for each in shown.cells)


class _Acting(HTMLParser):
    """Collects whatever could act in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "svg", "iframe", "object", "embed", "form", "style", "base", "link"):
            self.found.append(tag)
        for name, value in attrs:
            harmless = name != "href" or (value or "").startswith(("#", "https://"))
            harmless &= name != "src" or (value or "").startswith("data:image/png;base64,")
            if not harmless or name.startswith("on") or name in ("srcdoc", "action", "style"):
                self.found.append(f"{tag} {name}={value}")


def rendered(notebook: Any) -> str:
    """The cells as nbconvert, which formgrader uses, makes them HTML."""
    from nbconvert.filters import markdown2html
    from nbconvert.filters.ansi import ansi2html

    texts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            attachments = cell.get("attachments", {})
            texts.append(_markdown(cell.source, attachments))
        for output in cell.get("outputs", []):
            texts.append(
                ansi2html(output.get("text", output.get("data", {}).get("text/plain", "")))
            )
    assert markdown2html("x")
    return "\n".join(texts)


def _markdown(text: str, attachments: Any) -> str:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(text)


TRICKS = (
    *PAYLOADS,
    "[a]: javascript:alert(1)\n\n[a] and [a][a] and [b](<javascript:alert(1)>)",
    "[x](java\nscript:alert(1)) [x](&#106;avascript:alert(1)) ![](x onerror=alert(1))",
    "<javascript:alert(1)> <https://example.org> <!-- x --> <?x?> <![CDATA[x]]>",
    '```mermaid\ngraph TD; click A href "javascript:alert(1)"\n</pre><script>1</script>\n```',
    "~~~ mermaid\n</pre><script>1</script>\n~~~\n\n> ```mermaid\n> </pre><script>1</script>\n> ```",
    "    <script>indented</script>\n\n| a | <script>b |\n|---|---|\n| [c](javascript:d) | e |",
    "$$ <script>1</script> $$ \\begin{a} <img src=x onerror=1> \\end{a} \\\\( <b onclick=1> \\\\)",
    "# heading <script>1</script> [x](javascript:1) {#id onclick=1}",
    "[^1] note\n\n[^1]: <script>1</script> [x](javascript:1)",
)


def test_nothing_of_a_submission_acts_in_a_graders_page(tmp_path, source):
    every = "\n\n".join(TRICKS)
    notebook = submission({"iv-4-discussion": every, **dict(zip(MANUAL, TRICKS, strict=False))})
    data = {"text/html": every, "image/svg+xml": "<svg onload=alert(1)>", "text/latex": every}
    data |= {"application/javascript": "alert(1)", "text/plain": every, "text/markdown": every}
    outputs = [
        {"output_type": "display_data", "data": data, "metadata": {}},
        {"output_type": "stream", "name": "<script>", "text": f"\x1b[31m{every}"},
        {"output_type": "error", "ename": every, "evalue": every, "traceback": [every]},
        {"output_type": "display_data", "data": {"image/png": "PHN2Zz4="}, "metadata": {}},
    ]
    mail = {"x<script>": {"image/svg+xml": "PHN2Zz4=", "image/png": picture()}}
    for kind in ("code", "markdown", "raw", "<script>"):
        cell = {"cell_type": kind, "metadata": {"tags": [every]}, "source": every}
        notebook["cells"].append({**cell, "outputs": outputs, "attachments": mail, "id": every})
    shown = made(tmp_path, source, notebook, rubrics=False)
    student = [c for c in shown.cells if c.source not in {e.source for e in source.cells}]
    shown.cells = student
    reader = _Acting()
    reader.feed(rendered(shown))
    assert reader.found == []
    assert 'mermaid"' not in rendered(shown)
    for cell in shown.cells:
        assert set(cell.metadata) <= {"nbgrader", "hwkit", "tags"} and "tags" not in cell.metadata


def test_defused_markdown_reads_as_it_was_written():
    text = "**Bold**, `a<b`, $a < b$, a table and [1] a list:\n\n* x\n* y"
    assert defused(text).replace("\u200b", "") == text
    assert defused("$x < y$ and 3 <4") == "$x < y$ and 3 <4"  # no tag begins there


def test_cleaned_text_has_no_control_characters():
    told = clean("a\x1b[2J\x1b]0;title\x07b\r\nold\rnew\x00\x08\u202e\ud800", 100)
    assert told == "ab\nnew\ufffd\ufffd\ufffd"
    assert clean("x" * 500, 10) == "x" * 10 + "\n... (cut after 10 characters)"


def test_tables_of_html_become_text():
    html = "<style>td{}</style><table><caption>Recall</caption><tr><th>class<th>recall</tr>"
    html += "<tr><td>pelican</td><td>0.75</td></tr><script>no</script></table>"
    assert table_text(html) == "Recall\n  class  recall\npelican    0.75"
    assert table_text("<p>no table</p>") == ""
    assert table_text("<tr><td>a &lt; b &amp; c</td><td></td></tr>") == "a < b & c  "
    assert "0" in table_text(f"<tr><td>&#{'9' * 6000};0</td><td>0</td></tr>")


@pytest.mark.parametrize("piece", ["<a ", "<!--", '<a b="', "<?", "<![CDATA[", "&#x", "<tr><td>"])
def test_malformed_html_is_read_in_one_pass(piece):
    """Python's own parser takes minutes for some of these; here steps grow with the length."""
    assert len(table_text(piece * 20_000)) < 100_000


def test_pictures_are_made_of_their_pixels_alone():
    file = io.BytesIO()
    pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("comment", "<script>secret</script>")
    Image.fromarray(pixels).save(file, "PNG", pnginfo=texts)
    fresh = reencoded(file.getvalue() + b"<script>tail</script>")
    assert b"secret" not in fresh and b"tail" not in fresh
    assert (np.asarray(Image.open(io.BytesIO(fresh))) == pixels).all()


def test_pictures_that_are_none_or_too_large_are_refused():
    huge = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(huge, "PNG")
    tall = io.BytesIO()
    Image.new("L", (10, 4000)).save(tall, "PNG")
    for data in (b"", b"<svg onload=alert(1)>", base64.b64decode(picture())[:60], huge.getvalue()):
        with pytest.raises(ValueError, match="Expected"):
            reencoded(data)
    with pytest.raises(ValueError, match="base64"):
        reencoded_base64("a\u0100")
    assert Image.open(io.BytesIO(reencoded(tall.getvalue(), 1000))).size[1] == 1000


def test_making_the_notebook_executes_nothing(tmp_path, source):
    bomb = f"import pathlib; pathlib.Path({str(tmp_path / 'ran')!r}).touch()"
    notebook = submission({each[0].replace("_", "-"): bomb for each in QUESTIONS})
    made(tmp_path, source, notebook)
    assert not (tmp_path / "ran").exists()
    assert "tensorflow" not in sys.modules or "hwkit.networks" not in bomb
