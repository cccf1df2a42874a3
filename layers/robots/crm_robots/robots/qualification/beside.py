"""Q3: where conversion keeps a lead from the same stage, this robot speaks for both."""

from collections.abc import Iterable, Iterator, Mapping

from crm_robots.robots.conversion.gaps import gaps
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.robots.conversion.together import together
from crm_robots.robots.conversion.wants import keeps_client
from crm_robots.shared.gate.gaps import Gap
from crm_robots.shared.items import Item, ItemRef

THEIRS = "conversion:"
"""Begins the keys of gaps that are told for conversion."""


def their_gaps(
    lead: Item, memory: ConversionMemory, rules: ConversionRules, cards: Mapping[ItemRef, Item], language: str
) -> tuple[Gap, ...]:
    """What conversion lacks of the lead."""
    lead = together(lead, memory, cards)
    found = gaps(lead, rules, memory, language, keeps=keeps_client(lead, memory))
    return tuple(Gap(f"{THEIRS}{one.key}", one.text) for one in found)


def untold(missing: Iterable[Gap], memory: ConversionMemory) -> Iterator[Gap]:
    """Those gaps but for what conversion has told people itself."""
    return (one for one in missing if one.key.removeprefix(THEIRS) not in memory.gate.announced)


def told_for_conversion(announced: tuple[str, ...]) -> frozenset[str]:
    """Conversion's own keys of gaps that people have been told of by this robot."""
    return frozenset(key.removeprefix(THEIRS) for key in announced if key.startswith(THEIRS))
