"""Phone numbers as people type them: several in one field, with extensions and notes, at home and abroad (C3).

A number is sure where the world's numbering plans know it: with its country, or by the country of the portal. Any other
stays as it was typed. The plans come with the `phonenumbers` package; it is loaded with the first phone, not before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from crm_robots.shared.typed import visible

_RUN = re.compile(r"\+?\s?\(?\d(?:[\d\s().\-‐-―−~]*\d)?")
_EXTENSION = re.compile(
    r"\)?\s*(?:[,;]?\s*(?:;?ext(?:ension)?|доб(?:авочный)?|вн(?:утр(?:енний)?)?|доп|x|х|#)[\s.:=№#]*|[,;]\s*)(\d{1,6})(?![\d:])",
    re.IGNORECASE,
)
_BARE = re.compile(r"[,;]\s*\d{1,6}")
_SPLIT_WITHIN = re.compile(r"(?<=\d),(?=\d)")
_APART = re.compile(r"^(?:.*(?:[,;/|\\&]|\s(?:и|или|and|or)))?\s*$", re.IGNORECASE)
_APART_BEHIND = re.compile(r"^\s*(?:[,;/|\\&]|(?:и|или|and|or)\s|$)", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}")
_SHORTEST = 5
"""Fewer digits beside another number are an office, a time or an extension."""
_RUSSIAN_MOBILE = re.compile(r"[78](9\d{9})")
_NEIGHBOUR = re.compile(r"(?:37\d|38\d|99\d)\d{8,}")
"""Three digits of a country's own: with so many behind them nothing else is meant."""
_TRUNK = re.compile(r"\+|00|[78]\d{10}$|0")
_HOME = "RU"


@dataclass(frozen=True, slots=True)
class Phone:
    """One number. `key` tells it from others; `kept` is how we write it on a card."""

    key: str
    kept: str
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What one field holds: its numbers, and what else was typed there."""

    phones: tuple[Phone, ...] = ()
    note: str = ""


@lru_cache(maxsize=2048)
def read(typed: str, country: str) -> Reading:
    """The numbers in a text; nothing where it has no digit. `country`: of the portal, as `RU`."""
    text = visible(typed)
    if not any(char.isdigit() for char in text):
        return Reading(note=text)
    whole = _sure(_SPLIT_WITHIN.sub("", text), country)
    if whole:
        return Reading((Phone(whole, whole),))
    found = list(_scan(text, country))
    if not any(phone.is_sure for phone, _, _ in found):
        several = [phone for phone, _, _ in found] if _covers(text, [(a, b) for _, a, b in found]) else []
        return Reading(tuple(several) if len(several) > 1 else (_as_typed(text),))
    note = _rest(text, [(start, end) for _, start, end in found])
    return Reading(tuple({phone.key: phone for phone, _, _ in found}.values()), note)


def _scan(text: str, country: str) -> Iterator[tuple[Phone, int, int]]:
    """Numbers from left to right, each with its place; those of unknown country only where they stand apart."""
    at = 0
    while run := _RUN.search(text, at):
        number, end = _longest(run, country)
        if number:
            extension = _EXTENSION.match(text, end)
            if extension and not (_BARE.match(extension[0]) and _is_a_number_of_its_own(text, extension.end())):
                yield Phone(number, f"{number};{extension[1]}"), run.start(), extension.end()
                at = extension.end()
            else:
                yield Phone(number, number), run.start(), end
                at = end
            continue
        at = run.end()
        if _stands_apart(text, run):
            yield _as_typed(run[0]), run.start(), run.end()


def _longest(run: re.Match[str], country: str) -> tuple[str, int]:
    """The number with which a run of digits begins. Only one that says where it begins may end before the run does."""
    if number := _sure(run[0], country):
        return number, run.end()
    for gap in reversed(list(re.finditer(r"\s", run[0]))):
        head = run[0][: gap.start()]
        number = _sure(head, country) if _TRUNK.match(_digits(head)) else ""
        if number:
            return number, run.start() + gap.start()
    return "", run.end()


def _is_a_number_of_its_own(text: str, end: int) -> bool:
    """Whether what looks like a bare extension is but the beginning of something longer."""
    return bool(re.match(r"[\s\-–.]?\d", text[end:]))


def _stands_apart(text: str, run: re.Match[str]) -> bool:
    digits = sum(char.isdigit() for char in run[0])
    if digits < _SHORTEST or _DATE.fullmatch(run[0].strip()):
        return False
    return bool(_APART.match(text[: run.start()]) and _APART_BEHIND.match(text[run.end() :]))


def _covers(text: str, places: list[tuple[int, int]]) -> bool:
    """Whether there is nothing else in the text that could mean something."""
    ends = [0, *(end for _, end in places)]
    starts = [*(start for start, _ in places), len(text)]
    between = (text[end:start] for end, start in zip(ends, starts, strict=True))
    return bool(places) and not any(re.search(r"[^\s,;/|\\&]", part) for part in between)


def _rest(text: str, places: list[tuple[int, int]]) -> str:
    ends = [(0, 0), *places, (len(text), len(text))]
    parts = (text[before:after].strip(" ,;/|\\&()-–") for (_, before), (after, _) in pairwise(ends))
    return ", ".join(part for part in parts if part)


def _as_typed(text: str) -> Phone:
    """A number whose country nobody knows. One with its country's code is compared by its digits alone."""
    typed = text.strip()
    digits = _digits(typed)
    known = digits.startswith("+") and re.fullmatch(r"[+\d\s().\-‐-―−~]+", typed)
    return Phone(digits if known else typed.casefold(), typed, is_sure=False)


def _digits(text: str) -> str:
    plus = "+" if text.lstrip(" (").startswith("+") else ""
    return plus + "".join(str(int(char)) for char in text if char.isdecimal())


def _sure(text: str, country: str) -> str:
    """The number in the one international form, `+79161234567`; empty where it is not certain."""
    if not re.fullmatch(r"[+\d\s().\-‐-―−~]+", text) or text.rfind("+") > text.find("+"):
        return ""
    return next((number for number in _readings(_digits(text), country) if number), "")


def _readings(digits: str, country: str) -> Iterator[str]:
    """The ways to read it, the likeliest first."""
    if digits.startswith("+"):
        yield _valid(digits, country)
        yield _valid(digits[1:], country) if digits.startswith("+8") else ""
        return
    yield _valid(digits, country or _HOME)
    if digits.startswith("00"):
        yield _valid(f"+{digits[2:]}", country)
    elif mobile := _RUSSIAN_MOBILE.fullmatch(digits):
        yield _valid(f"+7{mobile[1]}", country)
    elif digits.startswith("810"):
        yield _valid(f"+{digits[3:]}", country)
    elif _NEIGHBOUR.fullmatch(digits):
        yield _valid(f"+{digits}", country)


def _valid(digits: str, country: str) -> str:
    plans = _numbering_plans()
    try:
        number = plans.parse(digits, country or None)
    except plans.NumberParseException:
        return ""
    if not plans.is_valid_number(number):
        return ""
    found: str = plans.format_number(number, plans.PhoneNumberFormat.E164)
    return found


def _numbering_plans() -> Any:
    from phonenumbers import phonenumberutil

    return phonenumberutil
