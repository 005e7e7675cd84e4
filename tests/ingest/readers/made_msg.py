"""Outlook messages made on the spot: storages and streams in a compound file, as [MS-CFB] and [MS-OXMSG] tell."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime

Tree = Mapping[str, "bytes | Tree"]
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def message(
    subject: str,
    *,
    body: str = "",
    page: bytes = b"",
    sent: datetime | None = None,
    attached: Mapping[str, bytes | Tree] | None = None,
    header: int = 32,
) -> Tree:
    """The storage of a message; ``attached`` holds files by name, and messages made with ``header=24``."""
    texts = {0x0037: subject, 0x1000: body, 0x0C1A: "Anna Ås", 0x0C1F: "anna@example.se"}
    streams: dict[str, bytes | Tree] = {
        f"__substg1.0_{tag:04X}001F": text.encode("utf-16-le") for tag, text in texts.items() if text
    }
    if page:
        streams["__substg1.0_10130102"] = page
    inside = [_property(int(name[-8:], 16), 0) for name in streams]
    inside.append(_property(0x3FDE0003, 65001))
    if sent:
        inside.append(_property(0x00390040, int((sent - _EPOCH).total_seconds()) * 10_000_000))
    streams["__properties_version1.0"] = bytes(header) + b"".join(inside)
    for number, (name, content) in enumerate((attached or {}).items()):
        streams[f"__attach_version1.0_#{number:08X}"] = _attachment(name, content)
    return streams


def _attachment(name: str, content: bytes | Tree) -> Tree:
    tag = 0x37010102 if isinstance(content, bytes) else 0x3701000D
    properties = bytes(8) + _property(0x3707001F, 0) + _property(tag, 0)
    return {
        "__properties_version1.0": properties,
        "__substg1.0_3707001F": name.encode("utf-16-le"),
        f"__substg1.0_{tag:08X}": content,
    }


def _property(tag: int, value: int) -> bytes:
    return struct.pack("<IIQ", tag, 6, value)


def compound(tree: Tree) -> bytes:
    """A compound file of ``tree``: streams shorter than 4096 bytes lie in sectors of 64 bytes, others of 512."""
    entries: list[list[object]] = [
        ["Root Entry", 5, _FREE, _FREE, 0, 0]
    ]  # name, kind, next, child, start, size
    small, small_fat = bytearray(), list[int]()
    sectors, fat = list[bytes](), list[int]()

    def chain(content: bytes) -> int:
        first, count = len(sectors), -(-len(content) // 512)
        sectors.extend(content[at * 512 : at * 512 + 512].ljust(512, b"\0") for at in range(count))
        fat.extend([*range(first + 1, first + count), _END][:count])
        return first if count else _END

    def small_chain(content: bytes) -> int:
        first, count = len(small_fat), -(-len(content) // 64)
        small.extend(content.ljust(count * 64, b"\0"))
        small_fat.extend([*range(first + 1, first + count), _END][:count])
        return first if count else _END

    def add(inside: Tree, parent: int) -> None:
        before: int | None = None
        for name, content in inside.items():
            at = len(entries)
            entries[parent if before is None else before][3 if before is None else 2] = at
            before = at
            if isinstance(content, bytes):
                start = (small_chain if len(content) < 4096 else chain)(content)
                entries.append([name, 2, _FREE, _FREE, start, len(content)])
            else:
                entries.append([name, 1, _FREE, _FREE, 0, 0])
                add(content, at)

    add(tree, 0)
    entries[0][4:] = [chain(bytes(small)), len(small)]
    small_table = chain(
        struct.pack(f"<{len(small_fat)}I", *small_fat).ljust(-(-len(small_fat) // 128) * 512, b"\xff")
    )
    directory = chain(b"".join(_entry(*entry) for entry in entries))  # type: ignore[arg-type]
    tables = 1 + (len(sectors) + 2) // 127
    places = range(len(sectors), len(sectors) + tables)
    fat += [_FAT] * tables
    sectors += [
        struct.pack("<128I", *(fat[at * 128 : at * 128 + 128] + [_FREE] * 128)[:128]) for at in range(tables)
    ]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, tables, directory, 0, 4096, small_table, -(-len(small_fat) // 128), _END, 0)
    head += struct.pack("<109I", *[*places, *[_FREE] * 109][:109])
    return head + b"".join(sectors)


def _entry(name: str, kind: int, after: int, child: int, start: int, size: int) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16xI16xIQ", letters, len(letters), kind, 1, _FREE, after, child, 0, start, size
    )
