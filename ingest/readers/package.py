"""Zip packages: archives of documents, and the check that DOCX and ODT share."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from ingest.readers.limits import Clock
from rag.errors import UnreadableFile

_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive or message. ``name`` is its path inside, parts divided by ``/``.

    Where it cannot be taken out, ``data`` is empty and ``problem`` gives the reason and the remedy.
    """

    name: str
    data: bytes
    problem: str = ""


def open_package(data: bytes, clock: Clock) -> zipfile.ZipFile:
    """The zip file in ``data`` after checking its declared sizes; raises ``UnreadableFile``."""
    if data.startswith(_OLE):
        raise UnreadableFile("is protected by a password or an old Office file; save a copy as DOCX or PDF")
    try:
        package = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError):
        raise UnreadableFile("is damaged or not what its ending says; open and save it again") from None
    members = package.infolist()
    if len(members) > clock.limits.max_members:
        raise UnreadableFile(
            f"holds {len(members)} files, more than the limit of {clock.limits.max_members}; divide it"
        )
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile("is protected by a password; save a copy without one")
    clock.check_unpacked(sum(member.file_size for member in members), len(data))
    return package


def check_package(data: bytes, clock: Clock) -> None:
    """Raise ``UnreadableFile`` for a package that is damaged, protected or larger inside than allowed."""
    open_package(data, clock).close()


def unpack(data: bytes, clock: Clock) -> Iterator[Member]:
    """The files in a zip archive; hidden and system files are left out. Raises ``UnreadableFile``."""
    with open_package(data, clock) as package:
        for info in package.infolist():
            clock.check()
            name = _name(info)
            if info.is_dir() or any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts):
                continue
            try:
                yield Member(name, _content(package, info, clock))
            except UnreadableFile as error:
                yield Member(name, b"", str(error))


def _content(package: zipfile.ZipFile, info: zipfile.ZipInfo, clock: Clock) -> bytes:
    # The declared size may lie, so no more than it is ever read.
    try:
        with package.open(info) as file:
            content = file.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
        raise UnreadableFile("is damaged inside the archive; unpack it by hand") from None
    clock.check_unpacked(
        len(content), max(info.compress_size, 1) if info.file_size < len(content) else len(content)
    )
    return content


def _name(info: zipfile.ZipInfo) -> str:
    name = info.filename
    if not info.flag_bits & 0x800:
        # Without the UTF-8 mark zipfile reads names as cp437, where Swedish Windows writes cp850.
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = name.encode("cp437", "replace").decode("cp850", "replace")
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("..", "/", ".")]
    return "/".join(parts)
