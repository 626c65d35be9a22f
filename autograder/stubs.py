"""The package as students get it: answers between markers become stubs that name the question.

A region is marked by a pair of comments, ``### BEGIN SOLUTION influence: recall`` and ``### END
SOLUTION``: the assignment and, where one question asks for it, the name of that question.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hwkit.checks import questions

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_BEGIN = re.compile(
    r"^(?P<indent>[ \t]*)### BEGIN SOLUTION (?P<assignment>\w+)(: (?P<asked>\w+))?$"
)
_WIDTH = 100


@dataclass(frozen=True)
class Region:
    """An answer in a file.

    Attributes:
        first: line of its begin marker, from 1.
        last: line of its end marker.
        indent: what the markers are indented by.
        assignment: whose answer it is.
        question: which question asks for it; "" where several do.
        lines: what stands between the markers.
    """

    first: int
    last: int
    indent: str
    assignment: str
    question: str
    lines: tuple[str, ...]


def regions(source: str, name: str) -> tuple[Region, ...]:
    """The answers between markers.

    Args:
        source: text of a Python file or of a notebook's cell.
        name: of the file, for messages.

    Raises:
        ValueError: a marker without its partner, or one that is not written as markers are.
    """
    found: list[Region] = []
    opened: tuple[int, re.Match[str]] | None = None
    lines = source.splitlines()
    for number, line in enumerate(lines, start=1):
        if BEGIN in line:
            match = _BEGIN.match(line)
            if opened is not None or match is None:
                raise ValueError(
                    f"Expected '{BEGIN} <assignment>' or '{BEGIN} <assignment>: <question>', alone "
                    f"on its line and not inside another region. Received: {name}, line {number}: "
                    f"{line.strip()!r}"
                )
            opened = number, match
        elif END in line:
            if opened is None or line.strip() != END:
                raise ValueError(
                    f"Expected '{END}' alone on its line, after '{BEGIN} ...'. Received: {name}, "
                    f"line {number}: {line.strip()!r}"
                )
            first, match = opened
            inside = tuple(lines[first : number - 1])
            found.append(
                Region(
                    first,
                    number,
                    match["indent"],
                    match["assignment"],
                    match["asked"] or "",
                    inside,
                )
            )
            opened = None
    if opened is not None:
        raise ValueError(
            f"Expected '{END}' after line {opened[0]} of {name}. Received: the end of the file."
        )
    return tuple(found)


def stubbed(source: str, name: str, assignments: Collection[str]) -> str:
    """Python source without the answers of these assignments.

    A region inside a function becomes a ``NotImplementedError`` that says which question to answer;
    what stands before it, docstring and checks, stays. Any other region (whole functions, tables)
    vanishes. Markers of other assignments go, their code stays.

    Args:
        source: of a Python file.
        name: of the file, for messages.
        assignments: whose regions become stubs.

    Raises:
        ValueError: markers that do not pair, or what is left is no Python.
    """
    found = regions(source, name)
    if not found:
        return source
    functions = list(_functions(ast.parse(source, name)))
    lines: list[str | None] = list(source.splitlines())
    for region in found:
        lines[region.first - 1] = lines[region.last - 1] = None
        if region.assignment not in assignments:
            continue
        lines[region.first - 1 : region.last] = [None] * (region.last - region.first + 1)
        if any(first < region.first and region.last - 1 <= last for first, last in functions):
            lines[region.first - 1] = _stub(region)
    text = _tidied("\n".join(line for line in lines if line is not None)) + "\n"
    try:
        compile(text, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise ValueError(
            f"Expected {name} to be valid Python without its answers. Received: {error.msg} (line "
            f"{error.lineno} of what is left). Move the markers of the region."
        ) from error
    return text


def _functions(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """First and last line of every function; a method's class is not one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.end_lineno or node.lineno


def _stub(region: Region) -> str:
    where = f"notebooks/{region.assignment}/{region.assignment}.ipynb"
    asked = questions().get(region.question)
    if asked is None:
        message = f"This is part of what you write in {where}: use your own."
    else:
        message = (
            f"This is the question '{asked.title}' of {where}: write your own answer there, and "
            "use it."
        )
    inner = region.indent + "    "
    pieces = textwrap.wrap(message, _WIDTH - len(inner) - 4, drop_whitespace=False)
    quoted = "\n".join(f"{inner}{_quoted(piece)}" for piece in pieces)
    return f"{region.indent}raise NotImplementedError(\n{quoted}\n{region.indent})"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _tidied(text: str) -> str:
    """No more than two empty lines in a row, and none at the end."""
    return re.sub(r"\n{4,}", "\n\n\n", text).rstrip("\n")
