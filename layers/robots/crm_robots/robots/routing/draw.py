"""Settles ballots: chance, turns and open deals come in as plain values, and stay in the record (R3, R7)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from crm_robots.robots.routing.ballot import Ballot
from crm_robots.robots.routing.memory import Draw, MainDraw
from crm_robots.robots.routing.turns import Turn
from crm_robots.shared.items import Item
from crm_robots.shared.people import Directory


def chosen[T](candidates: Sequence[T], chance: float) -> T:
    """The candidate at that place, `chance` from 0 (included) to 1 (excluded)."""
    return candidates[int(chance * len(candidates))]


def kept(ballot: Ballot, at: int) -> Draw | None:
    """The draw that needs no drawing: the client's own manager, or whoever stands in for an empty department."""
    if ballot.client_deal is not None and ballot.client_deal.responsible_id:
        deal: Item = ballot.client_deal
        manager = ballot.client_deal.responsible_id
        return _draw(ballot, manager, "client", at, client_deal=int(deal.ref.id), client_deal_title=deal.title)
    if ballot.stand_in is not None:
        return _draw(ballot, *ballot.stand_in, at, lack=ballot.lack)
    return None


def same(ballot: Ballot, draws: Iterable[Draw], directory: Directory, at: int) -> Draw | None:
    """R2: a department is drawn once for a lead; its manager takes the other services too, while they work here."""
    found = (draw for draw in draws if draw.department == ballot.service.department)
    first = next((draw for draw in found if directory.is_active(draw.manager)), None)
    return _draw(ballot, first.manager, "same", at) if first else None


def at_random(ballot: Ballot, chance: float, at: int) -> Draw:
    """Everybody is as likely as everybody else."""
    return _draw(ballot, chosen(ballot.eligible, chance), "random", at, chance=chance)


def in_turn(ballot: Ballot, turn: Turn, at: int) -> Draw:
    """The turn was taken outside, where all that draw at once share one pointer."""
    return _draw(ballot, turn.user, "round_robin", at, numbers=turn.numbers)


def least_loaded(ballot: Ballot, open_deals: Mapping[int, int], chance: float, at: int) -> Draw:
    """Whoever has the fewest open deals, people with none included; chance decides between equals."""
    numbers = {user: open_deals.get(user, 0) for user in ballot.eligible}
    fewest = min(numbers.values())
    tied = [user for user in ballot.eligible if numbers[user] == fewest]
    decided_by = chance if len(tied) > 1 else None
    return _draw(ballot, chosen(tied, chance), "least_loaded", at, numbers=numbers, chance=decided_by)


def main_manager(draws: Sequence[Draw], way: Literal["random", "first"], chance: float) -> MainDraw:
    """One of those drawn. `draws` stand in the order of the settings file."""
    among = tuple(dict.fromkeys(draw.manager for draw in draws))
    if way == "first" or len(among) == 1:
        return MainDraw(among[0], way, among)
    return MainDraw(chosen(among, chance), way, among, chance)


def _draw(ballot: Ballot, manager: int, way: str, at: int, **reasons: object) -> Draw:
    service = ballot.service
    common = {
        "service": service.item,
        "label": service.label,
        "department": service.department,
        "department_name": service.department_name,
        "eligible": ballot.eligible,
        "left_out": ballot.left_out,
        "absences_unknown": not ballot.absences_known,
    }
    return Draw(manager=manager, way=way, at=at, **common, **reasons)  # type: ignore[arg-type]
