"""Rows of a CSV or XLSX file as texts by column name, read one by one."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any, TextIO
from zipfile import BadZipFile

from admin.trouble import Trouble

if TYPE_CHECKING:
    from openpyxl import Workbook

REQUIRED = ("entity", "id", "status")
_KNOWN = (*REQUIRED, "since")
_BOOKS = (".xlsx", ".xlsm")
_SAMPLE = 64 * 1024

type Cells = Mapping[str, str]


def rows(path: Path) -> Iterator[tuple[int, Cells]]:
    """Each row that is not empty, numbered as spreadsheets do: the heading is row 1."""
    if not path.is_file():
        raise Trouble(f"there is no file {path}")
    if path.suffix.lower() in _BOOKS:
        return _named(path, _xlsx(path))
    if path.suffix.lower() in (".csv", ".txt", ".tsv"):
        return _named(path, _csv(path))
    raise Trouble(f"{path.name}: expected a .csv or .xlsx file")


def size(path: Path) -> int | None:
    """How many rows there are, if that is known without reading them."""
    if path.suffix.lower() not in _BOOKS:
        return None
    book = _book(path)
    try:
        sheet = book.worksheets[0]
        return int(sheet.max_row) - 1 if sheet.max_row else None
    finally:
        book.close()


def _named(path: Path, lines: Iterable[list[str]]) -> Iterator[tuple[int, Cells]]:
    numbered = enumerate(lines, start=1)
    heading = [cell.strip().casefold() for cell in next(numbered, (1, []))[1]]
    missing = [name for name in REQUIRED if name not in heading]
    if missing:
        found = shorten(", ".join(filter(None, heading)), 100, placeholder="…") or "nothing"
        raise Trouble(f"{path.name}: the first row must name the columns {', '.join(_KNOWN)}; found {found}", 2)
    for number, cells in numbered:
        if any(cell.strip() for cell in cells):
            yield number, dict(zip(heading, chain(cells, [""] * len(heading)), strict=False))


def _csv(path: Path) -> Iterator[list[str]]:
    # A byte that Windows-1251 does not have spoils its row, not the file.
    with path.open(encoding=_encoding(path), errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=_delimiter(file))
        try:
            yield from reader
        except csv.Error as error:  # an unclosed quotation mark turns the rest of the file into one cell
            raise Trouble(f"{path.name}, line {reader.line_num}: {error}", 2) from None


def _encoding(path: Path) -> str:
    """UTF-8, with or without a byte order mark; otherwise Windows-1251, as Excel writes on a Russian Windows."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1251"
    return "utf-8-sig"


def _delimiter(file: TextIO) -> str:
    heading = file.readline(_SAMPLE)
    file.seek(0)
    return max(",;\t", key=heading.count)


def _xlsx(path: Path) -> Iterator[list[str]]:
    book = _book(path)
    try:
        for line in book.worksheets[0].iter_rows(values_only=True):
            yield [_text(cell) for cell in line]
    finally:
        book.close()


def _book(path: Path) -> "Workbook":
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise Trouble(f"{path.name} is no readable XLSX file ({type(error).__name__})", 2) from None


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
