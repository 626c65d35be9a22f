"""Report, feedback pages and terminal tables: numbers worked out by hand, and nothing that acts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import nbformat
import pytest
import typer
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from report_data import (
    MANUAL,
    NAMES,
    PAYLOADS,
    QUESTIONS,
    SOURCE,
    a_class,
    make_course,
    picture,
    result,
    verdict,
)
from rich.console import Console
from typer.testing import CliRunner

from autograder.commands import export as export_command
from autograder.commands import report as report_command
from autograder.course import Student
from autograder.gradebook_marks import Marks, PartMark
from autograder.reports.pages import (
    Shown,
    feedback_page,
    histogram,
    pictures_of,
    report_page,
    write_report,
)
from autograder.reports.parts import parts, read_source
from autograder.reports.summary import ClassSummary, Entry, page_of, summarize
from autograder.reports.terminal import late, progress_table, question_table
from autograder.results import AspectResult, CellResult, QuestionResult, SubmissionResult

PARTS = parts(read_source(SOURCE))


def marks(manual: dict[str, float | None], **comments: str) -> Marks:
    """Marks of a gradebook: all points by code, these by hand; None waits."""
    found = {
        part.cell: PartMark(part.cell, part.max_points, None, 0.0, False)
        for part in PARTS
        if not part.manual
    }
    for part in PARTS:
        if part.manual:
            given = manual.get(part.cell)
            found[part.cell] = PartMark(part.cell, None, given, 0.0, given is None)
    return Marks(found, dict(comments))


def summary(entries: list[Entry], **more) -> ClassSummary:
    return ClassSummary("influence", "Influence", PARTS, tuple(entries), **more)


def of_class(count: int = 30) -> ClassSummary:
    """A whole class without marks by hand."""
    entries = []
    for one, name in zip(a_class(count), NAMES, strict=False):
        first, last = name.rsplit(" ", 1)
        entries.append(Entry(Student(one.student, first, last), one))
    return summary(entries, absent=(Student("s99", "Nobody", "Here"),))


def printed(*shown, width: int = 140) -> str:
    console = Console(file=StringIO(), width=width, color_system=None)
    console.print(*shown)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_question_statistics_by_hand():
    mistake = "baseline ignored"
    wrong = [
        {"get_attributions": verdict("get_attributions", 0.5, mistake)},  # 4 + 3 of 10
        {"get_attributions": verdict("get_attributions", 0, mistake)},
        {"get_attributions": verdict("get_attributions", 0, status="missing")},
        {},
    ]
    entries = [Entry(Student(f"s{i}"), result(f"s{i}", each)) for i, each in enumerate(wrong)]
    found = {each.question: each for each in summary(entries).questions()}["get_attributions"]
    counts = {"passed": 1, "partly": 1, "wrong": 1, "missing": 1, "failed": 0, "stopped": 0}
    assert found.counts == counts
    assert found.pass_rate == 0.25
    assert found.mean == (7 + 0 + 0 + 10) / 4
    assert found.mistakes == ((mistake, 2),)


def test_totals_count_manual_scores_and_extra_credit():
    by_hand = dict.fromkeys(MANUAL, 1.0)
    entry = Entry(Student("s1"), result("s1"), marks(by_hand))
    whole = summary([entry])
    assert whole.possible == 100
    assert entry.total(whole.code_parts) == 57
    assert entry.total(whole.manual_parts) == 10
    assert entry.total(whole.parts) == 67
    assert whole.waiting == 0
    without = summary([Entry(Student("s1"), result("s1"))])
    assert without.waiting == 10


def test_a_score_by_hand_overrules_the_code():
    given = marks({})
    given.parts["test-recall"] = PartMark("test-recall", 0.0, 4.0, 0.5, False)
    entry = Entry(Student("s1"), result("s1"), given)
    recall = next(part for part in PARTS if part.cell == "test-recall")
    assert entry.points(recall) == 4.5


def test_what_needs_a_look_and_why():
    broken = {
        "recall": verdict("recall", 0, status="failed"),
        "hunt": verdict("hunt", 0, status="stopped"),
    }
    done, half = dict.fromkeys(MANUAL, 1.0), dict.fromkeys(list(MANUAL)[:-1], 1.0)
    entries = [
        Entry(Student("fine"), result("fine"), marks(done)),
        Entry(Student("broken"), result("broken", broken), marks(done)),
        Entry(Student("half"), result("half"), marks(half)),
        Entry(Student("odd"), result("odd", concerns=("Two notebooks.",)), marks(done)),
    ]
    look = [(entry.student.id, why) for entry, why in summary(entries).to_look_at()]
    assert look == [
        ("odd", ("Two notebooks.",)),
        ("broken", ("recall raised an error", "hunt was stopped")),
        ("half", ("1 of 10 manual parts ungraded: IV.4 The recall table",)),
    ]


def test_before_anybody_is_graded_by_hand_nobody_lags():
    assert summary([Entry(Student("s1"), result("s1"), marks({}))]).to_look_at() == ()


def test_histogram_puts_points_into_tenths():
    found = histogram("x", [0, 5.6, 5.7, 28.5, 57, 60, -1], 57)
    assert found.counts == (3, 1, 0, 0, 0, 1, 0, 0, 0, 2)
    assert found.median == 5.7
    with pytest.raises(ValueError, match="more than 0"):
        histogram("x", [], 57)


def test_late_in_words():
    assert [late(each) for each in (0, 20, 3540, 3600, 90_000, 400_000)] == [
        "", "1 min", "59 min", "1 h 0 min", "25 h 0 min", "4 days",
    ]  # fmt: skip


def test_report_names_every_student_question_and_mistake():
    whole = of_class()
    page = report_page(whole)
    for entry in whole.entries:
        assert entry.student.name in page
    for each in whole.questions():
        assert each.question in page
        assert all(name in page for name, _ in each.mistakes)
    assert "Nobody Here" in page
    assert "warning" not in page.split("<body>")[1]


@pytest.mark.parametrize("page", ["report", "feedback"])
def test_without_a_box_the_first_line_says_so(page):
    entry = Entry(Student("s1"), result("s1", box="none"))
    whole = summary([entry, Entry(Student("s2"), result("s2"))])
    html = report_page(whole) if page == "report" else feedback_page(whole, entry)
    text = re.sub(r"<[^>]+>", " ", html.split("<main>")[1])
    assert text.strip().startswith("Graded without a box")


def test_the_terminal_says_it_too_and_shows_signs():
    entries = [Entry(Student("s1"), result("s1", box="none"))]
    text = printed(progress_table([each.result for each in entries], 4))
    assert "1 of 4 graded" in text and "ran without a box" in text and "●" * 11 in text
    assert "precision instead of recall" in printed(question_table(of_class()))


def test_feedback_tells_verdict_hint_manual_score_and_comment():
    wrong = {"recall": verdict("recall", 0, "precision instead of recall")}
    given = marks(
        {"iv-4-discussion": 7.5}, **{"iv-4-discussion": "Cite your numbers.", "recall": "R"}
    )
    given.parts["test-recall"] = PartMark("test-recall", 0.0, None, 0.0, False)
    trouble = CellResult("my-pair", "raised", "NameError: x")
    entry = Entry(Student("s1", "Ada", "L"), result("s1", wrong, cells=(trouble,)), given)
    page = feedback_page(summary([entry]), entry, [Shown("II.1", picture())])
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "59.5 of 100 points" in text  # 52 by code, 7.5 by hand
    assert "It seems: precision instead of recall." in text
    assert "Try it by hand on two numbers." in text
    assert "Cite your numbers." in text and "7.5 / 12" in text
    assert " R " in text  # a comment below the code of the question
    assert "9 written answers not graded yet" in text
    assert "NameError: x" in text
    assert "Rubric" not in page and "lower threshold" not in page
    assert page.count("data:image/png;base64,") == 1


class Acting(HTMLParser):
    """Finds whatever could act in a page, and its styles and policy."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.styles: list[str] = []
        self.policy = ""
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self._style = tag == "style"
        if tag == "meta" and known.get("http-equiv") == "Content-Security-Policy":
            self.policy = known["content"] or ""
        if tag in ("script", "iframe", "object", "embed", "form", "base", "link", "foreignobject"):
            self.found.append(tag)
        for name, value in attrs:
            target = value or ""
            fine = name != "href" or target.startswith("../feedback/")
            fine &= name != "src" or target.startswith("data:image/png;base64,")
            if not fine or name.startswith("on") or name in ("style", "srcdoc", "xlink:href"):
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if self._style:
            self.styles.append(data)


def hostile_entry(bad: str) -> Entry:
    """Everything that a submission, or a roster, could put into a page."""
    question = QuestionResult(
        bad, bad, "test-recall", 0, 5, "failed", bad, bad, bad, (AspectResult(bad, 0, 5),) * 2
    )
    other = tuple(verdict(each[0]) for each in QUESTIONS[:-1])
    made = SubmissionResult(
        "influence", bad, bad, 1, bad, 1.0, 99.0, (*other, question),
        (CellResult(bad, "raised", bad), CellResult(bad, "stopped", bad)), (bad,), bad,
    )  # fmt: skip
    comments = {each.cell: bad for each in PARTS}
    return Entry(Student(bad, bad, bad, bad), made, replace(marks({}), comments=comments))


@pytest.mark.parametrize("bad", [*PAYLOADS, "".join(PAYLOADS) * 3])
def test_nothing_from_a_submission_acts_in_either_page(bad):
    entry = hostile_entry(bad)
    whole = summary([entry], absent=(entry.student,), unreadable=(bad,))
    for page in (report_page(whole), feedback_page(whole, entry, [Shown(bad, picture())])):
        reader = Acting()
        reader.feed(page)
        assert reader.found == []
        assert len(reader.styles) == 1
        digest = base64.b64encode(hashlib.sha256(reader.styles[0].encode()).digest()).decode()
        assert reader.policy.startswith("default-src 'none'; img-src data:;")
        assert f"style-src 'sha256-{digest}'" in reader.policy
        assert "script-src" not in reader.policy and "unsafe" not in reader.policy
    assert "\x1b" not in printed(progress_table([entry.result]), question_table(whole))


def test_terminal_tables_take_no_markup_and_no_control_characters():
    bad = "[red]x[/red]\x1b[2J\x07[link=file:///etc]y"
    text = printed(progress_table([result(bad, concerns=(bad,))]))
    assert "\x1b" not in text and "\x07" not in text
    assert "[red]x[/red]" in text


def test_pictures_of_a_notebook_are_encoded_anew_and_named_after_their_place(tmp_path):
    image = new_output("display_data", data={"image/png": picture(side=1500)})
    cells = [
        new_markdown_cell("## II.1 Absolute (5 points) ● 10 minutes"),
        new_code_cell("1", outputs=[image] * 60),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "x.ipynb")
    found = pictures_of(tmp_path / "x.ipynb")
    assert len(found) == 40
    assert found[0].where == "II.1 Absolute"
    assert found[0].data != picture(side=1500)
    assert pictures_of(tmp_path / "none.ipynb") == ()


def test_summary_of_a_course_says_what_it_cannot_read(tmp_path):
    course = make_course(tmp_path)
    with pytest.raises(ValueError, match="hwkit grade influence"):
        summarize(course, "influence")
    for name, text in {
        "s01": json.dumps(result("s01").to_json()),
        "s02": "{",
        "gone": json.dumps(result("gone").to_json()),
    }.items():
        folder = course.graded("influence", name)
        folder.mkdir(parents=True)
        (folder / "result.json").write_text(text)
    found = summarize(course, "influence")
    assert [each.student.id for each in found.entries] == ["s01", "gone"]
    assert [each.id for each in found.absent] == ["s02", "s03"]
    assert "s02/result.json: JSONDecodeError" in found.unreadable[0]
    assert found.title == "Influence-directed explanations"
    assert write_report(course, found).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_commands_write_what_they_say(tmp_path):
    """``hwkit report`` and ``hwkit export`` on a course of one submission, run without a box."""
    course = make_course(tmp_path, 2)
    folder = course.graded("influence", "s01")
    folder.mkdir(parents=True)
    (folder / "result.json").write_text(json.dumps(result("s01", box="none").to_json()))
    app = typer.Typer()
    report_command.register(app)
    export_command.register(app)
    told = CliRunner().invoke(app, ["report", "influence", "--course", str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert told.output.startswith("Graded without a box: 1 of 1")
    assert course.report("influence").is_file()
    assert page_of(course, "influence", "s01").is_file()
    out = tmp_path / "marks.csv"
    asked = ["export", "influence", "--format", "canvas", "--course", str(tmp_path)]
    told = CliRunner().invoke(app, [*asked, "--out", str(out)])
    assert "left out: s01: 10 written answers are not graded yet" in told.output
    assert "left out: s02: no graded submission" in told.output
    told = CliRunner().invoke(app, [*asked, "--out", str(out), "--partial"])
    assert told.exit_code == 0 and out.read_text(encoding="utf-8-sig").count("\n") == 3


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: apt-get install chromium)")
def test_a_browser_runs_nothing_and_applies_the_pages_style(tmp_path: Path):
    entry = hostile_entry("".join(PAYLOADS))
    page = tmp_path / "page.html"
    page.write_text(feedback_page(summary([entry]), entry, [Shown("x", picture())]))
    shot = tmp_path / "shot.png"
    flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    command = [CHROMIUM, *flags.split(), f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run(
        [*command, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=60
    )
    assert "<title>Feedback: Influence</title>" in done.stdout  # every payload would change it
    size = ["--window-size=1000,900", f"--screenshot={shot}"]
    subprocess.run([*command, *size, page.as_uri()], capture_output=True, timeout=60, check=True)
    from PIL import Image

    colours = {colour for _, colour in Image.open(shot).convert("RGB").getcolors(200_000)}
    assert (223, 228, 233) in colours  # the line below the head: only the page's style draws it
