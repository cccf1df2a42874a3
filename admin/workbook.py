"""Opens an XLSX file from anywhere: what unpacks without measure, or has a document type, is refused unread."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile
from zlib import error as zlib_error

from admin.trouble import Trouble

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_BYTES = 400 * 1024 * 1024
"""Unpacked: a million rows of a client's four columns are about half of it."""
MOST_SHARED = 64 * 1024 * 1024
"""Of the table of texts, which is held in memory several times over."""
MOST_MEMBERS = 2000
_HONEST_RATIO = 200
"""XML of a sheet packs to a twentieth; zeros pack to a thousandth."""
_SMALL = 1024 * 1024
_UNREADABLE = (
    BadZipFile,
    zlib_error,
    ParseError,
    expat.ExpatError,
    KeyError,
    OSError,
    ValueError,
    IndexError,
    TypeError,
)


@contextmanager
def opened(path: Path) -> Iterator["Workbook"]:
    """The book, to be read row by row; `Trouble` whenever it turns out to be none."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _examine(path)
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            yield book
        finally:
            book.close()
    except (InvalidFileException, NotImplementedError, *_UNREADABLE) as error:
        raise Trouble("file.no_xlsx", 2, file=path.name, why=type(error).__name__) from None


def _examine(path: Path) -> None:
    with ZipFile(path) as packed:
        members = packed.infolist()
        if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_BYTES:
            raise Trouble("file.swells", 2, file=path.name)
        for one in members:
            is_shared = one.filename.casefold().endswith("sharedstrings.xml") and one.file_size > MOST_SHARED
            if is_shared or (one.file_size > _SMALL and one.file_size > _HONEST_RATIO * one.compress_size):
                raise Trouble("file.swells", 2, file=f"{path.name} ({one.filename})")
            if one.filename.casefold().endswith((".xml", ".rels")):
                _refuse_document_type(path, packed, one.filename)


def _refuse_document_type(path: Path, packed: ZipFile, member: str) -> None:
    """Entities may swell without end and fetch files. A document type stands before the first element, or nowhere."""
    parser, begun = expat.ParserCreate(), []

    def refuse(*_: object) -> None:
        raise Trouble("file.document_type", 2, file=path.name, member=member)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda *_: begun.append(True)
    with packed.open(member) as content:
        while not begun and (piece := content.read(4096)):
            parser.Parse(piece)
