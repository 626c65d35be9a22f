"""Text of a submission, made harmless: printable, bounded, and without markup that acts."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

TEXT_LIMIT = 20_000
HTML_LIMIT = 50_000
ROW_LIMIT = 200
COLUMN_LIMIT = 50
WIDTH_LIMIT = 40  # characters of a cell of a table

# Control sequences of terminals: colours, cursor moves, titles of windows.
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
# Marks that turn the direction of what follows; they can make a text read as another one.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_GAP = "\u200b"  # takes no room, and ends what a browser or a Markdown parser takes for markup
_TOKEN = re.compile(r"<(?P<closing>/?)(?P<tag>[A-Za-z]+)[^<>]*>|(?P<text>[^<]+)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"\](?=[(\[:])")
_FENCE = re.compile(r"^(?P<mark>[ \t>*+\-0-9.)]*(?:`{3,}|~{3,}))(?P<info>[^\n`]*)$", re.MULTILINE)
# Macros of TeX that MathJax turns into links, attributes or code.
_MACRO = re.compile(
    r"\\(?=(?:href|url|class|cssId|style|require|html\w*|data|def|let|newcommand"
    r"|newenvironment|renewcommand|unicode|bbox|mmlToken|includegraphics)\b)"
)


def clean(text: object, limit: int = TEXT_LIMIT) -> str:
    """Printable text of anything: no control characters, no lone surrogates, not too long.

    Args:
        text: anything; what is no string is shown as Python writes it.
        limit: most characters that are kept; what was cut is said at the end.
    """
    shown = text if isinstance(text, str) else repr(text)
    cut = len(shown) > 4 * limit  # before the patterns below go over it
    shown = _ANSI.sub("", shown[: 4 * limit])
    # A progress bar writes its line again and again; the last one stays.
    shown = "\n".join(line.rsplit("\r", 1)[-1] for line in shown.replace("\r\n", "\n").split("\n"))
    shown = _DIRECTION.sub("", shown)
    shown = "".join(each if _printable(each) else "\ufffd" for each in shown)
    if cut or len(shown) > limit:
        return f"{shown[:limit]}\n... (cut after {limit} characters)"
    return shown


def _printable(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")


def one_line(text: object, limit: int = 300) -> str:
    """Cleaned text with every run of white space made one space."""
    return " ".join(clean(text, limit).split())


def defused(markdown: object, limit: int = TEXT_LIMIT) -> str:
    """Markdown that keeps its lists, tables, code and formulas, but can hold no HTML and no link.

    nbconvert hands HTML and ``javascript:`` links in Markdown through to the page; a grader's page
    is logged in to a Jupyter server. A character without width goes into all that could begin a
    tag, a link, a picture, a diagram or an acting macro of TeX, so it is shown as it was written.
    """
    shown = clean(markdown, limit)
    shown = _TAG.sub("<" + _GAP, shown)
    shown = _LINK.sub("]" + _GAP, shown)
    shown = _MACRO.sub("\\\\" + _GAP, shown)
    return _FENCE.sub(_plain_fence, shown)


def _plain_fence(found: re.Match[str]) -> str:
    info = re.sub(r"\W", "", found["info"])[:20]
    return found["mark"] + ("" if "mermaid" in info.lower() else info)


def table_text(html: str) -> str:
    """The tables of a piece of HTML as aligned text; "" where it has none.

    A styled table of pandas has no other text than this: its plain form is its address. Read in one
    pass by a pattern, since Python's own parser takes minutes for some malformed pieces.
    """
    rows: list[list[str]] = []
    captions: list[str] = []
    place = ""
    for found in _TOKEN.finditer(html[:HTML_LIMIT]):
        tag, closing = (found["tag"] or "").lower(), found["closing"]
        if tag == "tr" and not closing:
            rows.append([])
            place = ""
        elif tag in ("td", "th") and not closing and rows and len(rows[-1]) < COLUMN_LIMIT:
            rows[-1].append("")
            place = "cell"
        elif tag in ("caption", "style", "script", "td", "th", "tr", "table"):
            place = "" if closing else tag
        elif found["text"] and place in ("cell", "caption"):
            text = one_line(unescape(found["text"][: 5 * WIDTH_LIMIT]), WIDTH_LIMIT)
            if place == "caption" and text:
                captions.append(text)
            elif place == "cell":
                rows[-1][-1] = f"{rows[-1][-1]} {text}".strip()[:WIDTH_LIMIT]
    return _aligned(captions, [row for row in rows if any(row)][:ROW_LIMIT])


def _aligned(captions: list[str], rows: list[list[str]]) -> str:
    if not rows:
        return ""
    columns = max(len(row) for row in rows)
    rows = [row + [""] * (columns - len(row)) for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(columns)]
    lines = ["  ".join(row[i].rjust(widths[i]) for i in range(columns)) for row in rows]
    return "\n".join([*captions, *lines])
