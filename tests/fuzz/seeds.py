"""Where fuzzing begins: sample events, sections of the settings file, a spreadsheet, and what was found before."""

import json
from collections.abc import Iterator

from crm_robots.settings.source import split

from tests.fuzz.targets import ROOT

CORPUS = ROOT / "tests/fuzz/corpus"
_RULE = "document_id[0]=crm&document_id[1]=CCrmDocumentDeal&document_id[]=DEAL_12&auth[domain]=acme.bitrix24.example"
_ROWS = "entity;id;status;since\ncompany;42;Горячий;2026-01-05\ncontact;7;cold\n"


def seeds(target: str) -> list[bytes]:
    """All of a target's."""
    found = [file.read_bytes() for file in sorted((CORPUS / target).glob("*"))]
    return found + [text.encode() for text in _MADE[target]()]


def _webhooks() -> Iterator[str]:
    sample = json.loads((ROOT / "events/receive_webhook.json").read_text())["body"]
    yield sample
    yield sample.replace("ONCRMLEADUPDATE", "ONVOXIMPLANTCALLEND").replace(
        "data%5BFIELDS%5D%5BID", "data%5BCRM_ACTIVITY_ID"
    )
    yield _RULE


def _sections() -> Iterator[str]:
    for file in sorted((ROOT / "settings").glob("*.yaml")):
        for name, piece in split(file.read_text(encoding="utf-8")).items():
            yield f"{name}:\n" + "".join(f"  {line}\n" for line in piece.text.splitlines())


def _spreadsheets() -> Iterator[str]:
    yield _ROWS
    yield _ROWS.replace(";", ",")


def _typed() -> Iterator[str]:
    yield from ("$result[made][item][id]", "$RESULT[a][&id=1&fields%5BTITLE%5D=X]", "{refusal} {lead[TITLE]} {0}")
    yield from ("[url=https://evil.example]a[/url]", "[[b]x[/b] [ * ] [", "[\x00b]\x1b[31m\u202e", "a\r\nb\u2028c")


def _communications() -> Iterator[str]:
    yield from ("+7 916 123-45-67, +7 916 765-43-21", "8 916 123-45-67 до 18:00", "22-33-44", "90 123-45-67")
    yield from ("8 029 123-45-67", "+44 (0)20 7946 0958", "8 (495) 123-45-67;ext=123", "8 495 123-45-67 доб. 12")
    yield from (
        "anna@example.ru, Boss <boss@example.ru>",
        "почта@пример.рф a@xn--e1afmkfd.xn--p1ai",
        "нет",
        "\ufeff\u200b",
    )


_MADE = {
    "webhook": _webhooks,
    "settings": _sections,
    "spreadsheet": _spreadsheets,
    "typed": _typed,
    "communications": _communications,
}
