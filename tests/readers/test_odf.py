"""OpenDocument files: texts, spreadsheets and presentations, with nothing lost and nothing hidden in silence."""

from __future__ import annotations

from desktop.core.documents.document import Aside, RemarkKind, SectionKind
from desktop.core.documents.reading import ReadingProblem
from tests.readers.conftest import problem_from
from tests.readers.making import asides, blocks, odf, read, remarks, texts

LISTS = (
    '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")" '
    'text:display-levels="2"/></text:list-style><text:list-style style:name="B"><text:list-level-style-bullet '
    'text:level="1"/></text:list-style>'
)


def p(text, style=""):
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def items(*texts, style="N", more=""):
    inner = "".join(f"<text:list-item>{text if text.startswith('<') else p(text)}</text:list-item>" for text in texts)
    return f'<text:list text:style-name="{style}" {more}>{inner}</text:list>'


def test_headings_divide_a_text():
    outline = (
        '<office:styles><text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>'
        "</office:styles>"
    )
    body = (
        '<text:h text:outline-level="1">A</text:h><text:p>x</text:p>'
        '<text:h text:outline-level="2">B</text:h><text:p>y</text:p>'
        '<text:h text:outline-level="1">C</text:h>'
    )
    made = odf("text", body, document_styles=outline)
    assert [each.title for each in read(made).sections] == ["1 A", "1.1 B", "2 C"]
    assert [each.place for each in blocks(made)] == ["1", "2", "3", "4", "5"]


def test_labels_of_lists_spaces_and_formulas_in_parts_of_their_own():
    nested = p("b") + items("c", "d", style="")
    body = (
        items("a", nested, "e")
        + p("between")
        + items("f", more='text:continue-numbering="true"')
        + items("g", style="B")
    )
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mi>a</mi><mn>2</mn></mfrac></math>'
    body += p("a<text:s text:c='2'/>b<text:tab/>c\n   d<text:line-break/>e <text:span>f</text:span> g")
    body += p("<draw:frame><draw:object xlink:href='./Object 1'/></draw:frame>")
    made = odf("text", body, LISTS, parts={"Object 1/content.xml": formula})
    lists = ["1. a", "2. b", "2.a) c", "2.b) d", "3. e", "between", "4. f", "• g"]
    assert texts(made) == [*lists, "a  b\tc d\ne f g", "a/2"]


def test_tracked_changes():
    body = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:insertion><office:change-info><dc:creator>Ann'
        "</dc:creator></office:change-info></text:insertion></text:changed-region><text:changed-region text:id='c2'>"
        "<text:deletion><office:change-info><dc:creator>Bo</dc:creator></office:change-info><text:p>never</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        + p(
            'We <text:change-start text:change-id="c1"/>always <text:change-end text:change-id="c1"/>'
            '<text:change text:change-id="c2"/>pay'
        )
    )
    made = odf("text", body)
    assert asides(made, Aside.INSERTED) == [("always ", "Ann")]
    assert asides(made, Aside.DELETED) == [("never", "Bo")]
    assert texts(made) == ["We always neverpay"]


def test_notes_and_comments():
    body = p(
        'The <office:annotation office:name="1"><dc:creator>Ann</dc:creator><text:p>Which?</text:p></office:annotation>'
        'price<office:annotation-end office:name="1"/> rose<text:note><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>By a lot.</text:p></text:note-body></text:note>."
    )
    made = odf("text", body)
    assert texts(made) == ["The price rose.", "“price”: Which?", "By a lot."]
    assert asides(made, Aside.COMMENT) == [("“price”: Which?", "Ann")]
    assert asides(made, Aside.FOOTNOTE) == [("By a lot.", "")]


def test_headers_and_hidden_text():
    styles = '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    document = (
        "<office:master-styles><style:master-page><style:header><text:p>Head</text:p></style:header><style:footer>"
    )
    document += "<text:p><text:page-number>3</text:page-number></text:p></style:footer></style:master-page>"
    document += "</office:master-styles>"
    body = p("seen <text:span text:style-name='H'>unseen</text:span>")
    body += '<text:section text:display="none"><text:p>secret</text:p></text:section>'
    made = odf("text", body, styles, document)
    assert asides(made, Aside.HEADER) == [("Head", "")]
    assert asides(made, Aside.HIDDEN) == [("unseen", ""), ("secret", "")]


def test_tables_and_what_lies_in_frames():
    table = (
        "<table:table><table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned='2'>"
        f"{p('A')}</table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows>"
        f"<table:table-row><table:table-cell>{p('1')}</table:table-cell><table:table-cell>{p('2')}{p('3')}</table:table-cell>"
        "<table:table-cell table:number-columns-repeated='16384'/></table:table-row></table:table>"
    )
    box = f"<draw:frame><draw:text-box>{p('In the box')}</draw:text-box></draw:frame>"
    box += "<draw:frame><draw:image/></draw:frame>"
    made = odf("text", p("x" + box) + table)
    assert [(each.text, each.place, each.is_table) for each in blocks(made)] == [
        ("x", "1", False),
        ("In the box", "1", False),
        ("| A |  |\n| 1 | 2 3 |", "2:1:1", True),
    ]
    assert remarks(made) == {RemarkKind.PICTURES: 1}


def cell(text, more=""):
    return f"<table:table-cell {more}>{p(text) if text else ''}</table:table-cell>"


def row(*cells, more=""):
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def sheet(*rows, name="S", more=""):
    return f'<table:table table:name="{name}" {more}>{"".join(rows)}</table:table>'


def test_a_spreadsheet_as_it_is_shown():
    made = odf(
        "spreadsheet",
        sheet(
            row(cell("15.3%"), cell("", 'table:number-columns-repeated="2"'), cell("#DIV/0!")),
            row(cell(""), more='table:number-rows-repeated="3"'),
            row(cell("x", 'table:number-columns-repeated="2"'), more='table:number-rows-repeated="2"'),
            row(cell(""), more='table:number-rows-repeated="1048570"'),
        ),
    )
    found = read(made).sections
    assert [(each.kind, each.title) for each in found] == [(SectionKind.SHEET, "S")]
    assert [(each.text, each.place) for each in found[0].blocks] == [
        ("| 15.3% |  |  | #DIV/0! |", "1"),
        ("| x | x |\n| x | x |", "5"),
    ]


def test_what_a_spreadsheet_hides():
    styles = '<style:style style:name="off"><style:table-properties table:display="false"/></style:style>'
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    made = odf(
        "spreadsheet",
        sheet(columns, row(cell("a"), cell("b")), row(cell("c"), more='table:visibility="filter"'))
        + sheet(row(cell("d")), name="T", more='table:style-name="off"'),
        styles,
    )
    assert asides(made, Aside.HIDDEN) == [("b", ""), ("c", "")]
    assert [each.is_hidden for each in read(made).sections] == [False, True]


def test_comments_and_formulas_of_a_spreadsheet():
    comment = "<office:annotation><dc:creator>Ann</dc:creator><text:p>True?</text:p></office:annotation>"
    made = odf(
        "spreadsheet",
        sheet(row(f"<table:table-cell>{comment}{p('5')}</table:table-cell>", cell("", 'table:formula="of:=[.A1]"'))),
    )
    assert texts(made) == ["| 5 True? | =[.A1] |"]
    assert asides(made, Aside.COMMENT) == [("True?", "Ann")]
    assert remarks(made) == {RemarkKind.NOT_CALCULATED: 1}


def test_slides():
    styles = (
        '<style:style style:name="off"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    frame = "<draw:frame {}><draw:text-box>{}</draw:text-box></draw:frame>"
    page = (
        '<draw:page draw:style-name="off">'
        + frame.format('svg:y="5cm"', p("low") + items("a", style="B"))
        + frame.format('svg:y="20mm"', p("high"))
        + frame.format('svg:y="9cm" presentation:class="title"', p("Title"))
        + "<draw:custom-shape svg:y='10cm'>"
        + p("shape")
        + "</draw:custom-shape>"
        + "<presentation:notes>"
        + frame.format('presentation:class="notes"', p("Say this"))
        + "</presentation:notes></draw:page>"
    )
    made = odf("presentation", page, styles + LISTS)
    assert [(each.kind, each.title, each.is_hidden) for each in read(made).sections] == [
        (SectionKind.SLIDE, "Title", True)
    ]
    assert texts(made) == ["Title", "high", "low\n• a", "shape", "Say this"]
    assert asides(made, Aside.NOTE) == [("Say this", "")]


def test_an_encrypted_file_is_said():
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry><m:encryption-data/>'
        "</m:file-entry></m:manifest>"
    )
    made = odf("text", "", parts={"META-INF/manifest.xml": manifest})
    assert problem_from(made) is ReadingProblem.PROTECTED
