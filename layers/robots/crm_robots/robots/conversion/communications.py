"""Phones and e-mails: one form to compare and keep, and the spellings under which a portal may hold them (C3)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crm_robots.robots.conversion.phones import Phone, read
from crm_robots.shared.items import Item
from crm_robots.shared.typed import addresses, visible

MOST_VALUES = 20
"""crm.duplicate.findbycomm takes no more at a time."""


def phones_of(typed: Iterable[str], country: str) -> dict[str, Phone]:
    """The numbers in the texts of a card, by what tells them apart."""
    found: dict[str, Phone] = {}
    for text in typed:
        for phone in read(text, country).phones:
            found.setdefault(phone.key, phone)
    return found


def emails_of(typed: Iterable[str]) -> dict[str, str]:
    """The addresses in the texts of a card, in small letters, by what tells them apart."""
    found: dict[str, str] = {}
    for text in typed:
        for address in addresses(text):
            found.setdefault(email_key(address), address.casefold())
    return found


def email_key(address: str) -> str:
    """Letter case makes no difference, nor whether the domain is spelled in its own letters or in punycode."""
    name, _, domain = address.casefold().rpartition("@")
    return f"{name}@{_in_letters(domain)}"


def _in_letters(domain: str) -> str:
    try:
        return domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except UnicodeError:
        return domain


def _in_punycode(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def phone_spellings(typed: str, phone: Phone) -> list[str]:
    """How the number may stand on a card, likely spellings first; the portal compares whole texts."""
    spellings = [typed.strip(), visible(typed), phone.kept, phone.key] if phone.is_sure else [typed.strip(), phone.kept]
    if phone.is_sure:
        spellings.append(phone.key.removeprefix("+"))
    if phone.is_sure and len(phone.key) == len("+79161234567") and phone.key.startswith("+7"):
        spellings += _russian_spellings(phone.key.removeprefix("+7"))
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


def email_spellings(typed: str, address: str) -> list[str]:
    """How the address may stand on a card."""
    key = email_key(address)
    name, _, domain = key.rpartition("@")
    spellings = (typed.strip(), address, key, f"{name}@{_in_punycode(domain)}", key.capitalize(), key.upper())
    return list(dict.fromkeys(one for one in spellings if one))


def distinct_phones(typed: Iterable[str], country: str) -> list[str]:
    """One spelling per number, in the form in which we keep them; one with an extension says more than one without."""
    return [phone.kept for phone in _fullest(typed, country).values()]


def _fullest(typed: Iterable[str], country: str) -> dict[str, Phone]:
    found: dict[str, Phone] = {}
    for text in typed:
        for phone in read(text, country).phones:
            if phone.key not in found or len(phone.kept) > len(found[phone.key].kept):
                found[phone.key] = phone
    return found


def distinct_emails(typed: Iterable[str]) -> list[str]:
    """One spelling per address."""
    return list(emails_of(typed).values())


def lacking_phones(typed: Iterable[str], present: Iterable[str], country: str) -> list[str]:
    """Those that a card lacks, in any spelling. A number of unknown country is there if its digits end one of its."""
    card = list(present)
    known = phones_of(card, country)
    digits = ["".join(filter(str.isdigit, text)) for text in card]
    return [
        phone.kept
        for phone in _fullest(typed, country).values()
        if phone.key not in known and not (not phone.is_sure and _ends_one(phone, digits))
    ]


def _ends_one(phone: Phone, digits: Iterable[str]) -> bool:
    end = "".join(filter(str.isdigit, phone.kept))
    return any(one.endswith(end) for one in digits)


def lacking_emails(typed: Iterable[str], present: Iterable[str]) -> list[str]:
    """Those that a card lacks."""
    known = emails_of(present)
    return [address for key, address in emails_of(typed).items() if key not in known]


def notes_of(typed: Iterable[str], country: str) -> list[str]:
    """What stands beside the numbers: until when to call, whom to ask for."""
    readings = (read(text, country) for text in typed)
    return list(dict.fromkeys(one.note for one in readings if one.phones and one.note))


def kinds_of(lead: Item, given: Mapping[str, Any], country: str) -> dict[str, str]:
    """Kinds of the lead's phones and e-mails under the spellings that the card gets."""
    kinds: dict[str, str] = {}
    for text, kind in lead.kinds.items():
        spellings = [*(phone.kept for phone in read(text, country).phones), *distinct_emails([text])]
        kinds |= {one: kind for one in spellings if one in (*given.get("PHONE", ()), *given.get("EMAIL", ()))}
    return kinds
