"""Reads from the portal what settings can point at, in two requests on most portals."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from crm_robots.portal import structure, telephony
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.crm_mode import CRM_MODE, is_simple
from crm_robots.portal.items import our_name
from crm_robots.portal.people import complete_directory, first_pages
from crm_robots.settings.portal_data import KINDS, Category, EnumItem, PortalData, PortalField, Stage
from crm_robots.shared.items import to_id

_DICTIONARIES = ("SOURCE", "HONORIFIC", "CONTACT_TYPE", "COMPANY_TYPE", "DEAL_TYPE")
_MULTI_FIELDS = {"PHONE": ("Телефон", "Phone"), "EMAIL": ("E-mail", "E-mail"), "WEB": ("Сайт", "Website")}
_ORDER = {"P": 0, "S": 1, "F": 2}


def read_portal(bitrix24: Bitrix24, language: str) -> PortalData:
    """Everything that names are looked up in. A refusal, such as a missing scope, is raised."""
    replies = bitrix24.read(_first(language) | first_pages())
    categories = _categories(_result(replies, "categories"))
    later = {f"stages{one.id}": structure.dictionary(f"DEAL_STAGE_{one.id}") for one in categories if one.id}
    later |= {f"dictionary_{name}": structure.dictionary(name) for name in _dictionaries_of_user_fields(replies)}
    replies |= bitrix24.read(later)
    stages: dict[int | None, tuple[Stage, ...]] = {None: _stages(_rows(replies, "stages"), None)}
    stages |= {one.id: _stages(_rows(replies, f"stages{one.id}"), one.id) for one in categories}
    return PortalData(
        origin=bitrix24.origin,
        webhook_user_id=to_id(_result(replies, "profile").get("ID")) or 0,
        categories=categories,
        stages=stages,
        fields=_standard_fields(replies, language) | _user_fields(bitrix24, replies, language),
        presets=_presets(replies["presets"]),
        directory=complete_directory(bitrix24, replies),
        simple_crm=is_simple(replies["mode"]),
        scopes=_scopes(replies["scope"]),
        silent_telephony=telephony.is_silent({name: replies[name] for name in telephony.QUESTIONS}),
    )


def reread_user_fields(bitrix24: Bitrix24, data: PortalData, language: str) -> PortalData:
    """The same portal with its user fields as they are now."""
    replies = bitrix24.read({f"user_fields_{kind}": structure.user_fields_of(kind, language) for kind in KINDS})
    standard = {key: one for key, one in data.fields.items() if not one.id}
    read = _user_fields(bitrix24, replies, language)
    # Dictionaries are not read again: publishing makes neither them nor fields of them.
    read |= {key: replace(one, items=data.fields[key].items) for key, one in read.items() if _keeps(one, data, key)}
    return replace(data, fields=standard | read)


def _keeps(one: PortalField, data: PortalData, key: tuple[str, str]) -> bool:
    return one.type == "crm_status" and key in data.fields


def _first(language: str) -> dict[str, Command]:
    commands = {
        "profile": Command("profile", {}),
        "mode": Command(CRM_MODE, {}),
        "scope": Command("scope", {}),
        **telephony.QUESTIONS,
        "categories": structure.deal_categories(),
        "stages": structure.dictionary("STATUS"),
        # The general category is number 0, but the name of its dictionary has no number.
        "stages0": structure.dictionary("DEAL_STAGE"),
        "presets": structure.requisite_presets(),
    }
    commands |= {f"dictionary_{name}": structure.dictionary(name) for name in _DICTIONARIES}
    commands |= {f"user_fields_{kind}": structure.user_fields_of(kind, language) for kind in KINDS}
    return commands | {f"fields_{kind}": structure.fields_of(kind) for kind in KINDS}


def _scopes(reply: Reply) -> frozenset[str] | None:
    return frozenset(map(str, reply.result)) if reply.error is None and isinstance(reply.result, list) else None


def _result(replies: Mapping[str, Reply], name: str) -> Mapping[str, Any]:
    reply = replies[name]
    if reply.error:
        raise reply.error
    return reply.result if isinstance(reply.result, Mapping) else {}


def _rows(replies: Mapping[str, Reply], name: str) -> list[Mapping[str, Any]]:
    reply = replies[name]
    if reply.error:
        raise reply.error
    rows = reply.result.values() if isinstance(reply.result, Mapping) else reply.result or ()
    return list(rows)


def _categories(result: Mapping[str, Any]) -> tuple[Category, ...]:
    rows = result.get("categories") or ()
    found = {to_id(row.get("id")) or 0: str(row.get("name") or "") for row in rows}
    return tuple(Category(number, name) for number, name in found.items())


def _stages(rows: Iterable[Mapping[str, Any]], category_id: int | None) -> tuple[Stage, ...]:
    found = [
        (
            _number(row.get("SORT")),
            Stage(str(row["STATUS_ID"]), str(row.get("NAME") or ""), _semantics(row), category_id),
        )
        for row in rows
    ]
    return tuple(stage for _, stage in sorted(found, key=lambda one: (_ORDER[one[1].semantics], one[0])))


def _semantics(row: Mapping[str, Any]) -> str:
    """Old portals tell it in EXTRA only: process, success, failure, apology."""
    extra = row.get("EXTRA")
    words = {"success": "S", "failure": "F", "apology": "F"}
    told = str(row.get("SEMANTICS") or "").upper()
    return (
        told if told in ("S", "F") else words.get(str(extra.get("SEMANTICS") if isinstance(extra, dict) else ""), "P")
    )


def _dictionaries_of_user_fields(replies: Mapping[str, Reply]) -> list[str]:
    """Dictionaries that only user fields of the type `crm_status` take their values from."""
    rows = (row for kind in KINDS for row in _rows(replies, f"user_fields_{kind}"))
    named = (str(_settings(row).get("ENTITY_TYPE") or "") for row in rows if row.get("USER_TYPE_ID") == "crm_status")
    return sorted({name for name in named if name} - set(_DICTIONARIES))


def _dictionary(replies: Mapping[str, Reply], name: object) -> tuple[EnumItem, ...]:
    rows = _rows(replies, f"dictionary_{name}") if f"dictionary_{name}" in replies else ()
    return tuple(
        EnumItem(str(one["STATUS_ID"]), str(one.get("NAME") or ""), sort=_number(one.get("SORT"))) for one in rows
    )


def _settings(row: Mapping[str, Any]) -> Mapping[str, Any]:
    settings = row.get("SETTINGS")
    return settings if isinstance(settings, Mapping) else {}


def _standard_fields(replies: Mapping[str, Reply], language: str) -> dict[tuple[str, str], PortalField]:
    found: dict[tuple[str, str], PortalField] = {}
    for kind in KINDS:
        rows = _result(replies, f"fields_{kind}").get("fields") or {}
        for name, row in rows.items():
            if not name.startswith("UF_") and name != "fm":
                code = our_name(name)
                found[kind, code] = _standard_field(kind, code, row, replies)
        if kind != "deal":
            for code, labels in _MULTI_FIELDS.items():
                label = labels[language == "en"]
                found[kind, code] = PortalField(kind, code, label, "crm_multifield", multiple=True)
    return found


def _standard_field(kind: str, code: str, row: Mapping[str, Any], replies: Mapping[str, Reply]) -> PortalField:
    items = _dictionary(replies, row.get("statusType"))
    label, kind_of_value = str(row.get("title") or code), str(row.get("type") or "string")
    several, linked = bool(row.get("isMultiple")), kind_of_value.removeprefix("crm_")
    return PortalField(kind, code, label, kind_of_value, several, items, links_to=linked if linked in KINDS else "")


def _user_fields(bitrix24: Bitrix24, replies: Mapping[str, Reply], language: str) -> dict[tuple[str, str], PortalField]:
    found: dict[tuple[str, str], PortalField] = {}
    for kind in KINDS:
        reply = replies[f"user_fields_{kind}"]
        rows = _rows(replies, f"user_fields_{kind}")
        while reply.next:
            more = {"more": structure.user_fields_of(kind, language, reply.next)}
            reply = bitrix24.read(more)["more"]
            rows += _rows({"more": reply}, "more")
        for row in rows:
            field = _user_field(kind, row, replies)
            found[kind, field.code] = field
    return found


def _user_field(kind: str, row: Mapping[str, Any], replies: Mapping[str, Reply]) -> PortalField:
    code = str(row["FIELD_NAME"])
    raw = row.get("LIST") or ()
    items = [_enum_item(one) for one in (raw.values() if isinstance(raw, Mapping) else raw)]
    settings = _settings(row)
    linked = [one for one in KINDS if str(settings.get(one.upper())).upper() == "Y"]
    return PortalField(
        kind,
        code,
        _label(row) or code,
        str(row.get("USER_TYPE_ID") or "string"),
        str(row.get("MULTIPLE")).upper() in ("Y", "TRUE", "1"),
        tuple(sorted(items, key=lambda item: item.sort)) or _dictionary(replies, settings.get("ENTITY_TYPE")),
        to_id(row.get("ID")) or 0,
        links_to=linked[0] if len(linked) == 1 else "",
    )


def _label(row: Mapping[str, Any]) -> str:
    for name in ("EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "LIST_FILTER_LABEL"):
        label = row.get(name)
        if isinstance(label, Mapping):
            label = next((text for text in label.values() if text), "")
        if label:
            return str(label)
    return ""


def _enum_item(row: Mapping[str, Any]) -> EnumItem:
    return EnumItem(
        to_id(row.get("ID")) or 0,
        str(row.get("VALUE") or ""),
        str(row.get("XML_ID") or ""),
        _number(row.get("SORT")),
    )


def _presets(reply: Reply) -> tuple[tuple[int, str, str], ...]:
    """None where the webhook's owner may not see requisites: only conversion asks for them."""
    rows = reply.result if isinstance(reply.result, list) else ()
    return tuple((to_id(row.get("ID")) or 0, str(row.get("NAME") or ""), str(row.get("XML_ID") or "")) for row in rows)


def _number(value: Any) -> int:
    return int(float(str(value))) if str(value or "").replace(".", "", 1).isdigit() else 0
