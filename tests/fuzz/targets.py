"""What must hold whatever comes from outside. Each target takes bytes, and raises where something does not hold."""

import base64
import contextlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl

from crm_robots.engine.gatekeeper import Gatekeeper
from crm_robots.portal.commands import Command, encode
from crm_robots.portal.forms import DEEPEST, Form, NotAForm, parse_form
from crm_robots.portal.queries import as_typed
from crm_robots.receiving import Receiver
from crm_robots.robots.conversion.communications import emails_of, phone_spellings, phones_of
from crm_robots.robots.conversion.phones import read
from crm_robots.robots.registry import ROBOTS, ROWS
from crm_robots.settings.problems import SettingsError, describe
from crm_robots.settings.sections import SECTIONS
from crm_robots.settings.source import split
from crm_robots.settings.validate import validate
from crm_robots.shared.markup import Markup

from admin.spreadsheet import rows
from admin.trouble import Trouble
from functions.receive_webhook import app

ROOT = Path(__file__).parents[2]
TOKEN = "replace-me"
_REQUEST = json.loads((ROOT / "events/receive_webhook.json").read_text())
_ITEM = re.compile(r"(lead|deal|contact|company|activity|requisite|bankdetail):[1-9][0-9]{0,17}")
_EVENTS = {""}.union(*(row.events for row in ROWS))
_HELD = {"application-tokens": TOKEN}
_TAG = re.compile(r"\[\s*/?\s*[A-Za-z*][^\[\]]*\]")
_PROMISED = {200, 400, 403, 413}


class Queues:
    """Where events would go."""

    def __init__(self) -> None:
        self.sent: list[tuple[list[str], dict[str, Any]]] = []

    def put(self, robots: list[str], message: dict[str, Any], request_id: str) -> None:
        """As the inbox does."""
        self.sent.append((robots, message))


class Parameters:
    """The token of the sample event."""

    def get_parameters(self, Names: list[str], WithDecryption: bool) -> dict[str, Any]:
        """As Parameter Store does."""
        held = {name: _HELD.get(name.rpartition("/")[2]) for name in Names}
        rows = [{"Name": name, "Type": "String", "Version": 1, "Value": value} for name, value in held.items() if value]
        return {"Parameters": rows}


def webhook(data: bytes) -> None:
    """W2, W3: one of the promised answers, in JSON; no nonsense in a queue; the same whether base64 or not."""
    text = data.decode(errors="replace")
    plain = _post({"body": text})
    encoded = _post({"body": base64.b64encode(text.encode()).decode(), "isBase64Encoded": True})
    assert plain == encoded
    _post({"body": base64.b64encode(data).decode(), "isBase64Encoded": True})
    with contextlib.suppress(NotAForm):
        assert _depth(parse_form(text)) <= DEEPEST


def _post(body: dict[str, Any]) -> tuple[int, str]:
    queues = Queues()
    keeper = Gatekeeper(Parameters(), "s")
    # Rules have their token in the address: with it they come as far as events do.
    request = _REQUEST | body | {"queryStringParameters": {"token": TOKEN}}
    with patch.object(app, "connect", lambda: Receiver(keeper, queues)):
        answer = app.lambda_handler(request, None)
    status, content = answer["statusCode"], json.loads(answer["body"])
    assert status in _PROMISED, status
    assert TOKEN not in answer["body"]
    if status == 200:
        assert content == {"accepted": bool(queues.sent)}
    else:
        assert content["error"].endswith(".")
        assert not queues.sent
    for robots, message in queues.sent:
        assert robots
        assert set(robots) <= set(ROBOTS)
        assert _ITEM.fullmatch(message["item"])
        assert message["event"] in _EVENTS
        datetime.fromtimestamp(message["ts"], UTC)
        assert len(json.dumps(message)) < 1000
    return status, answer["body"]


def _depth(form: str | Form) -> int:
    return 1 + max(map(_depth, form.values()), default=0) if isinstance(form, dict) else 0


def settings(data: bytes) -> None:
    """P3: sections that hold, or problems in words."""
    text = data.decode(errors="replace")
    with _told():
        for name, piece in split(text).items():
            if name in SECTIONS:
                with _told():
                    validate(name, SECTIONS[name].model, piece.text)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except SettingsError as error:
        assert error.problems
        assert all(describe(problem, language) for problem in error.problems for language in ("ru", "en"))


def spreadsheet(data: bytes) -> None:
    """Section 7: numbered rows of texts, or trouble in one line."""
    file = _folder() / "statuses.csv"
    file.write_bytes(data)
    try:
        for number, cells in rows(file):
            assert number > 1
            assert all(isinstance(cell, str) for cell in cells.values())
    except Trouble as trouble:
        assert "\n" not in str(trouble)


def typed(data: bytes) -> None:
    """Section 10: no text becomes markup, a parameter or a reference, and it comes back as it was typed."""
    text = data.decode(errors="replace")
    told = Markup("[b]{}[/b]").format(text)
    assert _TAG.findall(told) == ["[b]", "[/b]"]
    assert len(told.splitlines()) == 1
    query = encode(Command("crm.item.add", {"fields": {"TITLE": text}, "id": 5}), {"made": 1}).partition("?")[2]
    (_, arrived), *others = parse_qsl(query, keep_blank_values=True)
    assert others == [("id", "5")]
    assert "$result[" not in arrived.lower()
    assert json.loads(as_typed(json.dumps(arrived).encode())) == json.loads(as_typed(json.dumps(text).encode()))


def communications(data: bytes) -> None:
    """C3: any text is some numbers and addresses, or none; a sure number is read again as itself."""
    text = data.decode(errors="replace")
    for country in ("RU", "UZ", "US"):
        for phone in read(text, country).phones:
            assert not phone.is_sure or (phone.key in phones_of([phone.kept], country) and len(phone.key) <= 17)
            assert phone_spellings(text, phone)
    for key, address in emails_of([text]).items():
        assert "@" in address
        assert key in emails_of([address])


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "webhook": webhook,
    "settings": settings,
    "spreadsheet": spreadsheet,
    "typed": typed,
    "communications": communications,
}
