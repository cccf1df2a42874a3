"""The six figures that both READMEs show, taken from the tables that `make bench` writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.row import Row

BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
_HEADS = {"en": "| figure | measured | goal |", "ru": "| показатель | измерено | цель |"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of a table, by the beginnings of the table's title and of the row, and what the READMEs call it."""

    table: str
    row: str
    words: dict[str, str]


FIGURES = (
    Figure(
        "Events, each alone",
        "qualification: requests to the portal, nothing changes",
        {
            "en": "requests to the portal for a lone event that changes nothing",
            "ru": "запросов к порталу на одиночное событие, которое ничего не меняет",
        },
    ),
    Figure(
        "Events in a flood",
        "qualification: requests per event, nothing changes",
        {
            "en": "… for an event of a flood (50 are read together)",
            "ru": "… на событие из потока (читаются по 50)",
        },
    ),
    Figure(
        "Bulk work against the portal's limit",
        "5,000 cards updated: time",
        {
            "en": "5,000 cards updated: time, against the portal's limit",
            "ru": "5000 карточек изменено: время, по сравнению с ограничением портала",
        },
    ),
    Figure(
        "The day's run",
        "HTTP requests, against",
        {
            "en": "the day's run: requests, against the fewest possible",
            "ru": "запросов за дневной обход, по сравнению с наименьшим возможным числом",
        },
    ),
    Figure(
        "Timers",
        "reindex of 12,000 cards",
        {
            "en": "12,000 cards re-indexed: requests, against the fewest possible",
            "ru": "запросов на переиндексацию 12 000 карточек, по сравнению с наименьшим числом",
        },
    ),
    Figure(
        "Dollars a month: 12,000 clients",
        "**all together**",
        {
            "en": "dollars a month on AWS: 12,000 clients, 5,000 webhooks a day",
            "ru": "долларов в месяц на AWS: 12 000 клиентов, 5000 вебхуков в день",
        },
    ),
)


def table(rows: Sequence[Row], language: str) -> str:
    """Markdown; fails where a figure is not among the rows."""
    chosen = [(one.words[language], _of(rows, one)) for one in FIGURES]
    lines = [f"| {words} | {row.measured.strip('*')} | {row.goal} |" for words, row in chosen]
    return "\n".join([_HEADS[language], "| --- | --- | --- |", *lines])


def _of(rows: Sequence[Row], figure: Figure) -> Row:
    found = [one for one in rows if one.table.startswith(figure.table) and one.figure.startswith(figure.row)]
    if not found:
        raise LookupError(f"no row {figure.row!r} in a table {figure.table!r}: change bench/figures.py")
    return found[0]


def write(root: Path, rows: Sequence[Row]) -> None:
    """Puts the figures between the markers of both READMEs."""
    for name, language in (("README.md", "en"), ("README.ru.md", "ru")):
        page = root / name
        before, _, rest = page.read_text().partition(BEGIN)
        page.write_text(f"{before}{BEGIN}\n{table(rows, language)}\n{END}{rest.partition(END)[2]}")
