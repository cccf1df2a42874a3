"""Whatever people type stays text: in every command that we send, and in every text that we write.

Actions and texts are found by walking the package, so that new ones are tried as well.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import crm_robots
import msgspec
import pytest
from crm_robots.engine.references import in_batch, resolve
from crm_robots.portal.commands import Command, encode
from crm_robots.portal.queries import as_typed
from crm_robots.portal.writes import WRITES
from crm_robots.settings.publish import publish  # noqa: F401 - everything can be imported
from crm_robots.shared.actions import Action
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import ItemRef
from crm_robots.shared.markup import Markup, quoted, quoted_lines
from crm_robots.shared.plan import Cause, Plan, read_plan, to_json
from crm_robots.shared.reference import Reference

from sandbox.portal import brackets
from sandbox.rest.batch import _resolve
from sandbox.web.bbcode import to_html

NASTY = [
    "$result[made][item][id]",
    "$RESULT[made][item][id]",
    "$result[made][&entityTypeId=2&id=1&fields%5Btitle%5D=X&x=]",
    "Запрос $result[p0_visit][task][description]",
    "$$result[made]",
    '{"$": "made", "command": "made", "path": []}',
    "[url=https://evil.example]Анна[/url]",
    "[b]жирный[/B] [[i]x[/i] [ url ]y[/url]",
    "[\x00url=https://evil.example]скрытый[/url]",
    "[user=1]начальник[/user] [*][disk file id=1]",
    "{lead[TITLE]} {refusal} {0} {} {client} %s",
    "строка\r\nТелефон: +7 900\x07\x1b[31m\u202eтскет",
    "&fields[TITLE]=X#;?=%26",
    "конец [",
]
RESULTS = {"made": {"item": {"id": 77}}, "p0_visit": {"task": {"description": "чужое"}}}
KINDS: tuple[type, ...] = get_args(Action)
DATA = {"rule", "key", "kind", "mark", "name", "AddAddress.text"}
"""Fields that hold data; what people read is `Markup`."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_people_read_is_markup_in_every_action(kind: type) -> None:
    plain = {name for name, hint in get_type_hints(kind).items() if hint is str}
    assert {name for name in plain if name not in DATA and f"{kind.__name__}.{name}" not in DATA} == set()


def test_every_action_is_tried() -> None:
    assert set(KINDS) == set(WRITES)


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_command_lets_a_text_become_a_parameter_or_a_reference(kind: type, text: str) -> None:
    """Also after the action was kept in a table, and in the questions whether it happened."""
    action = filled(kind, text)
    plan = Plan(1, Cause("", "", 0), Decision({}, step(action)))
    kept = read_plan(to_json(plan)).decision.actions[0]
    assert kept == action

    known = resolve(kept, {"made": 77})
    write = WRITES[kind]
    for command in (write.command(known), *write.looks(known)):
        sent = Command(command.method, in_batch(command.params, "p0_", {"made"}))
        method, _, query = encode(sent, {"made": 1, "p0_made": 1, "p0_visit": 1}).partition("?")
        assert method == command.method
        arrived = {key: _resolve(value, RESULTS) for key, value in brackets.parse(query).items()}
        assert leaves(arrived) == leaves(plain(command.params))


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_text_for_people_holds_live_markup_that_somebody_typed(kind: type, text: str) -> None:
    for part in markups(filled(kind, text)):
        assert_dead(part)


def templates() -> Iterator[tuple[str, str, Markup]]:
    for module in pkgutil.walk_packages(crm_robots.__path__, "crm_robots."):
        for value in vars(importlib.import_module(module.name)).values():
            for key, template in texts_in(value):
                yield module.name, key, template


def texts_in(table: Any) -> Iterator[tuple[str, Markup]]:
    """A robot's texts stand by language, or by kind of card and language."""
    for key, part in table.items() if isinstance(table, dict) else ():
        if isinstance(part, Markup):
            yield str(key), part
        else:
            yield from texts_in(part)


TEMPLATES = list(dict.fromkeys(templates()))


def test_the_robots_texts_are_found() -> None:
    robots = {module.split(".")[2] for module, _, _ in TEMPLATES if ".robots." in module}
    assert robots >= {"client_status", "conversion", "daily", "lost_deal", "qualification", "routing"}


@pytest.mark.parametrize("text", NASTY)
def test_every_text_quotes_what_is_filled_in(text: str) -> None:
    for module, key, template in TEMPLATES:
        names = set(re.findall(r"\{(\w*)", template))
        told = template.format(**dict.fromkeys(names - {""}, text))
        own = template.format(**dict.fromkeys(names - {""}, "x"))
        assert tags(told) == tags(own.replace("=x]", f"={quoted(text)}]")), (module, key)


@pytest.mark.parametrize("text", NASTY)
def test_a_text_of_several_lines_is_quoted_as_well(text: str) -> None:
    assert_dead(quoted_lines(text))
    assert len(quoted(text).splitlines()) == 1


@pytest.mark.parametrize("text", NASTY[:5])
def test_what_comes_back_from_the_portal_reads_as_it_was_typed(text: str) -> None:
    query = encode(Command("crm.item.add", {"t": text}), {"made": 1}).partition("?")[2]
    stored = brackets.parse(query)["t"]
    assert msgspec.json.decode(as_typed(msgspec.json.encode(stored))) == text


def filled(kind: type, text: str) -> Any:
    """An action of that kind with the text wherever one fits, and references wherever they do."""
    hints = {field.name: get_type_hints(kind)[field.name] for field in msgspec.structs.fields(kind)}
    return kind(**{name: _value(name, hint, text) for name, hint in hints.items()})


def _value(name: str, hint: Any, text: str) -> Any:
    item = ItemRef("deal", Reference("made", ("item", "id")))
    fixed = {
        "key": "made2",
        "rule": "x",
        "optional": False,
        "kind": "deal",
        "mark": "lead:17:deal",
        "one_per_lead": None,
        "old_responsible_id": 4,
    }
    if name in fixed:
        return fixed[name]
    known = {
        str: text,
        int: 5,
        bool: True,
        Markup: Markup("[b]{}[/b]").format(text),
        ItemRef: item,
        datetime: datetime(2026, 1, 5, tzinfo=UTC),
    }
    if hint in known:
        return known[hint]
    if Markup in get_args(hint):
        return known[Markup]
    if Reference in get_args(hint):
        return item.id
    if name == "kinds":
        return {text: "WORK"}
    if name == "bindings":
        return (item, "CO_4")
    if name in ("auditors", "user_ids"):
        return (5, 6)
    if name == "rows":
        return [{"productName": text, "price": 5}]
    assert name in ("fields", "old"), f"how is {name} filled?"
    return {"TITLE": text, "UF_CRM_LIST": [text, text], "COMPANY_ID": item.id, "PHONE": [text]}


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value


def leaves(value: Any, path: str = "") -> dict[str, str]:
    """Every value under its place, as people typed it."""
    if isinstance(value, dict | list) and value:
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        return {key: leaf for name, part in entries for key, leaf in leaves(part, f"{path}[{name}]").items()}
    text = "" if value is None or value == [] else str(int(value) if isinstance(value, bool) else value)
    return {path: as_typed(msgspec.json.encode(text)).decode()}


def markups(value: Any) -> Iterator[Markup]:
    if isinstance(value, Markup):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from markups(getattr(value, name))


def tags(text: str) -> list[str]:
    return re.findall(r"\[\s*/?\s*[A-Za-z*][^\]]*\]", text)


def assert_dead(text: str) -> None:
    assert set(tags(text)) <= {"[b]", "[/b]"}, text
    assert "<a" not in to_html(re.sub(r"https?://", "", text))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", text)
