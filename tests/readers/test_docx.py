"""Word and OpenDocument: nothing that stands in one is lost, and what stands beside the text is told apart."""

from __future__ import annotations

import pytest

from desktop.core.documents.document import Aside, ReadingProblem, RemarkKind, SectionKind
from tests.readers.conftest import problem_from
from tests.readers.making import NAMESPACES, WORD, asides, blocks, docx, odf, office, read, remarks, texts, xml

NUMBERING = """
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
  <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
  <w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="§ %1"/><w:pStyle w:val="H1"/></w:lvl>
  <w:lvl w:ilvl="1"><w:isLgl/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/><w:pStyle w:val="H2"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>
"""
STYLES = """
<w:style w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="H2"><w:name w:val="x"/><w:basedOn w:val="H1"/><w:pPr><w:outlineLvl w:val="1"/>
  <w:numPr><w:ilvl w:val="1"/><w:numId w:val="4"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Mine"><w:name w:val="My heading"/><w:basedOn w:val="H3"/></w:style>
<w:style w:styleId="H3"><w:name w:val="heading 3"/></w:style>
<w:style w:styleId="Loop"><w:name w:val="a"/><w:basedOn w:val="Loop"/></w:style>
<w:style w:styleId="Secret"><w:name w:val="b"/><w:rPr><w:vanish/></w:rPr></w:style>
"""


def p(text, properties="", run=""):
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def r(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def item(text, number, level=0):
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def styled(text, style):
    return p(text, f'<w:pStyle w:val="{style}"/>')


def table(*rows):
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def cell(content, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if '<' in content else p(content)}</w:tc>"


BOX = f"<w:txbxContent>{p('In the box')}</w:txbxContent>"
SELF = '<w:p><w:r><w:t>a</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'
X = "<m:r><m:t>x</m:t></m:r>"
SHOWN = {
    "numbers of lists": (
        item("a", 1)
        + item("b", 1, 1)
        + item("c", 1, 1)
        + item("d", 1)
        + item("e", 1, 1)
        + item("f", 3)
        + item("g", 3)
        + item("h", 2),
        ["1. a", "1.a) b", "1.b) c", "2. d", "2.a) e", "5. f", "6. g", "• h"],
    ),
    "fields by their result": (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("first")}</w:p><w:p>{r("second")}<w:r>'
        f'<w:fldChar w:fldCharType="end"/></w:r>{r(" after")}</w:p>'
        '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>'
        f'</w:fldChar><w:instrText>FORMCHECKBOX</w:instrText><w:fldChar w:fldCharType="end"/></w:r>{r(" yes")}</w:p>',
        ["first", "second after", "☒ yes"],
    ),
    "content controls and links": (
        f"<w:sdt><w:sdtPr><w:alias w:val='no'/></w:sdtPr><w:sdtContent>{p('block')}</w:sdtContent></w:sdt>"
        f"<w:p><w:sdt><w:sdtContent>{r('line')}</w:sdtContent></w:sdt><w:hyperlink>{r(' link')}</w:hyperlink></w:p>",
        ["block", "line link"],
    ),
    "signs that are elements": (
        "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>d</w:t>"
        '<w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Symbol" w:char="F061"/></w:r>'
        '<w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>b</w:t></w:r></w:p>',
        ["a\tb\nc\u2011d✓αβ"],
    ),
    "a text box once": (
        f"<w:p>{r('Text')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>{BOX}"
        f"</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>",
        ["Text", "In the box"],
    ),
    "a frame of one cell": (table(cell(p("a") + p("b"))), ["a", "b"]),
    "a note that hangs on itself": (SELF, ["a", "a"]),
    "formulas": (
        "".join(
            f"<w:p>{r('so ')}<m:oMath>{formula}</m:oMath>{r(' holds')}</w:p>"
            for formula in (
                f"<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den>{X}</m:den></m:f>",
                f"<m:sSup><m:e>{X}</m:e><m:sup>{X}</m:sup></m:sSup>",
                f"<m:rad><m:radPr><m:degHide m:val='1'/></m:radPr><m:deg/><m:e>{X}</m:e></m:rad>",
                "<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub><m:r><m:t>i=1</m:t></m:r></m:sub>"
                f"<m:sup>{X}</m:sup><m:e>{X}</m:e></m:nary>",
                f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr><m:e>{X}</m:e></m:d>",
                f"<m:func><m:fName><m:r><m:t>sin</m:t></m:r></m:fName><m:e>{X}</m:e></m:func>",
            )
        ),
        [f"so {text} holds" for text in ("(a+b)/x", "x^x", "√(x)", "∑_(i=1)^x x", "[x]", "sin x")],
    ),
}


@pytest.mark.parametrize(("body", "shown"), SHOWN.values(), ids=SHOWN)
def test_what_is_shown(body, shown):
    assert (
        texts(docx(body, {"numbering": NUMBERING, "footnotes": f'<w:footnote w:id="1">{SELF}</w:footnote>'})) == shown
    )


def test_headings_and_their_numbers_come_from_styles():
    body = styled("A", "H1") + styled("B", "H2") + p("x") + styled("C", "H1") + styled("D", "H2") + styled("E", "Mine")
    found = blocks(docx(body, {"numbering": NUMBERING, "styles": STYLES}))
    assert [block.text for block in found] == ["§ I A", "1.1 B", "x", "§ II C", "2.1 D", "E"]
    assert [block.level for block in found] == [1, 2, 0, 1, 2, 3]


def test_sections_go_from_heading_to_heading():
    body = p("before") + styled("A", "H1") + p("x") + styled("B", "H2") + p("y") + styled("C", "H3") + p("z")
    found = read(docx(body, {"styles": STYLES})).sections
    assert [(each.kind, each.title, len(each.blocks)) for each in found] == [
        (SectionKind.CHAPTER, "", 1),
        (SectionKind.CHAPTER, "A", 2),
        (SectionKind.CHAPTER, "B", 4),
    ]
    found = read(docx(styled("A", "H1") + p("x"), {"styles": STYLES})).sections
    assert [each.kind for each in found] == [SectionKind.WHOLE]  # a single heading divides nothing


def test_tracked_changes_are_told_with_their_author():
    body = (
        f'<w:p>{r("We ")}<w:ins w:author="Ann">{r("always ")}</w:ins><w:del w:author="Bo"><w:r><w:delText>never '
        f'</w:delText></w:r></w:del>{r("pay.")}<w:moveFrom w:author="Bo">{r(" Late.")}</w:moveFrom></w:p>'
        f'<w:p><w:moveTo w:author="Bo">{r("Late.")}</w:moveTo></w:p>'
        f'<w:p><w:ins w:author="Ann"><w:del w:author="Bo"><w:r><w:delText>both</w:delText></w:r></w:del></w:ins></w:p>'
    )
    assert asides(docx(body), Aside.INSERTED) == [("always ", "Ann"), ("Late.", "Bo")]
    assert asides(docx(body), Aside.DELETED) == [("never ", "Bo"), (" Late.", "Bo"), ("both", "Bo")]


def test_notes_and_comments_follow_their_paragraph():
    body = (
        f'<w:p>{r("The ")}<w:commentRangeStart w:id="7"/>{r("price")}<w:commentRangeEnd w:id="7"/><w:r>'
        f'<w:commentReference w:id="7"/></w:r>{r(" rose")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>{p("Next")}'
    )
    made = docx(
        body,
        {
            "footnotes": f'<w:footnote w:id="2">{p("By a lot.")}{p("Really.")}</w:footnote>',
            "comments": f'<w:comment w:id="7" w:author="Ann">{p("Which?")}</w:comment>',
        },
    )
    found = blocks(made)
    assert [(each.text, each.place) for each in found] == [
        ("The price rose", "1"),
        ("“price”: Which?", "1"),
        ("By a lot.\nReally.", "1"),
        ("Next", "2"),
    ]
    assert asides(made, Aside.COMMENT) == [("“price”: Which?", "Ann")]
    assert asides(made, Aside.FOOTNOTE) == [("By a lot.\nReally.", "")]


def test_headers_and_footers_come_once_and_without_numbers_of_pages():
    page = f'<w:p>{r("Secret, page ")}<w:fldSimple w:instr=" PAGE ">{r("3")}</w:fldSimple></w:p>'
    made = docx(p("Text"), {"header1": page, "header2": page, "footer1": p("Foot"), "footer2": p("12")})
    assert asides(made, Aside.HEADER) == [("Secret, page", ""), ("Foot", "")]
    assert texts(made) == ["Secret, page", "Text", "Foot"]


def test_hidden_text_is_told():
    body = (
        p("seen") + p("unseen", run="<w:vanish/>") + styled("secret", "Secret") + p("on", run='<w:vanish w:val="0"/>')
    )
    assert asides(docx(body, {"styles": STYLES}), Aside.HIDDEN) == [("unseen", ""), ("secret", "")]


def test_tables_keep_their_columns():
    inner = table(cell("x") + cell("y"), cell("z") + cell("|"))
    body = table(
        cell("A", '<w:gridSpan w:val="2"/>') + cell("B", '<w:vMerge w:val="restart"/>'),
        cell("1") + cell(p("two") + p("lines")) + cell("", "<w:vMerge/>"),
        cell("in") + cell(inner + p("")) + cell("3"),
    )
    found = blocks(docx(p("before") + body))[1]
    assert found.is_table
    assert found.place == "2:1:1"
    assert found.text.split("\n") == ["| A |  | B |", "| 1 | two lines |  |", "| in | x y; z \\| | 3 |"]


def test_charts_pictures_and_files_inside():
    chart = xml(
        "c:chartSpace",
        "<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Sales</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea>"
        "<c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx='0'><c:v>2024</c:v></c:pt></c:strCache></c:strRef>"
        "</c:tx><c:cat><c:strRef><c:strCache><c:pt idx='0'><c:v>North</c:v></c:pt></c:strCache></c:strRef></c:cat>"
        "<c:val><c:numRef><c:numCache><c:formatCode>0.0%</c:formatCode><c:pt idx='0'><c:v>0.153</c:v></c:pt>"
        "</c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart>",
    )
    body = (
        "<w:p><w:r><w:drawing><c:chart r:id='r_chart'/></w:drawing></w:r></w:p>"
        "<w:p><w:r><w:drawing><a:blip r:embed='x'/></w:drawing><w:object><o:OLEObject/></w:object></w:r></w:p>"
    )
    made = docx(body, {"chart": chart})
    assert texts(made) == ["Sales", "|  | 2024 |\n| North | 15.3% |"]
    assert remarks(made) == {RemarkKind.PICTURES: 1, RemarkKind.FILES_INSIDE: 1}


def test_the_strict_spelling_of_the_namespaces():
    strict = xml("w:document", f"<w:body>{p('strict')}</w:body>").replace(
        NAMESPACES["w"], "http://purl.oclc.org/ooxml/wordprocessingml/main"
    )
    assert texts(office(WORD, "word/document.xml", {"word/document.xml": strict})) == ["strict"]


LISTS = (
    '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")" '
    'text:display-levels="2"/></text:list-style><text:list-style style:name="B"><text:list-level-style-bullet '
    'text:level="1"/></text:list-style>'
)


def odf_p(text, style=""):
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def items(*texts, style="N", more=""):
    inner = "".join(
        f"<text:list-item>{text if text.startswith('<') else odf_p(text)}</text:list-item>" for text in texts
    )
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
    nested = odf_p("b") + items("c", "d", style="")
    body = (
        items("a", nested, "e")
        + odf_p("between")
        + items("f", more='text:continue-numbering="true"')
        + items("g", style="B")
    )
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mi>a</mi><mn>2</mn></mfrac></math>'
    body += odf_p("a<text:s text:c='2'/>b<text:tab/>c\n   d<text:line-break/>e <text:span>f</text:span> g")
    body += odf_p("<draw:frame><draw:object xlink:href='./Object 1'/></draw:frame>")
    made = odf("text", body, LISTS, parts={"Object 1/content.xml": formula})
    lists = ["1. a", "2. b", "2.a) c", "2.b) d", "3. e", "between", "4. f", "• g"]
    assert texts(made) == [*lists, "a  b\tc d\ne f g", "a/2"]


def test_tracked_changes():
    body = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:insertion><office:change-info><dc:creator>Ann'
        "</dc:creator></office:change-info></text:insertion></text:changed-region><text:changed-region text:id='c2'>"
        "<text:deletion><office:change-info><dc:creator>Bo</dc:creator></office:change-info><text:p>never</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        + odf_p(
            'We <text:change-start text:change-id="c1"/>always <text:change-end text:change-id="c1"/>'
            '<text:change text:change-id="c2"/>pay'
        )
    )
    made = odf("text", body)
    assert asides(made, Aside.INSERTED) == [("always ", "Ann")]
    assert asides(made, Aside.DELETED) == [("never", "Bo")]
    assert texts(made) == ["We always neverpay"]


def test_notes_and_comments():
    body = odf_p(
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
    body = odf_p("seen <text:span text:style-name='H'>unseen</text:span>")
    body += '<text:section text:display="none"><text:p>secret</text:p></text:section>'
    made = odf("text", body, styles, document)
    assert asides(made, Aside.HEADER) == [("Head", "")]
    assert asides(made, Aside.HIDDEN) == [("unseen", ""), ("secret", "")]


def test_tables_and_what_lies_in_frames():
    table = (
        "<table:table><table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned='2'>"
        f"{odf_p('A')}</table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows>"
        f"<table:table-row><table:table-cell>{odf_p('1')}</table:table-cell><table:table-cell>{odf_p('2')}{odf_p('3')}</table:table-cell>"
        "<table:table-cell table:number-columns-repeated='16384'/></table:table-row></table:table>"
    )
    box = f"<draw:frame><draw:text-box>{odf_p('In the box')}</draw:text-box></draw:frame>"
    box += "<draw:frame><draw:image/></draw:frame>"
    made = odf("text", odf_p("x" + box) + table)
    assert [(each.text, each.place, each.is_table) for each in blocks(made)] == [
        ("x", "1", False),
        ("In the box", "1", False),
        ("| A |  |\n| 1 | 2 3 |", "2:1:1", True),
    ]
    assert remarks(made) == {RemarkKind.PICTURES: 1}


def odf_cell(text, more=""):
    return f"<table:table-cell {more}>{odf_p(text) if text else ''}</table:table-cell>"


def row(*cells, more=""):
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def sheet(*rows, name="S", more=""):
    return f'<table:table table:name="{name}" {more}>{"".join(rows)}</table:table>'


def test_a_spreadsheet_as_it_is_shown():
    made = odf(
        "spreadsheet",
        sheet(
            row(odf_cell("15.3%"), odf_cell("", 'table:number-columns-repeated="2"'), odf_cell("#DIV/0!")),
            row(odf_cell(""), more='table:number-rows-repeated="3"'),
            row(odf_cell("x", 'table:number-columns-repeated="2"'), more='table:number-rows-repeated="2"'),
            row(odf_cell(""), more='table:number-rows-repeated="1048570"'),
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
        sheet(columns, row(odf_cell("a"), odf_cell("b")), row(odf_cell("c"), more='table:visibility="filter"'))
        + sheet(row(odf_cell("d")), name="T", more='table:style-name="off"'),
        styles,
    )
    assert asides(made, Aside.HIDDEN) == [("b", ""), ("c", "")]
    assert [each.is_hidden for each in read(made).sections] == [False, True]


def test_comments_and_formulas_of_a_spreadsheet():
    comment = "<office:annotation><dc:creator>Ann</dc:creator><text:p>True?</text:p></office:annotation>"
    made = odf(
        "spreadsheet",
        sheet(
            row(
                f"<table:table-cell>{comment}{odf_p('5')}</table:table-cell>", odf_cell("", 'table:formula="of:=[.A1]"')
            )
        ),
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
        + frame.format('svg:y="5cm"', odf_p("low") + items("a", style="B"))
        + frame.format('svg:y="20mm"', odf_p("high"))
        + frame.format('svg:y="9cm" presentation:class="title"', odf_p("Title"))
        + "<draw:custom-shape svg:y='10cm'>"
        + odf_p("shape")
        + "</draw:custom-shape>"
        + "<presentation:notes>"
        + frame.format('presentation:class="notes"', odf_p("Say this"))
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
