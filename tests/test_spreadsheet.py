from datetime import date

import openpyxl
import pytest

from admin.spreadsheet import rows, size
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


def test_section_7_a_byte_that_no_encoding_has_spoils_its_row_alone(tmp_path):
    """SECTION 7: bad rows are reported and skipped."""
    file = tmp_path / "clients.csv"
    file.write_bytes("entity;id;status\ncompany;1;Гор".encode("cp1251") + b"\x98\ncompany;2;cold\n")

    assert [(row, cells["status"]) for row, cells in rows(file)] == [(2, "Гор\ufffd"), (3, "cold")]


def test_section_7_a_cell_without_end_is_one_clear_line(tmp_path):
    """SECTION 7: as a quotation mark makes it that nothing closes."""
    file = tmp_path / "clients.csv"
    file.write_text('entity,id,status\ncompany,1,"' + "x" * 200_000)

    with pytest.raises(Trouble, match=r"clients\.csv, line 2: field larger"):
        list(rows(file))


def test_section_7_a_heading_that_is_none_is_shown_in_one_short_line(tmp_path):
    """SECTION 7: whatever stands there."""
    file = tmp_path / "clients.csv"
    file.write_text('"a\n\nb",c' + ",d" * 1000)

    with pytest.raises(Trouble, match="found a b, c, d") as trouble:
        list(rows(file))
    assert len(str(trouble.value)) < 250
    assert "\n" not in str(trouble.value)


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


def test_section_7_what_only_calls_itself_a_workbook_is_one_clear_line_for_the_progress_too(tmp_path):
    """SECTION 7: the import asks how many rows there are before it reads the first."""
    file = tmp_path / "clients.xlsx"
    file.write_text("no workbook")

    with pytest.raises(Trouble, match=r"clients\.xlsx is no readable XLSX file"):
        size(file)
