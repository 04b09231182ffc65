"""The parts of a Word file around its body: styles, numbers of lists, footnotes, the page's foot, who wrote it.

A .docx is a zip of XML parts that name each other; these are the fewest with which Word, LibreOffice and Pages open it.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from desktop.rendering.written.word import A4, CELL_MARGIN, INDENT, MARGIN, WordParts
from desktop.rendering.written.xml_text import xml_text

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPACES = f'xmlns:w="{_W}" xmlns:m="{_M}" xmlns:r="{_R}"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of each part: the same conversation makes the same file

_PARTS = ("document", "styles", "numbering", "footnotes", "footer", "settings", "fontTable")
_FONTS = 'w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri" w:eastAsia="Microsoft YaHei"'
_CODE_FONT = "DejaVu Sans Mono"  # which LibreOffice brings along; Word takes what stands in for it
_CODE_FONTS = f'w:ascii="{_CODE_FONT}" w:hAnsi="{_CODE_FONT}" w:cs="Courier New" w:eastAsia="Microsoft YaHei"'
_LINE = '<w:pBdr><w:{side} w:val="single" w:sz="{width}" w:space="{space}" w:color="BBBBBB"/></w:pBdr>'
_HEADING_SIZES = (36, 30, 26, 24, 22, 22)  # in half points
_BULLETS = "•◦▪"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordFrame:
    """What stands around the body: title and author of the file, its language, and the paper."""

    title: str
    author: str
    language: str
    letter_paper: bool


def word_file(body: str, parts: WordParts, frame: WordFrame) -> bytes:
    """Return a whole .docx file."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (
            ("[Content_Types].xml", _content_types()),
            ("_rels/.rels", _package_links()),
            ("docProps/core.xml", _core(frame)),
            ("word/document.xml", _document(body, frame)),
            ("word/_rels/document.xml.rels", _document_links(parts)),
            ("word/_rels/footnotes.xml.rels", _document_links(parts)),
            ("word/styles.xml", _styles(frame)),
            ("word/numbering.xml", _numbering(parts)),
            ("word/footnotes.xml", _footnotes(parts)),
            ("word/footer.xml", _footer()),
            ("word/settings.xml", _settings()),
            ("word/fontTable.xml", _font_table()),
        ):
            package.writestr(zipfile.ZipInfo(name, _MOMENT), _HEAD + content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _content_types() -> str:
    types = {name: "document.main" if name == "document" else name for name in _PARTS}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in types.items()
    )
    core = f'<Override PartName="/docProps/core.xml" ContentType="application/{_core_type()}"/>'
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{rels}{xml}{overrides}{core}</Types>'


def _core_type() -> str:
    return "vnd.openxmlformats-package.core-properties+xml"


def _package_links() -> str:
    document = f'<Relationship Id="r1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
    core = (
        f'<Relationship Id="r2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{document}{core}</Relationships>'


def _document_links(parts: WordParts) -> str:
    own = "".join(
        f'<Relationship Id="{name}" Type="{_R}/{name}" Target="{name}.xml"/>' for name in _PARTS if name != "document"
    )
    links = "".join(
        f'<Relationship Id="link{number}" Type="{_R}/hyperlink" Target="{xml_text(href)}" TargetMode="External"/>'
        for number, href in enumerate(parts.links, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{own}{links}</Relationships>'


def _core(frame: WordFrame) -> str:
    spaces = f'xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    title, author = xml_text(frame.title), xml_text(frame.author)
    return (
        f"<cp:coreProperties {spaces}><dc:title>{title}</dc:title><dc:creator>{author}</dc:creator></cp:coreProperties>"
    )


def _document(body: str, frame: WordFrame) -> str:
    width, height = (12240, 15840) if frame.letter_paper else A4
    sides = " ".join(f'w:{side}="{MARGIN}"' for side in ("top", "right", "bottom", "left"))
    page = f'<w:pgSz w:w="{width}" w:h="{height}"/><w:pgMar {sides} w:header="680" w:footer="680" w:gutter="0"/>'
    section = f'<w:sectPr><w:footerReference w:type="default" r:id="footer"/>{page}</w:sectPr>'
    return f"<w:document {_SPACES}><w:body>{body}{section}</w:body></w:document>"


def _footer() -> str:
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return f'<w:ftr {_SPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{number}</w:p></w:ftr>'


def _settings() -> str:
    notes = '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    newest = (
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    )
    return f'<w:settings {_SPACES}>{notes}{newest}<m:mathPr><m:mathFont m:val="Cambria Math"/></m:mathPr></w:settings>'


def _font_table() -> str:
    """Return what stands in for a font that a computer lacks."""
    fonts = (("Calibri", "Arial", "swiss", "variable"), (_CODE_FONT, "Consolas", "modern", "fixed"))
    listed = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:family w:val="{family}"/>'
        f'<w:pitch w:val="{pitch}"/></w:font>'
        for name, other, family, pitch in fonts
    )
    return f"<w:fonts {_SPACES}>{listed}</w:fonts>"


def _footnotes(parts: WordParts) -> str:
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    notes = "".join(f'<w:footnote w:id="{number}">{note}</w:footnote>' for number, note in enumerate(parts.notes, 1))
    return f"<w:footnotes {_SPACES}>{lines}{notes}</w:footnotes>"


def _numbering(parts: WordParts) -> str:
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{kind}"><w:multiLevelType w:val="multilevel"/>'
        f"{''.join(_level(level, is_numbered=bool(kind)) for level in range(9))}</w:abstractNum>"
        for kind in (0, 1)
    )
    lists = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{int(each.is_numbered)}"/>'
        f'<w:lvlOverride w:ilvl="{each.level}"><w:startOverride w:val="{each.start}"/></w:lvlOverride></w:num>'
        for number, each in enumerate(parts.lists, 1)
    )
    return f"<w:numbering {_SPACES}>{kinds}{lists}</w:numbering>"


def _level(level: int, *, is_numbered: bool) -> str:
    kind = "decimal" if is_numbered else "bullet"
    text = f"%{level + 1}." if is_numbered else _BULLETS[level % len(_BULLETS)]
    place = f'<w:pPr><w:ind w:left="{INDENT * (level + 1)}" w:hanging="{INDENT}"/></w:pPr>'
    start = f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
    return f'<w:lvl w:ilvl="{level}">{start}{place}</w:lvl>'


def _styles(frame: WordFrame) -> str:
    language = f'<w:lang w:val="{xml_text(frame.language)}" w:eastAsia="zh-CN"/>'
    base = f'<w:rFonts {_FONTS}/><w:sz w:val="22"/><w:szCs w:val="22"/>{language}'
    spacing = '<w:spacing w:after="120" w:line="264" w:lineRule="auto"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{base}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{spacing}</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    return f"<w:styles {_SPACES}>{defaults}{''.join(_paragraph_styles())}{_other_styles()}</w:styles>"


def _paragraph_styles() -> list[str]:
    kept = "<w:keepNext/>"
    line_below = _LINE.format(side="bottom", width=6, space=1)
    bar = _LINE.format(side="left", width=18, space=8)
    ground = '<w:shd w:val="clear" w:color="auto" w:fill="F3F3F3"/>'
    code = f'<w:rFonts {_CODE_FONTS}/><w:noProof/><w:sz w:val="19"/>'
    headings = [
        _style(
            f"Heading{level}",
            f"heading {level}",
            f'{kept}<w:keepLines/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="{level - 1}"/>',
            f'<w:b/><w:sz w:val="{size}"/>',
        )
        for level, size in enumerate(_HEADING_SIZES, 1)
    ]
    return [
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>',
        *headings,
        _style("Title", "Title", f'{kept}<w:spacing w:after="240"/>', '<w:b/><w:sz w:val="44"/>'),
        _style("Speaker", "Speaker", f'{kept}<w:spacing w:before="360" w:after="60"/>', "<w:b/>"),
        _style("Circumstances", "Circumstances", kept, '<w:color w:val="666666"/><w:sz w:val="18"/>'),
        _style("Sources", "Sources", '<w:spacing w:before="160"/>', '<w:color w:val="666666"/><w:sz w:val="18"/>'),
        _style("BodyText", "Body Text", "", ""),
        _style("Thinking", "Thinking", f'{bar}<w:ind w:left="{INDENT}"/>', '<w:i/><w:color w:val="666666"/>'),
        _style("Quote", "Quote", f'{bar}<w:ind w:left="{INDENT}"/>', '<w:color w:val="444444"/>'),
        _style("Code", "Code", f'{ground}<w:spacing w:line="240" w:lineRule="auto"/>', code),
        _style("Formula", "Formula", '<w:jc w:val="center"/>', ""),
        _style("Rule", "Rule", f"{line_below}", '<w:sz w:val="8"/>'),
        _style("TableText", "Table Text", '<w:spacing w:before="20" w:after="20"/>', ""),
        _style("TableTextSmall", "Table Text Small", '<w:spacing w:before="20" w:after="20"/>', '<w:sz w:val="17"/>'),
        _style("AfterTable", "After Table", '<w:spacing w:after="60" w:line="120" w:lineRule="exact"/>', ""),
        _style("FootnoteText", "footnote text", '<w:spacing w:after="40"/>', '<w:sz w:val="19"/>'),
        _style("Footer", "footer", '<w:jc w:val="center"/>', '<w:color w:val="666666"/><w:sz w:val="18"/>'),
    ]


def _style(name: str, shown: str, paragraph: str, run: str) -> str:
    look = (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "") + (f"<w:rPr>{run}</w:rPr>" if run else "")
    names = f'<w:name w:val="{shown}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
    return f'<w:style w:type="paragraph" w:styleId="{name}">{names}{look}</w:style>'


def _other_styles() -> str:
    link = '<w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr>'
    code = f'<w:rPr><w:rFonts {_CODE_FONTS}/><w:noProof/><w:shd w:val="clear" w:color="auto" w:fill="F3F3F3"/></w:rPr>'
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="999999"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    beside = "".join(f'<w:{side} w:w="{CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f'<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>{link}</w:style>'
        f'<w:style w:type="character" w:styleId="CodeText"><w:name w:val="Code Text"/>{code}</w:style>'
        f'<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        f"<w:tblPr><w:tblBorders>{sides}</w:tblBorders><w:tblCellMar>{beside}</w:tblCellMar></w:tblPr></w:style>"
    )
