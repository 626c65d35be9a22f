"""An executed notebook as one self-contained HTML page: pictures inside, formulas as MathML.

The page fetches nothing: no script, style, font or picture from elsewhere, so that it can be
opened without a network, mailed, and kept.
"""

from __future__ import annotations

import html
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import pass_context
from latex2mathml.converter import convert as latex_to_mathml
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from hwkit.commands.running import MARKER

_WIDGET = "application/vnd.jupyter.widget-view+json"
_PROGRESS_BAR = re.compile(r"\d+%\|.*\|")
_DOLLARS = re.compile(
    r"(?<![\\$])\$\$(?P<block>.+?)(?<!\\)\$\$|(?<![\\$])\$(?P<inline>[^\s$](?:[^$\n]*[^\s$\\])?)\$",
    re.DOTALL,
)
_CODE_IN_HTML = re.compile(r"<(script|style|pre|code)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """A line of the table of contents."""

    level: int
    anchor: str
    text: str


def write_page(notebook: nbformat.NotebookNode, page: Path, *, pictures: Path) -> None:
    """Write the executed notebook as one HTML page.

    Args:
        notebook: an executed version 4 notebook; it is left as it is.
        page: the file to write.
        pictures: the folder that relative paths of pictures in the notebook's text start from.
    """
    page.write_text(page_html(notebook, pictures=pictures), encoding="utf-8")


def page_html(notebook: nbformat.NotebookNode, *, pictures: Path) -> str:
    """The page as a string, see :func:`write_page`."""
    notebook = nbformat.from_dict(notebook)  # a deep copy
    for cell in notebook.cells:
        cell.source = MARKER.sub("", cell.source)
        if cell.cell_type == "code":
            cell.outputs = [kept for each in cell.outputs if (kept := _still(each)) is not None]
    exporter = _PageExporter()
    resources = {
        "metadata": {"path": str(pictures)},
        "highlight_css": HtmlFormatter(style="default").get_style_defs(".highlight"),
    }
    body, _ = exporter.from_notebook_node(notebook, resources=resources)
    title = exporter.headings[0].text if exporter.headings else "Notebook"
    contents = "\n".join(
        f'<a class="level{h.level}" href="#{html.escape(h.anchor)}">{h.text}</a>'
        for h in exporter.headings
        if h.level <= 3
    )
    return body.replace("%%TITLE%%", re.sub("<[^>]+>", "", title), 1).replace(
        "%%CONTENTS%%", contents, 1
    )


def _still(output: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """An output as it can stand on a page that does not move, or None to leave it out."""
    if output.output_type == "stream":
        # A terminal shows what follows the last carriage return; a finished progress bar says
        # nothing to a reader.
        lines = [line.split("\r")[-1] for line in output.text.rstrip("\n").split("\n")]
        lines = [line for line in lines if not _PROGRESS_BAR.search(line)]
        output.text = "\n".join(lines) + "\n"
        return output if output.text.strip() else None
    data = output.get("data", {})
    if _WIDGET in data:
        data.pop(_WIDGET)
        # What a widget says of itself in plain text is its Python repr.
        data.pop("text/plain", None)
        return output if data else None
    return output


class _PageExporter(HTMLExporter):
    """nbconvert's HTML exporter with our template, and with formulas as MathML."""

    def __init__(self) -> None:
        config = Config()
        config.HTMLExporter.extra_template_basedirs = [str(Path(__file__).parent)]
        config.HTMLExporter.template_name = "page_template"
        config.HTMLExporter.embed_images = True
        super().__init__(config=config)
        self.headings: list[Heading] = []

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Render Markdown; nbconvert calls this as a template filter."""
        cell = context.get("cell", {})
        renderer = _Renderer(
            self.headings,
            escape=False,
            attachments=cell.get("attachments", {}),
            embed_images=True,
            path=context.get("resources", {}).get("metadata", {}).get("path", ""),
        )
        return MarkdownWithMath(renderer=renderer).render(source)

    def default_filters(self) -> Any:
        """The filters of the templates, with our own among them."""
        yield from super().default_filters()
        yield ("markdown2html", self.markdown2html)
        yield ("latex2mathml", math_in_html)


class _Renderer(IPythonRenderer):
    """Markdown to HTML with formulas as MathML; collects the headings."""

    def __init__(self, headings: list[Heading], **options: Any) -> None:
        super().__init__(**options)
        self._headings = headings

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        anchor = f"section-{len(self._headings) + 1}"
        self._headings.append(Heading(level, anchor, text))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def block_math(self, body: str) -> str:
        return _mathml(body, "block")

    def inline_math(self, body: str) -> str:
        return _mathml(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        return _mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")

    # To embed pictures nbconvert parses each piece of HTML by itself and closes what is open in it,
    # so that <details> would end before the text that it folds away. Pieces without a picture are
    # handed on as they are.
    def block_html(self, html: str) -> str:
        html = math_in_html(html)
        return super().block_html(html) if "<img" in html.lower() else html

    def inline_html(self, html: str) -> str:
        html = math_in_html(html)
        return super().inline_html(html) if "<img" in html.lower() else html


def math_in_html(source: str) -> str:
    """HTML with what stands between dollars as MathML; HTML that holds code is left as it is."""
    if _CODE_IN_HTML.search(source):
        return source
    return _DOLLARS.sub(
        lambda found: (
            _mathml(html.unescape(found["block"]), "block")
            if found["block"] is not None
            else _mathml(html.unescape(found["inline"]), "inline")
        ),
        source,
    )


def _mathml(formula: str, display: str) -> str:
    try:
        return str(latex_to_mathml(formula.strip(), display=display))
    except Exception as error:  # its many parsers' errors share no base class
        warnings.warn(f"The page shows the formula {formula!r} as it is: {error!r}", stacklevel=2)
        return f"<code>{html.escape(formula)}</code>"
