"""Writes rows to a CSV or XLSX file. What people typed stays text: no spreadsheet takes it for a formula."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from admin.trouble import Trouble

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

type Write = Callable[[Sequence[str]], None]


@contextmanager
def writer(path: Path) -> Iterator[Write]:
    """A function that adds one row. The file is complete when the block ends."""
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise Trouble("file.no_table", 2, file=path.name)
    try:
        with _csv(path) if kind == ".csv" else _xlsx(path) as write:
            yield write
    except OSError as error:
        raise Trouble("file.trouble", file=path, why=error.strerror) from None


@contextmanager
def _csv(path: Path) -> Iterator[Write]:
    # The byte order mark tells Excel that this is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        yield lambda cells: rows.writerow([f"'{one}" if one.startswith(_FORMULA) else one for one in cells])


@contextmanager
def _xlsx(path: Path) -> Iterator[Write]:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet()

    def write(cells: Sequence[str]) -> None:
        row = [WriteOnlyCell(sheet, value=one) for one in cells]
        for cell in row:
            cell.data_type = "s"
        sheet.append(row)

    yield write
    book.save(path)
