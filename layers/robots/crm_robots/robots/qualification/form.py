"""Q11: what the fill-in page asks for, and what the answers are worth. Page and robot go by the same rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crm_robots.robots.qualification.form_texts import FormTexts
from crm_robots.robots.qualification.form_values import WrongValue, read_value
from crm_robots.robots.qualification.gaps import gaps, misfits
from crm_robots.robots.qualification.rules import LeadField, QualificationRules
from crm_robots.robots.qualification.values import Value, spelled, value_of
from crm_robots.robots.qualification.words import Words
from crm_robots.shared.gate.gaps import Requirement

_ASKED = (
    *("enumeration", "crm_status", "boolean", "char", "integer", "double", "money", "date", "datetime"),
    *("string", "text", "address", "url", "employee", "user", "crm_multifield"),
)
CURRENCY = ".currency"
"""Ends the name of the control beside an amount of money."""
CURRENCIES = ("RUB", "USD", "EUR", "BYN", "KZT", "CNY")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was sent: values in their plain spelling, and what is wrong with others."""

    values: dict[str, Value] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Options that belong to one item of another list; without a name they belong to none."""

    name: str
    options: tuple[tuple[str, str], ...]


def asked(values: Mapping[str, Value], rules: QualificationRules) -> tuple[Requirement, ...]:
    """What is missing, as far as a page can ask for it."""
    return tuple(one for one in gaps(values, rules) if any(can_ask(code, rules) for code in one))


def not_asked(values: Mapping[str, Value], rules: QualificationRules) -> tuple[Requirement, ...]:
    """What is missing and can only be filled in the card: a file, a link to another card."""
    return tuple(one for one in gaps(values, rules) if not any(can_ask(code, rules) for code in one))


def can_ask(code: str, rules: QualificationRules) -> bool:
    """Whether the page has a control for the field."""
    found = rules.fields.get(code)
    return found is not None and (found.type in _ASKED or bool(found.items))


def groups(found: LeadField, values: Mapping[str, Value], words: Words) -> tuple[Group, ...]:
    """A dropdown's options; those of a dependent one by their parents, as far as those are known (Q12)."""
    if not found.depends_on:
        return (Group("", tuple(found.items.items())),)
    chosen = spelled(values.get(found.depends_on)) or tuple(found.groups)
    return tuple(
        Group(words.value(found.depends_on, parent), tuple((one, found.items[one]) for one in items))
        for parent, group in found.groups.items()
        if parent in chosen and (items := [one for one in group if one in found.items])
    )


def read_form(
    form: Mapping[str, Sequence[str]], values: Mapping[str, Value], rules: QualificationRules, words: Words
) -> Reading:
    """Reads what was asked and leaves the rest aside: a field that was filled meanwhile keeps its value."""
    texts, reading = FormTexts(words.language), Reading()
    for code in (code for one in asked(values, rules) for code in one if can_ask(code, rules)):
        given = [text for text in form.get(code, ()) if text.strip()]
        if not given:
            continue
        try:
            raw = read_value(given, rules.fields[code], (*form.get(f"{code}{CURRENCY}", ()), ""), words)
        except WrongValue as wrong:
            reading.wrong[code] = texts.say(wrong.reason, **wrong.words)
        else:
            reading.values[code] = value_of(raw, rules.fields[code])
    together = {**values, **reading.values}
    for code in reading.values:
        if misfits(code, together, rules):
            reading.wrong[code] = "; ".join(words.misfits(code, together))
    return reading
