"""T4: which open leads and deals at the gate or past it have gaps under which rules."""

from collections.abc import Iterator

import msgspec

from crm_robots.portal.cards_at import cards_at
from crm_robots.portal.client import Bitrix24
from crm_robots.robots.qualification.gaps import gaps
from crm_robots.robots.qualification.rules import QualificationRules
from crm_robots.robots.qualification.values import values_of
from crm_robots.shared.items import Item


class GapChange(msgspec.Struct, frozen=True):
    """One card. `added`: it has gaps with the other settings only; else with those in force only."""

    item: str
    title: str
    responsible: int | None
    added: bool


def gap_effect(
    portal: Bitrix24, before: QualificationRules | None, after: QualificationRules | None
) -> Iterator[GapChange]:
    """None: the robot is off. 2,500 cards a request; nothing is kept but what differs."""
    yield from _of_kind(portal, "lead", before, after)
    yield from _of_kind(portal, "deal", before.deals if before else None, after.deals if after else None)


def _of_kind(
    portal: Bitrix24, kind: str, before: QualificationRules | None, after: QualificationRules | None
) -> Iterator[GapChange]:
    both = [one for one in (before, after) if one]
    stages = sorted({stage for one in both for stage in _held(one)})
    if not stages:
        return
    fields = sorted({code for one in both for code in one.user_fields})
    for card in cards_at(portal, kind, stages, fields):
        old, new = (_has_gaps(card, one) for one in (before, after))
        if old != new:
            yield GapChange(str(card.ref), card.title, card.responsible_id, new)


def _held(rules: QualificationRules) -> list[str]:
    """Stages in progress at the gate and past it."""
    order = rules.held_at.order()
    return [stage.id for stage in rules.stages if stage.semantics == "P" and order.is_past(stage.id)]


def _has_gaps(card: Item, rules: QualificationRules | None) -> bool:
    return rules is not None and card.stage_id in _held(rules) and bool(gaps(values_of(card, rules), rules))
