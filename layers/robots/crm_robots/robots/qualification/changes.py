"""Q5 and Q6: what a change of the lead's fields reads like."""

from collections.abc import Iterable, Mapping

from crm_robots.robots.qualification.gaps import direction_of, fields_of, needs
from crm_robots.robots.qualification.memory import LeadMemory, Line
from crm_robots.robots.qualification.rules import QualificationRules
from crm_robots.robots.qualification.values import Value
from crm_robots.robots.qualification.words import Words, short
from crm_robots.shared.items import ItemRef


def changed(before: Mapping[str, Value] | None, now: Mapping[str, Value]) -> list[str]:
    """Fields that differ from what we last saw. A lead or a field seen for the first time has not changed."""
    return [code for code, value in now.items() if before is not None and code in before and before[code] != value]


def lines(codes: Iterable[str], before: Mapping[str, Value], now: Mapping[str, Value], words: Words) -> list[Line]:
    """These changes in words."""
    return [
        Line(short(words.field(code).label), words.value(code, before.get(code)), words.value(code, now.get(code)))
        for code in codes
    ]


def linked(memory: LeadMemory, now: Mapping[str, Value], rules: QualificationRules) -> dict[str, dict[str, ItemRef]]:
    """Cards that these changes will name: field to value to card."""
    before, codes = memory.values or {}, set(changed(memory.values, now))
    codes |= set(no_longer_needed(memory, direction_of(now, rules), rules)) if codes else set()
    found: dict[str, dict[str, ItemRef]] = {}
    for code in sorted(codes):
        one = rules.fields[code]
        for value in (before.get(code), now.get(code)) if one.is_link else ():
            for text in value if isinstance(value, tuple) else (str(value or ""),):
                if ref := ItemRef.of_binding(text, one.links_to):
                    found.setdefault(code, {})[text] = ref
    return found


def no_longer_needed(memory: LeadMemory, direction: str, rules: QualificationRules) -> list[str]:
    """Fields that the direction before this one required and this one does not."""
    if not direction or not memory.direction or direction == memory.direction:
        return []
    before, now = (
        {code for need in needs(one, rules) for code in fields_of(need)} for one in (memory.direction, direction)
    )
    return [code for code in rules.fields if code in before - now]
