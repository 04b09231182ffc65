"""Word documents: nothing that stands in one is lost, and what stands beside the text is told apart from it."""

from __future__ import annotations

import pytest

from desktop.core.documents.document import Aside, RemarkKind, SectionKind
from tests.readers.making import NAMESPACES, WORD, asides, blocks, docx, office, read, remarks, texts, xml

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


def test_paragraphs_have_their_number_as_their_place():
    found = blocks(docx(p("One") + p("") + p("Three")))
    assert [(block.text, block.place) for block in found] == [("One", "1"), ("Three", "3")]


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


def test_rows_that_were_deleted_or_hidden():
    body = table(
        f'<w:trPr><w:del w:author="Bo"/></w:trPr>{cell("old")}{cell("1")}',
        f"<w:trPr><w:hidden/></w:trPr>{cell('unseen')}{cell('2')}",
    )
    assert asides(docx(body), Aside.DELETED) == [("old", "Bo"), ("1", "Bo")]
    assert asides(docx(body), Aside.HIDDEN) == [("unseen", ""), ("2", "")]


def test_long_tables_are_divided():
    found = blocks(docx(table(*(cell(str(row)) + cell("x") for row in range(1, 451)))))
    assert [each.place for each in found] == ["1:1:1", "1:201:1", "1:401:1"]


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
