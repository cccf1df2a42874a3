"""Webhooks, REST calls and entries of the robots' journal as lines of a log."""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sandbox.portal import brackets
from sandbox.portal.events import Delivery
from sandbox.portal.types import BY_ID, BY_NAME

_ITEM_EVENT = re.compile(r"ONCRM(?P<kind>LEAD|DEAL|CONTACT|COMPANY)(ADD|UPDATE|DELETE)")
_READS = re.compile(r"(get|list|fields|findbycomm|profile|scope|server\.time|items)$", re.I)
_TYPE_KEYS = ("entitytypeid", "ownertypeid", "entitytype", "ownertype")
_ID_KEYS = ("id", "entityid", "ownerid")
_BRIEF = 140


class Line(NamedTuple):
    """One thing that happened. `item` is `lead:17` where it is about one; `bad`: it went wrong.

    `inner`: a command inside the batch above it; `writes`: it changed something.
    """

    what: str
    item: str = ""
    more: str = ""
    outcome: str = ""
    bad: bool = False
    inner: bool = False
    writes: bool = False


def delivery_line(one: Delivery) -> Line:
    """A webhook that went out: never its token, nor the query of its address."""
    found = _ITEM_EVENT.fullmatch(one.event)
    fields = one.data.get("FIELDS") or {}
    item = f"{found['kind'].lower()}:{fields.get('ID')}" if found else ""
    document = one.data.get("document_id")
    if document:
        kind, _, item_id = str(document[2]).partition("_")
        item = f"{kind.lower()}:{item_id}"
    to = urlsplit(one.url).path.rsplit("/", 1)[-1]
    outcome = f"→ {to} {one.outcome}".strip()
    bad = bool(one.outcome) and not one.outcome.startswith("2")
    return Line(one.event or "automation rule", item, "" if item else _brief(fields or one.data), outcome, bad=bad)


def call_lines(call: Mapping[str, Any]) -> Iterator[Line]:
    """A REST request; a batch is followed by its commands."""
    outcome = " ".join(str(one) for one in (call["status"], call["error"], call["fault"]) if one)
    bad = call["status"] != 200 or call["error"] is not None
    if call["method"] != "batch":
        yield _call(call["method"], call["params"], outcome, bad=bad)
        return
    given = call["params"].get("cmd") or {}
    texts = list(given.values()) if isinstance(given, dict) else list(given)
    yield Line(f"batch × {len(texts)}", "", "", outcome, bad=bad)
    commands = [str(text).partition("?") for text in texts]
    lines = [_call(method, brackets.parse(query), "", inner=True) for method, _, query in commands]
    # Reads of one kind in a row become one line: there are many, and the writes between them matter.
    for alike, same in groupby(lines, lambda line: (line.what, line.item, line.writes)):
        group = list(same)
        if alike[-1] or len(group) == 1:
            yield from group
        else:
            yield group[0]._replace(what=f"{group[0].what} × {len(group)}")


def _call(method: str, params: Mapping[str, Any], outcome: str, *, bad: bool = False, inner: bool = False) -> Line:
    writes = not _READS.search(method)
    return Line(method, target(method, params), _brief(params), outcome, bad=bad, inner=inner, writes=writes)


def target(method: str, params: Mapping[str, Any]) -> str:
    """The item that a call is about: `lead:17`, or nothing."""
    nested = params.get("fields") if isinstance(params.get("fields"), dict) else {}
    flat = {str(key).lower().replace("_", ""): value for key, value in {**(nested or {}), **params}.items()}
    kind = _kind(method, next((flat[key] for key in _TYPE_KEYS if key in flat), ""))
    item_id = next((flat[key] for key in reversed(_ID_KEYS) if str(flat.get(key, "")).isdigit()), "")
    item_id = item_id or _filtered(params.get("filter"))
    return f"{kind}:{item_id}" if kind and item_id else ""


def _filtered(given: Any) -> str:
    """The only id that a filter lets through."""
    if not isinstance(given, dict):
        return ""
    values = next((value for key, value in given.items() if str(key).lstrip("@=").lower() == "id"), "")
    ids = values if isinstance(values, list) else [values]
    return str(ids[0]) if len(ids) == 1 and str(ids[0]).isdigit() else ""


def _kind(method: str, given: Any) -> str:
    text = str(given).lower()
    if text.isdigit():
        return BY_ID[int(text)].name if int(text) in BY_ID else ""
    parts = method.lower().split(".")
    return text if text in BY_NAME else (parts[1] if len(parts) == 3 and parts[1] in BY_NAME else "")


def journal_line(row: Mapping[str, Any]) -> Line:
    """A write of a robot in words, as `robots journal` tells it."""
    changed = f"{row['field_label']}: {row['old_text']} → {row['new_text']}" if row["field_label"] else row["new_text"]
    return Line(f"{row['robot']} · {_text(changed)}", row["item"], row["why"], row["because"], writes=True)


def _brief(params: Mapping[str, Any]) -> str:
    pairs = (f"{key}={value}" for key, value in brackets.flatten(dict(params)) if key not in ("start", "halt"))
    text = ", ".join(pairs)
    return text if len(text) <= _BRIEF else text[: _BRIEF - 1] + "…"


def _text(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _BRIEF else text[: _BRIEF - 1] + "…"
