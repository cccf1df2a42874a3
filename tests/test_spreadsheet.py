import time
from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile

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


def packed(tmp_path, **members):
    """A real workbook, some of whose members were replaced."""
    file, nasty = tmp_path / "honest.xlsx", tmp_path / "nasty.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["entity", "id", "status"])
    book.active.append(["company", 42, "cold"])
    book.save(file)
    with ZipFile(file) as honest, ZipFile(nasty, "w", ZIP_DEFLATED) as out:
        for one in {*honest.namelist(), "xl/sharedStrings.xml"}:
            name = one.rpartition("/")[2].partition(".")[0]
            out.writestr(one, members.get(name) or (honest.read(one) if one in honest.namelist() else b"<sst/>"))
    return nasty


DOCTYPE = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]>"
SHEET = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("sheet1", SHEET + b"<row><c><v>1</v></c></row>" * 100_000),
        ("sharedStrings", b" " * 70_000_000),
        ("workbook", DOCTYPE + b"<workbook/>"),
        ("sheet1", b" " * 9000 + DOCTYPE + SHEET),
        ("sheet1", b"\xff\xfe" + (DOCTYPE + SHEET).decode().encode("utf-16-le")),
        ("sheet1", SHEET + b"<row>"),
        ("sheet1", b"no xml"),
        ("styles", b"<styleSheet><cellXfs count='1'/>"),
    ],
)
def test_section_10_a_workbook_that_is_a_bomb_is_refused_in_one_line(tmp_path, member, content):
    """Section 10: neither minutes nor gigabytes, nor a traceback."""
    file = packed(tmp_path, **{member: content})
    began = time.perf_counter()

    with pytest.raises(Trouble, match=r"nasty\.xlsx") as refused:
        list(rows(file))

    assert refused.value.code == 2
    assert time.perf_counter() - began < 5


def test_section_10_a_row_that_claims_every_column_is_read_by_its_first(tmp_path):
    """Section 10: 16,384 cells in each of a million rows are a bomb, too."""
    row = b"<row><c t='inlineStr'><is><t>entity</t></is></c><c r='XFD%d'><v>1</v></c></row>"
    sheet = SHEET + b"".join(row % number for number in (1, 2)) + b"</sheetData></worksheet>"

    with pytest.raises(Trouble, match="first row must name the columns"):
        list(rows(packed(tmp_path, sheet1=sheet)))
