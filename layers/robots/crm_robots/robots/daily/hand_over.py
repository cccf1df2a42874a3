"""D4: who gets the clients that are lost, and which of their activities go along."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_robots.portal.absence import absence_questions, absences
from crm_robots.portal.calls import open_activities
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Reply
from crm_robots.portal.errors import Gone, Refused
from crm_robots.records.settings_reader import InForce
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.daily.case import Case
from crm_robots.robots.daily.decide import HandOver
from crm_robots.robots.daily.heirs import heirs as heirs_of
from crm_robots.robots.daily.schedule import Run
from crm_robots.robots.routing.turns import Turn
from crm_robots.shared.items import Item, ItemRef, to_id
from crm_robots.shared.people import SkipsAbsent

_PAGE = 50


BESIDE: Mapping[str, type] = {"routing": SkipsAbsent}


def absent_ones(settings: InForce[ClientStatusRules]) -> bool:
    """S11: whether people who are away that day are left out; so where routing is switched off."""
    routing: SkipsAbsent = settings.beside.get("routing", SkipsAbsent())
    return routing.skip_absent


class HandOvers:
    """`take`: the turn of one of a department's people, as routing draws; the pointer is the day's own."""

    def __init__(
        self, portal: Bitrix24, take: Callable[[int, str, Sequence[int]], Turn], *, skips_absent: bool = True
    ) -> None:
        self._portal = portal
        self._take = take
        self._skips_absent = skips_absent

    def of(self, lost: Sequence[Item], run: Run, case: Case) -> dict[ItemRef, HandOver]:
        """By client; those that nobody gets are missing."""
        transfer = case.calendar.rules.lost.transfer
        found = {card.ref: heirs_of(transfer, case.directory, card.responsible_id) for card in lost}
        away = self._away({person for people in found.values() for person in people}, run, case)
        found = {ref: tuple(one for one in people if one not in away) for ref, people in found.items()}
        drawn = {
            ref: people[0] if transfer.to != "department" else self._drawn(transfer.id or 0, ref, run, people)
            for ref, people in found.items()
            if people
        }
        return with_activities(self._portal, drawn)

    def _away(self, people: Collection[int], run: Run, case: Case) -> Collection[int]:
        if not people or not self._skips_absent:
            return ()
        return away(self._portal, people, datetime.fromtimestamp(run.ts, ZoneInfo(case.portal.timezone)))

    def _drawn(self, department: int, ref: ItemRef, run: Run, people: Sequence[int]) -> int:
        return self._take(department, f"{ref}:{run.id}", people).user


def away(portal: Bitrix24, people: Collection[int], moment: datetime) -> Collection[int]:
    """Those who are absent on the day, as far as the portal tells."""
    return absences(portal.read(absence_questions(sorted(people), moment)), moment).away


def with_activities(portal: Bitrix24, heirs: Mapping[ItemRef, int]) -> dict[ItemRef, HandOver]:
    """Each client's open activities go along, but for those that are the heir's already."""
    found = _open_activities(portal, heirs)
    others = {ref: {one: whose for one, whose in found[ref] if whose != heir} for ref, heir in heirs.items()}
    return {ref: HandOver(heir, tuple(others[ref]), others[ref]) for ref, heir in heirs.items()}


def _open_activities(portal: Bitrix24, refs: Iterable[ItemRef]) -> dict[ItemRef, list[tuple[int, int | None]]]:
    """Id and responsible of each client's open activities."""
    refs = list(refs)
    first = portal.read({str(ref): open_activities(ref, 0) for ref in refs}) if refs else {}
    rest = {
        f"{ref}@{start}": open_activities(ref, start)
        for ref in refs
        for start in range(_PAGE, first[str(ref)].total or 0, _PAGE)
    }
    more = portal.read(rest) if rest else {}
    found: dict[ItemRef, list[tuple[int, int | None]]] = {ref: _rows(first[str(ref)]) for ref in refs}
    for name, reply in more.items():
        found[ItemRef.parse(name.partition("@")[0])] += _rows(reply)
    return found


def _rows(reply: Reply) -> list[tuple[int, int | None]]:
    """Without the right to see them nothing is handed over but the card."""
    if isinstance(reply.error, Gone | Refused):
        return []
    if reply.error:
        raise reply.error
    rows: Any = reply.result.values() if isinstance(reply.result, dict) else reply.result or ()
    ids = ((to_id(row.get("ID")), to_id(row.get("RESPONSIBLE_ID"))) for row in rows)
    return [(number, whose) for number, whose in ids if number]
