"""What a card's form changes: only fields that the person changed, so that changes made meanwhile stay."""

import json
import re
from collections.abc import Iterable
from typing import Any

from starlette.datastructures import FormData

from sandbox.portal.fields import Field
from sandbox.web.fields import LINKS, PEOPLE, Shown

SEEN = "seen"
_PHONES = re.compile(r"fm-(?P<key>n?\d+)")


def seen(shown: Iterable[Shown]) -> str:
    """What the form held when it was drawn, as JSON; it travels with the form."""
    return json.dumps({one.name: list(one.raw) for one in shown if one.widget and one.widget != "fm"})


def submitted(form: FormData) -> dict[str, list[str]]:
    """Every field that the form had, as it was sent: an unticked box sends nothing."""
    return {name: _texts(form, name) for name in _seen(form)}


def changes(form: FormData, fields: dict[str, Field]) -> dict[str, Any]:
    """Fields whose control was changed, as `Person.update` takes them."""
    given = submitted(form)
    touched = {name: given[name] for name, before in _seen(form).items() if name in fields and given[name] != before}
    values = {name: value(fields[name], texts) for name, texts in touched.items()}
    phones = _phones(form)
    return {**values, "fm": phones} if phones else values


def value(field: Field, texts: list[str]) -> Any:
    """The value that a form's texts mean."""
    text = texts[0] if texts else ""
    if field.type == "boolean":
        return "Y" if text == "Y" else "N"
    if field.type in LINKS:
        ids = [int(one) for one in re.findall(r"\d+", text)]
        return ids if field.multiple else next(iter(ids), 0)
    if field.type == "enumeration" or field.type in PEOPLE:
        ids = [int(one) for one in texts if one.isdigit()]
        return ids if field.multiple else next(iter(ids), None)
    if field.multiple:
        return [line for line in text.splitlines() if line.strip()]
    return text or None


def _seen(form: FormData) -> dict[str, list[str]]:
    try:
        found = json.loads(str(form.get(SEEN) or "{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _texts(form: FormData, name: str) -> list[str]:
    return [text for one in form.getlist(name) if (text := str(one).replace("\r\n", "\n").strip())]


def _phones(form: FormData) -> dict[str, dict[str, str]]:
    """Phones and e-mails: an emptied one is deleted, a new one (`n0`) is added, an untouched one is left out."""
    found: dict[str, dict[str, str]] = {}
    for name in form:
        match = _PHONES.fullmatch(name)
        if not match:
            continue
        text, kind = str(form[name]).strip(), str(form.get(f"{name}-kind") or "PHONE")
        if text != str(form.get(f"{name}-was") or ""):
            found[match["key"]] = {"typeId": kind, "valueType": "WORK", "value": text}
    return found
