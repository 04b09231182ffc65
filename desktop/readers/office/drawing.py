"""Text in the drawings of Office files: values of charts, words of diagrams, paragraphs of shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from desktop.core.documents.document import Block, Run
from desktop.readers.office.elements import Part, child, number
from desktop.readers.office.formula import formula_text
from desktop.readers.office.sheets.number_format import shown_as
from desktop.readers.text.blocks import Runs, table_blocks

_MOST_POINTS = 10_000  # of a series of a chart
_MOST_SERIES = 256


def chart_blocks(part: Part, place: str) -> Iterator[Block]:
    """Yield the title of a chart and its values as a table: a column for each series."""
    chart = child(part.root, "c:chart")
    plot = child(chart, "c:plotArea")
    if chart is None or plot is None:
        return
    if title := _title(chart):
        yield Block((Run(title),), place)
    series = list(plot.iter("c:ser"))[:_MOST_SERIES]
    columns = [_values(each, "c:val", "c:yVal", "c:bubbleSize") for each in series]
    names = next((found for each in series if (found := _values(each, "c:cat", "c:xVal"))), {})
    heads = ["", *(_series_name(each) for each in series)]
    rows = [[_cell(heads[0]), *(_cell(head) for head in heads[1:])]] if any(heads) else []
    for index in sorted(set().union(names, *columns)):
        rows.append([_cell(names.get(index, "")), *(_cell(column.get(index, "")) for column in columns)])
    yield from (replace(block, place=place) for block in table_blocks(rows, place))


def diagram_blocks(part: Part, place: str) -> Iterator[Block]:
    """Yield the words of a diagram (SmartArt): a line for each shape."""
    root = part.root
    lines = []
    for point in root.iter("dgm:pt") if root is not None else ():
        text = "\n".join(shape_paragraph(each).text for each in point.iter("a:p")).strip()
        if text and point.get("type", "node") in {"node", "asst"}:
            lines.append(text)
    if lines:
        yield Block(Runs("\n".join(lines)).runs(), place)


def shape_paragraph(paragraph: Element) -> Runs:
    """Return the words of a paragraph in a shape."""
    runs = Runs()
    for each in paragraph:
        match each.tag:
            case "a:r" | "a:fld":
                runs.append(value_text(each))
            case "a:br":
                runs.append("\n")
            case "mc:AlternateContent" | "?:m":
                runs.append("".join(formula_text(found) for found in each.iter("m:oMath")))
    return runs


def value_text(run: Element) -> str:
    """Return the text of a run in a shape."""
    found = child(run, "a:t")
    return "" if found is None else found.text or ""


def _title(chart: Element) -> str:
    title = child(chart, "c:title")
    if title is None:
        return ""
    return " ".join(text for each in title.iter("a:p") if (text := shape_paragraph(each).text.strip()))


def _series_name(series: Element) -> str:
    name = child(series, "c:tx")
    return "" if name is None else " ".join(each.text or "" for each in name.iter("c:v"))


def _values(series: Element, *tags: str) -> dict[int, str]:
    """Return the values of a series by their index, from the first of the tags that it has."""
    source = next((each for tag in tags if (each := child(series, tag)) is not None), None)
    found: dict[int, str] = {}
    if source is None:
        return found
    # Names on several levels: the outer ones stand in front of the inner ones.
    levels = list(source.iter("c:lvl")) or [source]
    code = next((each.text or "" for each in source.iter("c:formatCode")), "")
    for level in reversed(levels):
        for point in list(level.iter("c:pt"))[:_MOST_POINTS]:
            index = number(point.get("idx"))
            text = shown_as(code, child_text(point, "c:v"))
            found[index] = f"{found[index]} {text}" if index in found else text
    return found


def child_text(element: Element, tag: str) -> str:
    """Return the text of a child; empty if there is none."""
    found = child(element, tag)
    return "" if found is None else found.text or ""


def _cell(text: str) -> tuple[Run, ...]:
    return (Run(text),) if text else ()
