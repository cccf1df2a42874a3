"""Phones and e-mails: one form to compare and keep, and the spellings under which a portal may hold them (C3)."""

import re
from collections.abc import Iterable, Iterator
from email.utils import parseaddr

MOST_VALUES = 20
"""crm.duplicate.findbycomm takes no more at a time."""

# `доб. 12`, `ext 12`, `x12`, `#12`, `;12`: an office behind a number is not another person's number.
_EXTENSION = re.compile(r"(?:доб|вн|ext|extension|доп|x|х|#|;|,)\.?\s*:?\s*(\d{1,6})\D*$", re.IGNORECASE)
_SHORTEST = 10
_RUSSIAN = re.compile(r"(?:\+?7|8)?([3-9]\d{9})")


def phone_key(phone: str) -> str:
    """`+79161234567`, however it is written; foreign numbers keep their country. Empty for what is no number."""
    bare = _without_extension(phone)
    digits = re.sub(r"\D", "", bare)
    international = bare.startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00")
    if digits.startswith("810") and len(digits) > len("89161234567"):
        digits, international = digits.removeprefix("810"), True
    russian = _RUSSIAN.fullmatch(digits)
    is_ten_abroad = international and russian is not None and len(digits) == len(russian[1])
    if russian and not is_ten_abroad:
        return f"+7{russian[1]}"
    return f"+{digits}" if digits else ""


def kept_phone(phone: str) -> str:
    """How we write a number on a card: the one form that later look-ups find; with an extension, as it was typed."""
    typed = phone.strip()
    return typed if _without_extension(phone) != typed else phone_key(phone) or typed


def _without_extension(phone: str) -> str:
    """A short rest is an extension only behind a whole number."""
    typed = phone.strip()
    bare = _EXTENSION.sub("", typed).strip()
    return bare if sum(map(str.isdigit, bare)) >= _SHORTEST else typed


def email_key(email: str) -> str:
    """`anna@example.ru` of `Anna <Anna@Example.ru>`; empty for what is no address."""
    _, address = parseaddr(email.strip().removeprefix("mailto:"))
    return address.strip().casefold() if "@" in address else ""


def phone_spellings(phone: str) -> list[str]:
    """How the number may stand on a card, likely spellings first; the portal compares whole texts."""
    key = phone_key(phone)
    bare = key.removeprefix("+")
    spellings = [phone.strip(), _without_extension(phone), key, bare]
    if len(key) == len("+79161234567") and key.startswith("+7"):
        spellings += _russian_spellings(bare[1:])
    return list(dict.fromkeys(one for one in spellings if one))


def _russian_spellings(ten: str) -> Iterator[str]:
    code, first, second, third = ten[:3], ten[3:6], ten[6:8], ten[8:]
    dashed, spaced, plain = f"{first}-{second}-{third}", f"{first} {second} {third}", ten[3:]
    yield from (f"8{ten}", ten)
    for prefix in ("+7", "8", "7"):
        yield from (f"{prefix} ({code}) {dashed}", f"{prefix} {code} {dashed}", f"{prefix}({code}){dashed}")
    yield from (f"+7 {code} {spaced}", f"8 {code} {spaced}", f"8-{code}-{dashed}", f"+7-{code}-{dashed}")
    for prefix in ("+7", "8", "7"):
        yield from (f"{prefix} {code} {plain}", f"{prefix} ({code}) {plain}", f"{prefix}({code}){plain}")
        yield from (f"{prefix} ({code}) {spaced}", f"{prefix}{code} {dashed}", f"{prefix} {ten}")
    yield from (f"({code}) {dashed}", f"{code} {dashed}", f"{code}-{dashed}", f"{code} {spaced}", f"({code}) {plain}")


def email_spellings(email: str) -> list[str]:
    """How the address may stand on a card."""
    _, address = parseaddr(email.strip())
    key = email_key(email)
    return list(dict.fromkeys(one for one in (email.strip(), address, key, key.capitalize(), key.upper()) if one))


def distinct(values: Iterable[str], *, phones: bool) -> list[str]:
    """One spelling per number or address, in the form in which we keep them."""
    key_of, kept = (phone_key, kept_phone) if phones else (email_key, email_key)
    by_key = {key_of(value): kept(value) for value in reversed(list(values)) if key_of(value)}
    return list(reversed(by_key.values()))


def lacking(values: Iterable[str], present: Iterable[str], *, phones: bool) -> list[str]:
    """Those that a card lacks, in any spelling."""
    key_of = phone_key if phones else email_key
    known = {key_of(value) for value in present}
    return [value for value in distinct(values, phones=phones) if key_of(value) not in known]
