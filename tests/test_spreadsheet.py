from datetime import date

import openpyxl
import pytest

from admin.spreadsheet import rows
from admin.trouble import Trouble


@pytest.mark.parametrize(("encoding", "comma"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1251", ";"), ("utf-8", "\t")])
def test_a_csv_of_any_usual_kind_is_read(tmp_path, encoding, comma):
    file = tmp_path / "clients.csv"
    lines = ["entity,id,status,since", "company,42,Горячий,2026-01-05", ",,,", "contact,7,cold"]
    file.write_text("\n".join(lines).replace(",", comma), encoding=encoding)

    assert [(row, cells["entity"], cells["id"], cells["status"], cells["since"]) for row, cells in rows(file)] == [
        (2, "company", "42", "Горячий", "2026-01-05"),
        (4, "contact", "7", "cold", ""),
    ]


def test_an_xlsx_with_numbers_and_dates_is_read(tmp_path):
    file = tmp_path / "clients.xlsx"
    book = openpyxl.Workbook()
    for line in (
        ["Entity", "ID", "Status", "Since"],
        ["company", 42.0, "Горячий", date(2026, 1, 5)],
        ["contact", 7, "cold"],
    ):
        book.active.append(line)
    book.save(file)

    assert [tuple(cells.values())[:4] for _, cells in rows(file)] == [
        ("company", "42", "Горячий", "2026-01-05"),
        ("contact", "7", "cold", ""),
    ]


def test_a_file_without_the_columns_or_of_another_kind_is_one_clear_line(tmp_path):
    (tmp_path / "a.csv").write_text("company;status\n")
    (tmp_path / "b.xlsx").write_text("no workbook")

    for name, word in {"a.csv": "entity, id, status", "b.xlsx": "XLSX", "c.pdf": "no file", "d.csv": "no file"}.items():
        with pytest.raises(Trouble, match=word):
            list(rows(tmp_path / name))
