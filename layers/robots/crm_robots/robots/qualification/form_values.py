"""Q11: what people type becomes a value of the field's type, or is refused with what would be right."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from crm_robots.robots.qualification.rules import LeadField
from crm_robots.robots.qualification.words import Words

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{1,6})?", re.ASCII)
_LINK = re.compile(r"https?://[^\s/?#@]+\.[^\s@]+", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_CURRENCY = re.compile(r"[A-Z]{3}")
_SHORTEST_PHONE = 5
_LONGEST = 4000
_MOST_LINES = 50


class WrongValue(Exception):  # noqa: N818 - it names what was typed
    """The field does not take that; `reason` is a text of `form_texts.py`."""

    def __init__(self, reason: str, **words: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = words


def read_value(given: Sequence[str], field: LeadField, currency: Sequence[str], words: Words) -> object:
    """One field's answer in the portal's spelling; `WrongValue` says what would be right."""
    if field.items or field.type in ("enumeration", "crm_status"):
        return _chosen(given, field.items, several=field.multiple)
    if field.type in ("employee", "user"):
        people = {str(one.id): one.name for one in words.directory.users.values() if words.directory.is_active(one.id)}
        return _chosen(given, people, several=field.multiple)
    several = field.multiple and field.type != "crm_multifield"
    lines = [line for text in given for line in text.splitlines() if line.strip()] if several else [given[0]]
    if len(lines) > _MOST_LINES:
        raise WrongValue("too_many", most=_MOST_LINES)
    parts = [_typed(line, field, currency[0], words) for line in lines]
    return parts if several or field.type == "crm_multifield" else parts[0]


def _chosen(given: Sequence[str], options: dict[str, str], *, several: bool) -> object:
    if any(one not in options for one in given):
        raise WrongValue("option")
    if not several and len(set(given)) > 1:
        raise WrongValue("one_option")
    return list(dict.fromkeys(given)) if several else given[0]


def _typed(text: str, field: LeadField, currency: str, words: Words) -> object:
    text = _CONTROL.sub("", text).strip()
    if len(text) > _LONGEST:
        raise WrongValue("too_long", most=_LONGEST)
    match field.type:
        case "boolean" | "char":
            return _yes_or_no(text)
        case "integer":
            return _integer(text)
        case "double" | "float":
            return _number(text)
        case "money":
            return _money(text, currency)
        case "date":
            return _date(text).isoformat()
        case "datetime":
            return _moment(text, words)
        case "url":
            return _link(text)
        case "crm_multifield":
            return _contact(text, field.code)
        case _:
            return text


def _yes_or_no(text: str) -> str:
    if text not in ("Y", "N"):
        raise WrongValue("option")
    return text


def _number(text: str) -> str:
    """A decimal comma and spaces between the digits are taken."""
    bare = _SPACES.sub("", text)
    if not _NUMBER.fullmatch(bare):
        raise WrongValue("number")
    return bare.replace(",", ".")


def _integer(text: str) -> str:
    whole, _, part = _number(text).partition(".")
    if part.strip("0"):
        raise WrongValue("integer")
    return whole


def _money(text: str, currency: str) -> str:
    if not _CURRENCY.fullmatch(currency):
        raise WrongValue("currency")
    return f"{_number(text)}|{currency}"


def _date(text: str) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise WrongValue("date")


def _moment(text: str, words: Words) -> str:
    for form in ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=words.zone).isoformat()
        except ValueError:
            continue
    raise WrongValue("datetime")


def _link(text: str) -> str:
    full = text if "://" in text else f"https://{text}"
    if not _LINK.fullmatch(full):
        raise WrongValue("link")
    return full


def _contact(text: str, code: str) -> str:
    if code == "EMAIL" and not _MAIL.fullmatch(text):
        raise WrongValue("email")
    if code == "PHONE" and sum(one.isdigit() for one in text) < _SHORTEST_PHONE:
        raise WrongValue("phone")
    return text
