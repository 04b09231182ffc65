"""A conversation as a web page in one file: its looks are inside, formulas are MathML, and nothing is ever fetched.

A browser is told so by the file itself: no script, no picture, no font from anywhere. Light or dark, as the reader is.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.core.exporting import ALL_PARTS, Export
from desktop.core.message import Message, Role
from desktop.core.resources import QT_TRANSLATE_NOOP
from desktop.rendering.formula.mathml import mathml, mathml_text
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.written.html import HtmlLook, as_source, html, xml_text

NAME = QT_TRANSLATE_NOOP("export", "Web page")
ENDING = ".html"
PARTS = ALL_PARTS
HAS_VERSIONS = False

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLES = """
:root { color-scheme: light dark;
  --ink: #1f1e1b; --muted: #66635c; --line: #d8d4cb; --ground: #f3f1ec; --paper: #fcfbf9; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ecebe7; --muted: #a5a29a; --line: #45433e; --ground: #2a2926; --paper: #1b1a18; } }
body { margin: 0 auto; padding: 2.5rem 1.25rem; max-width: 44rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.55 system-ui, "Segoe UI", "Noto Sans", "Microsoft YaHei", sans-serif; overflow-wrap: break-word; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.6em 0 .5em; }
header { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .8rem; }
footer { margin-top: 1rem; }
header, footer { color: var(--muted); font-size: .85rem; }
header b { color: var(--ink); font-size: 1rem; }
.said { white-space: pre-wrap; background: var(--ground); border-radius: .6rem; padding: .6rem .9rem; }
details { color: var(--muted); margin: .8rem 0; white-space: pre-wrap; }
pre, code { font-family: ui-monospace, Consolas, "DejaVu Sans Mono", monospace; background: var(--ground); }
pre { padding: .7rem .9rem; border-radius: .5rem; overflow-x: auto; font-size: .88em; }
code { padding: .05em .25em; border-radius: .25em; font-size: .92em; }
blockquote { margin: 1em 0; padding-left: .9em; border-left: 3px solid var(--line); color: var(--muted); }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: .35em .8em; text-align: left; vertical-align: top; }
hr { border: none; border-top: 1px solid var(--line); margin: 1.6em 0; }
@media print { body { padding: 0; max-width: none; } pre { white-space: pre-wrap; } header { break-after: avoid; } }
"""


def write(export: Export) -> bytes:
    """Return the messages under the conversation's title, as a page for any browser."""
    title = xml_text(export.title)
    is_one = len(export.messages) == 1
    pieces = [] if is_one else [f"<h1>{title}</h1>\n"]
    for message in export.each():
        pieces.extend(_pieces(export, message, is_one))
    head = (
        f'<!DOCTYPE html>\n<html lang="{xml_text(export.words.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'<meta name="author" content="{xml_text(export.author())}">\n<style>{_STYLES}</style>\n</head>\n<body>\n'
    )
    return f"{head}{''.join(pieces)}</body>\n</html>\n".encode()


def _pieces(export: Export, message: Message, is_one: bool) -> Iterator[str]:
    speaker, *circumstances = map(xml_text, export.heading(message))
    files = export.files(message)
    lines = [" · ".join([f"<b>{speaker}</b>", *circumstances])]
    lines += [xml_text(export.words.files(files))] if files else []
    yield f"<header>{'<br>'.join(lines)}</header>\n"
    if export.with_thinking and message.reasoning.strip():
        thinking = xml_text(message.reasoning.strip())
        yield f"<details><summary>{xml_text(export.words.thinking)}</summary>{thinking}</details>\n"
    if message.role is Role.USER:
        if text := message.text.strip("\r\n"):
            yield f'<div class="said">{xml_text(text)}</div>\n'
    else:
        look = HtmlLook(write_formula=_formula, top_heading=1 if is_one else 2)
        yield html(parse(message.text), look)
    if sources := export.sources_of(message):
        yield f"<footer>{xml_text(sources)}</footer>\n"


def _formula(latex: str, display: bool) -> str:
    elements = mathml(latex, display)
    return mathml_text(elements) if elements is not None else as_source(latex, display)
