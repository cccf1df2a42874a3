"""The columns of an import: our names, and what people and Bitrix24's own export call them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from textwrap import shorten

from crm_robots.shared.names import folded

from admin.speech import say
from admin.trouble import Trouble

COLUMNS = ("entity", "id", "status", "since")
_REQUIRED = ("id", "status")
_HEADINGS = {
    "entity": {"entity", "сущность", "тип", "тип карточки", "компания/контакт", "контакт/компания"},
    "id": {"id", "ид", "id компании", "id контакта"},
    "status": {"status", "статус", "статус клиента"},
    "since": {"since", "с", "дата", "дата статуса", "статус с"},
}
_OF_CONTACTS = {"контакт", "имя", "фамилия", "contact", "first name", "last name"}
_OF_COMPANIES = {"компания", "название компании", "company", "company name"}

type Cells = dict[str, str]


def named(file: str, lines: Iterable[Sequence[str]], entity: str = "") -> Iterator[tuple[int, Cells]]:
    """Each row that is not empty, with its number, by our names of the columns.

    `entity`: the kind of all cards, where no column tells. Bitrix24's export has no such column, but its other
    headings show what was exported.
    """
    numbered = enumerate(lines, start=1)
    heading = next(numbered, (1, ()))[1]
    if heading and folded(heading[0]).startswith("sep="):  # Excel's own line about the delimiter
        heading = next(numbered, (2, ()))[1]
    ours = _ours(heading)
    kind = entity or _kind({folded(cell) for cell in heading})
    if any(name not in ours for name in _REQUIRED) or ("entity" not in ours and not kind):
        found = shorten(", ".join(filter(None, (cell.strip() for cell in heading))), 100, placeholder="…")
        found = found or say("file.nothing")
        raise Trouble("file.columns", 2, file=file, columns=", ".join(COLUMNS), found=found)
    for number, cells in numbered:
        if any(cell.strip() for cell in cells):
            row = dict(zip(ours, chain(cells, [""] * len(ours)), strict=False))
            yield number, row if "entity" in ours else {**row, "entity": kind}


def _ours(heading: Iterable[str]) -> list[str]:
    """Our names; of two columns that mean the same the first counts."""
    names: list[str] = []
    for cell in heading:
        plain = folded(cell)
        name = next((one for one, written in _HEADINGS.items() if plain in written), "")
        names.append(name if name and name not in names else f"({plain})")
    return names


def _kind(heading: set[str]) -> str:
    # An export of contacts has the contact's company, too.
    if heading & _OF_CONTACTS:
        return "contact"
    return "company" if heading & _OF_COMPANIES else ""
