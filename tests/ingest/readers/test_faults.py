"""Whatever is wrong with a file is said in one line, and nothing else is ever raised."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from ingest.readers import ReadingLimits, expand, read, read_bytes, supported
from rag.errors import UnreadableFile
from tests.ingest.readers import made, made_msg

_PDF = made.pdf([made.lines(made.PARAGRAPH)])
_PNG = made.picture("Ett kort beslut")
_ODT = made.odt("<text:p>Ett beslut</text:p>")
_ODT_BODY = (
    '<text:h text:outline-level="1">Beslut</text:h><text:p>Gården<text:note text:note-class="footnote">'
    "<text:note-body><text:p>Se ritningen.</text:p></text:note-body></text:note> byggs "
    '<text:s text:c="3"/>om.</text:p>'
    "<text:list><text:list-item><text:p>Planen antas.</text:p></text:list-item></text:list>"
    '<table:table><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>Norra</text:p>'
    "</table:table-cell></table:table-row></table:table>"
)
_BOMB = made.archive({"content.xml": b" " * 30_000_000})

BROKEN = {
    "empty.txt": b"",
    "blank.txt": b" \n\t\n",
    "binary.txt": bytes(range(256)) * 40,
    "picture-as.txt": _PNG,
    "pdf-as.txt": b"%PDF-1.7\n" + bytes(range(8)) * 500,
    "broken-utf16.txt": b"\xff\xfe\x00\xd8\x00",
    "empty.md": b"",
    "only-struck.md": "~~allt är struket~~".encode(),
    "empty.pdf": b"",
    "text-as.pdf": b"Det h\xe4r \xe4r ingen PDF",
    "cut.pdf": _PDF[:40],
    "head-only.pdf": b"%PDF-1.7",
    "no-pages.pdf": made.pdf([]),
    "blank-page.pdf": made.pdf([[]]),
    "text-as.docx": b"Ett brev",
    "zip-as.docx": made.archive({"a.txt": b"a"}),
    "bomb.docx": _BOMB,
    "old-office.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "cut.docx": made.docx()[:2000],
    "no-body.docx": made.archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}),
    "cut.odt": _ODT[:100],
    "bad-xml.odt": made.archive({"content.xml": b"<office:document-content"}),
    "locked.odt": made.archive({"META-INF/manifest.xml": b"<m:encryption-data/>", "content.xml": b"x"}),
    "spreadsheet.odt": made.archive({"content.xml": b"<a/>"}),
    "empty.html": b"<html><script>var a</script></html>",
    "nested.html": b"<div>" * 5000 + b"x",
    "no-head.eml": b"bara text",
    "text-as.msg": b"Hej",
    "text-as.rtf": b"Hej",
    "cut.png": _PNG[:200],
    "text-as.jpg": b"Hej",
    "unknown.xyz": b"Hej",
    "old.doc": b"\xd0\xcf\x11\xe0",
    "sheet.xlsx": b"PK",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_gives_one_line_with_reason_and_remedy(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(BROKEN[name])
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    message = str(caught.value)
    assert "\n" not in message
    assert str(tmp_path) not in message
    assert len(message.split("; ")) == 2 and 20 < len(message) < 260, message


def test_absent_folder_and_large_files(tmp_path: Path) -> None:
    for path, limits in ((tmp_path / "a.txt", ReadingLimits()), (tmp_path, ReadingLimits())):
        with pytest.raises(UnreadableFile):
            read(path, limits=limits)
    large = tmp_path / "large.txt"
    large.write_bytes(b"text " * 100)
    with pytest.raises(UnreadableFile, match="more than the limit"):
        read(large, limits=ReadingLimits(max_bytes=100))


def test_limits_on_pages_and_time() -> None:
    pages = made.pdf([made.lines(made.PARAGRAPH)] * 3)
    with pytest.raises(UnreadableFile, match="3 pages"):
        read_bytes("a.pdf", pages, limits=ReadingLimits(max_pages=2))
    with pytest.raises(UnreadableFile, match="took longer"):
        read_bytes("a.pdf", pages, limits=ReadingLimits(seconds=0.0))


def test_archives_have_limits(tmp_path: Path) -> None:
    for name, data, limits in (
        ("bomb.zip", _BOMB, ReadingLimits()),
        ("many.zip", made.archive({f"{n}.txt": b"a" for n in range(20)}), ReadingLimits(max_members=10)),
        ("cut.zip", made.archive({"a.txt": b"abc" * 1000})[:60], ReadingLimits()),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UnreadableFile):
            list(expand(tmp_path / name, limits=limits))


def test_a_bad_member_fails_alone(tmp_path: Path) -> None:
    deep = made.archive({"a.txt": b"a"})
    for _ in range(4):
        deep = made.archive({"inre.zip": deep})
    damaged = made.archive({"b.txt": b"abc" * 1000})[:60]
    path = tmp_path / "a.zip"
    path.write_bytes(made.archive({"deep.zip": deep, "cut.zip": damaged, "../c.txt": b"c"}))
    assert [(member.name, bool(member.problem)) for member in expand(path)] == [
        ("deep.zip/inre.zip/inre.zip", True),
        ("cut.zip", True),
        ("c.txt", False),
    ]


def test_many_archives_in_one_are_a_bomb_together(tmp_path: Path) -> None:
    inner = made.archive({"a.txt": b" " * 9_000_000})
    path = tmp_path / "a.zip"
    path.write_bytes(made.archive({f"{n}.zip": inner for n in range(9)}))
    with pytest.raises(UnreadableFile, match="unpacks to"):
        list(expand(path))


def _mutated(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 3, 20))):
        at = dice.randrange(len(changed))
        match dice.randrange(4):
            case 0:
                changed[at] = dice.randrange(256)
            case 1:
                del changed[at : at + dice.choice((1, 10, 300))]
            case 2:
                changed[at:at] = bytes(dice.randrange(256) for _ in range(dice.choice((1, 8))))
            case _:
                changed[at : at + 4] = dice.choice(
                    (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"%d0 R", b"<!--")
                )
        if not changed:
            changed += b"x"
    return bytes(changed)


MAKERS: dict[str, Callable[[], bytes]] = {
    ".txt": made.PARAGRAPH.encode,
    ".md": ("# Beslut\n~~nej~~ " + made.PARAGRAPH).encode,
    ".pdf": lambda: _PDF,
    ".docx": made.docx,
    ".odt": lambda: made.odt(_ODT_BODY),
    ".html": f"<h1>Beslut</h1><table><tr><td>{made.PARAGRAPH}</table>".encode,
    ".eml": f"From: a@b.se\nSubject: Hej\nContent-Type: text/plain; charset=utf-8\n\n{made.PARAGRAPH}".encode,
    ".msg": lambda: made_msg.compound(made_msg.message("Svar", body=made.PARAGRAPH)),
    ".rtf": rb"{\rtf1\ansi\ansicpg1252 G\'e5rden blir st\'f6rre.\par Slut.}".strip,
}


@pytest.mark.parametrize("suffix", MAKERS)
def test_damaged_bytes_never_raise_anything_else(suffix: str) -> None:
    original, dice = MAKERS[suffix](), random.Random(suffix)
    for _ in range(25):
        try:
            reading = read_bytes(f"a{suffix}", _mutated(original, dice))
        except UnreadableFile:
            continue
        assert all(0 <= page.start <= page.end <= len(reading.text) for page in reading.pages)
        assert all(0 <= start < end <= len(reading.text) for start, end, _ in reading.headings)


_ODD = ("", "-1", "x", "0", "7", "99999999999", "true")


def _rearranged(xml: bytes, dice: random.Random) -> bytes:
    """XML that is well-formed still, with elements removed, copied elsewhere, renamed, and odd attributes."""
    root = etree.fromstring(xml)
    for _ in range(dice.choice((1, 3, 20))):
        elements = [element for element in root.iter("*") if element is not root] or [root]
        one, other = dice.choice(elements), dice.choice(elements)
        match dice.randrange(4):
            case 0 if one is not root:
                one.getparent().remove(one)
            case 1 if len(list(one.iter())) < 40:
                other.append(deepcopy(one))
            case 2:
                one.tag = other.tag
            case _:
                for name in one.attrib:
                    one.set(name, dice.choice(_ODD))
    return etree.tostring(root)


def _changed_inside(data: bytes, dice: random.Random) -> bytes:
    """The package ``data`` with one of its XML parts mutated, byte by byte or element by element."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    part = dice.choice([name for name in members if name.endswith(".xml")])
    members[part] = dice.choice((_mutated, _rearranged, _rearranged))(members[part], dice)
    return made.archive(members)


@pytest.mark.parametrize("suffix", [".docx", ".odt"])
def test_damaged_parts_never_raise_anything_else(suffix: str) -> None:
    original, dice = MAKERS[suffix](), random.Random(suffix)
    for _ in range(40):
        try:
            reading = read_bytes(f"a{suffix}", _changed_inside(original, dice))
        except UnreadableFile as error:
            assert "\n" not in str(error) and len(str(error).split("; ")) == 2
            continue
        assert all(0 <= start < end <= len(reading.text) for start, end, _ in reading.headings)


def test_what_is_supported() -> None:
    assert supported(Path("A.PDF")) and supported(Path("b.docx")) and not supported(Path("c.exe"))
