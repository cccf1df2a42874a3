"""Rows of a CSV or XLSX file as texts by column name, read one by one."""

import codecs
import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from admin.columns import Cells, named
from admin.trouble import Trouble
from admin.workbook import opened

_BOOKS = (".xlsx", ".xlsm")
_SAMPLE = 64 * 1024
_TOLD = re.compile(r'"?sep=([,;\t])', re.IGNORECASE)
"""The line that Excel reads the delimiter from."""
_MOST_COLUMNS = 200
"""A row of a sheet may claim 16,384."""


def rows(path: Path, entity: str = "") -> Iterator[tuple[int, Cells]]:
    """Each row that is not empty, numbered as spreadsheets do: the heading is row 1."""
    if not path.is_file():
        raise Trouble("file.none", file=path)
    if path.suffix.lower() in _BOOKS:
        return named(path.name, _xlsx(path), entity)
    if path.suffix.lower() in (".csv", ".txt", ".tsv"):
        return named(path.name, _csv(path), entity)
    raise Trouble("file.no_table", file=path.name)


def _csv(path: Path) -> Iterator[list[str]]:
    # A byte that Windows-1251 does not have spoils its row, not the file.
    with path.open(encoding=_encoding(path), errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=_delimiter(file))
        try:
            yield from reader
        except csv.Error as error:  # an unclosed quotation mark turns the rest of the file into one cell
            raise Trouble("file.csv", 2, file=path.name, line=reader.line_num, why=error) from None


def _encoding(path: Path) -> str:
    """UTF-8 or UTF-16 by its byte order mark, or UTF-8 without one; otherwise Windows-1251, as Excel writes."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
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
    told = _TOLD.match(heading)
    return told.group(1) if told else max(",;\t", key=heading.count)


def _xlsx(path: Path) -> Iterator[list[str]]:
    with opened(path) as book:
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
        for line in sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS):
            yield [_text(cell) for cell in line]


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
