from datetime import date
from zipfile import ZipFile

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


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("sep=;\nentity;id;status\ncompany;42;Горячий\n", "cp1251"),
        ("entity\tid\tstatus\ncompany\t42\tГорячий\n", "utf-16"),
        ("ID;Название компании;Статус клиента;Дата\n42;ООО Ромашка;Горячий;05.01.2026\n", "utf-8-sig"),
        ("Компания/Контакт;ID;Статус;Дата\nКомпания;42;Горячий;05.01.2026\n", "cp1251"),
    ],
)
def test_section_7_files_of_excel_and_of_bitrix24_are_read(tmp_path, text, encoding):
    """SECTION 7: Excel's line about the delimiter, UTF-16, Russian headings."""
    file = tmp_path / "clients.csv"
    file.write_text(text, encoding=encoding)

    ((_, cells),) = rows(file)

    assert (cells["entity"].casefold(), cells["id"], cells["status"]) in (
        ("company", "42", "Горячий"),
        ("компания", "42", "Горячий"),
    )


def test_section_7_an_export_of_contacts_is_told_by_its_headings(tmp_path):
    """SECTION 7: it names the contact's company as well."""
    file = tmp_path / "contacts.csv"
    file.write_text("ID,Имя,Фамилия,Компания,Статус\n7,Анна,Орлова,Ромашка,Тёплый\n")

    assert [cells["entity"] for _, cells in rows(file)] == ["contact"]


def test_section_7_a_workbook_with_a_wrong_size_is_read_whole(tmp_path):
    """SECTION 7: report generators write `A1:D1` over any number of rows."""
    file, wrong = tmp_path / "clients.xlsx", tmp_path / "wrong.xlsx"
    book = openpyxl.Workbook()
    for line in (["entity", "id", "status"], ["company", 1, "hot"], ["company", 2, "warm"]):
        book.active.append(line)
    book.save(file)
    with ZipFile(file) as good, ZipFile(wrong, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name).replace(b'<dimension ref="A1:C3"', b'<dimension ref="A1:C1"'))

    assert [cells["id"] for _, cells in rows(wrong)] == ["1", "2"]
