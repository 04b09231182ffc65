"""Presentations: slides from top to bottom, with what their speaker notes and their readers remark."""

from __future__ import annotations

from desktop.core.documents.document import Aside, RemarkKind, SectionKind
from tests.readers.making import asides, blocks, pptx, read, remarks, texts, xml


def shape(text, *, top=0, left=0, kind=None, index=""):
    """Return a shape; `kind` is the placeholder's that it fills, which stands where its layout says."""
    holder = "" if kind is None else f'<p:ph type="{kind}" idx="{index}"/>'
    place = "" if kind is not None else f'<a:xfrm><a:off x="{left}" y="{top}"/></a:xfrm>'
    body = text if text.startswith("<") else f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"
    names = f"<p:nvSpPr><p:cNvPr/><p:nvPr>{holder}</p:nvPr></p:nvSpPr>"
    return f"<p:sp>{names}<p:spPr>{place}</p:spPr><p:txBody>{body}</p:txBody></p:sp>"


def line(text, properties=""):
    return f"<a:p>{properties}<a:r><a:t>{text}</a:t></a:r></a:p>"


def test_slides_with_their_titles():
    made = pptx([shape("x", top=1) + shape("One", kind="title"), shape("Two", kind="ctrTitle")], attributes='show="0"')
    assert [(each.kind, each.title, each.is_hidden) for each in read(made).sections] == [
        (SectionKind.SLIDE, "One", True),
        (SectionKind.SLIDE, "Two", False),
    ]
    assert [(each.text, each.level, each.place) for each in blocks(made)] == [
        ("One", 1, "1"),
        ("x", 0, "2"),
        ("Two", 1, "1"),
    ]


def test_shapes_come_from_top_to_bottom_also_out_of_groups():
    group = (
        '<p:grpSp><p:grpSpPr><a:xfrm><a:off x="0" y="500"/><a:ext cx="100" cy="100"/><a:chOff x="0" y="0"/>'
        f'<a:chExt cx="1000" cy="1000"/></a:xfrm></p:grpSpPr>{shape("in", top=900)}</p:grpSp>'
    )
    made = pptx([shape("last", top=600) + shape("right", top=10, left=9) + group + shape("left", top=10)])
    assert texts(made) == ["left", "right", "in", "last"]


def test_placeholders_stand_where_the_layout_says():
    layout = xml(
        "p:sldLayout",
        "<p:cSld><p:spTree>"
        + "".join(
            f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="body" idx="{index}"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>'
            f'<a:off x="0" y="{top}"/></a:xfrm></p:spPr></p:sp>'
            for index, top in ((1, 300), (2, 100))
        )
        + "</p:spTree></p:cSld>",
    )
    slide = shape("lower", kind="body", index="1") + shape("middle", top=200) + shape("upper", kind="body", index="2")
    assert texts(pptx([slide], {"layout": ("slideLayout", layout)})) == ["• upper", "middle", "• lower"]


def test_bullets_and_numbers_by_level():
    body = (
        line("a")
        + line("b", '<a:pPr lvl="1"/>')
        + line("c", "<a:pPr><a:buNone/></a:pPr>")
        + line("d", '<a:pPr><a:buAutoNum type="arabicPeriod" startAt="4"/></a:pPr>')
        + line("e", '<a:pPr lvl="1"><a:buAutoNum type="alphaLcParenR"/></a:pPr>')
        + line("f", '<a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr>')
    )
    assert texts(pptx([shape(body, kind="body")])) == ["• a\n  • b\nc\n4. d\n  a) e\n5. f"]


def test_tables_keep_merged_cells():
    def cell(text, attributes=""):
        return f"<a:tc {attributes}><a:txBody>{line(text)}</a:txBody></a:tc>"

    first = cell("A", 'gridSpan="2"') + cell("", 'hMerge="1"')
    table = f"<a:tr>{first}</a:tr><a:tr>{cell('1')}{cell('2')}</a:tr>"
    made = pptx([f"<p:graphicFrame><a:graphic><a:tbl>{table}</a:tbl></a:graphic></p:graphicFrame>"])
    assert [(each.text, each.is_table) for each in blocks(made)] == [("| A |  |\n| 1 | 2 |", True)]


def test_notes_comments_and_footers():
    notes = xml(
        "p:notes", f"<p:cSld><p:spTree>{shape('Say this', kind='body')}{shape('3', kind='sldNum')}</p:spTree></p:cSld>"
    )
    comments = xml("p:cmLst", '<p:cm authorId="1"><p:text>True?</p:text></p:cm>')
    slide = shape("Text") + shape("Secret", kind="ftr") + shape("7", kind="sldNum")
    made = pptx([slide, slide], {"notes": ("notesSlide", notes), "comments": ("comments", comments)})
    assert asides(made, Aside.NOTE) == [("Say this", "")]
    assert asides(made, Aside.COMMENT) == [("True?", "Ann")]
    assert asides(made, Aside.HEADER) == [("Secret", "")]
    assert texts(made) == ["Text", "Secret", "Say this", "True?", "Text"]


def test_diagrams_are_read_by_their_points():
    diagram = xml(
        "dgm:dataModel",
        "<dgm:ptLst><dgm:pt type='doc'/>"
        + "".join(f"<dgm:pt><dgm:t>{line(text)}</dgm:t></dgm:pt>" for text in ("Plan", "Do"))
        + f"<dgm:pt type='pres'><dgm:t>{line('x')}</dgm:t></dgm:pt></dgm:ptLst>",
    )
    frame = '<p:graphicFrame><a:graphic><dgm:relIds r:dm="data"/></a:graphic></p:graphicFrame><p:pic/>'
    made = pptx([frame], {"data": ("diagramData", diagram)})
    assert texts(made) == ["Plan\nDo"]
    assert remarks(made) == {RemarkKind.PICTURES: 1}


def test_a_slide_that_cannot_be_read_is_said():
    made = pptx(["<broken", shape("Two")])
    found = read(made)
    assert [len(each.blocks) for each in found.sections] == [0, 1]
    assert [(each.kind, each.detail) for each in found.remarks] == [(RemarkKind.DAMAGED, "1")]
