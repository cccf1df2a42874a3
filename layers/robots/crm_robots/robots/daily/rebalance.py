"""D14: which clients above a number per manager go to whom, and how much of a kept proposal still holds."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from crm_robots.robots.client_status.rules import LOST
from crm_robots.shared.items import ItemRef
from crm_robots.shared.people import Directory

type Teams = Mapping[int, Sequence[int]]
"""By giver: the people who may receive."""

OPEN_DEAL = "has an open deal"
PAUSED = "is paused"
CALLED = "was called within 30 days"
STOPPED = "is in the stop-list"
OTHER_STATUS = "has a status that is not to be moved"
NO_ROOM = "nobody in the department has room"
GONE = "is no longer tracked"
DONE = "is with the new manager already"
OTHER_MANAGER = "has another manager now"
NOT_ABOVE = "the manager is no longer above the number"
NOT_IN_TEAM = "the new manager is away, or works there no more"
FULL = "the new manager has no room any more"


class Client(msgspec.Struct, frozen=True):
    """One tracked client. `kept`: why it stays with its manager in any case."""

    item: str
    title: str
    manager: int
    status: str
    last_call: int = 0
    kept: str = ""

    @property
    def counts(self) -> bool:
        """Lost clients are nobody's load."""
        return self.status != LOST


class Terms(msgspec.Struct, frozen=True):
    """What was asked for. `statuses`: only these are moved; None: all but lost. `givers`: None for everybody."""

    most: int
    statuses: frozenset[str] | None = None
    givers: frozenset[int] | None = None

    def gives(self, manager: int) -> bool:
        """Whether it is about this manager's clients."""
        return self.givers is None or manager in self.givers

    def takes(self, client: Client) -> bool:
        """Whether it is about clients of that status."""
        return client.counts if self.statuses is None else client.status in self.statuses


class Move(msgspec.Struct, frozen=True):
    """One client for another manager."""

    client: Client
    to: int


class Stay(msgspec.Struct, frozen=True):
    """A client above the number that stays, and why."""

    client: Client
    why: str


class Proposal(msgspec.Struct, frozen=True):
    """`before`, `after`: clients that count, by manager."""

    moves: tuple[Move, ...]
    stays: tuple[Stay, ...]
    before: Mapping[int, int]
    after: Mapping[int, int]


class Kept(msgspec.Struct, frozen=True):
    """A move of an earlier proposal."""

    item: str
    title: str
    giver: int
    to: int


def teams(givers: Iterable[int], directory: Directory, away: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Who may receive from each: active people directly in a department of the giver, none who is away."""
    by_place: dict[int, list[int]] = {}
    for user in sorted(directory.users.values(), key=lambda one: one.id):
        if directory.is_active(user.id) and user.id not in away:
            for place in user.departments:
                by_place.setdefault(place, []).append(user.id)
    found: dict[int, tuple[int, ...]] = {}
    for giver in givers:
        user_of = directory.users.get(giver)
        people = {one for place in (user_of.departments if user_of else ()) for one in by_place.get(place, ())}
        found[giver] = tuple(sorted(people - {giver}))
    return found


def above(clients: Iterable[Client], terms: Terms) -> dict[int, int]:
    """By manager that is to give: how many clients too many."""
    load = _loads(clients)
    return {one: count - terms.most for one, count in sorted(load.items()) if count > terms.most and terms.gives(one)}


def propose(clients: Sequence[Client], terms: Terms, receivers: Teams) -> Proposal:
    """Clients that were never called go first, then those without a call for longest, until the giver is at the number.

    Lost ones that were asked for go along in their turn; they make nobody's load smaller or larger.
    """
    desk = _Desk(clients, terms)
    unplaced: dict[int, list[Stay]] = {}
    held: dict[int, list[Stay]] = {}
    for client in sorted((one for one in clients if one.manager in desk.left), key=_turn):
        if desk.left[client.manager] <= 0:
            continue
        why = client.kept or ("" if terms.takes(client) else OTHER_STATUS)
        to = None if why else desk.receiver(client, receivers.get(client.manager, ()))
        if to is not None:
            desk.hand_over(client, to)
        elif client.counts:
            (held if why else unplaced).setdefault(client.manager, []).append(Stay(client, why or NO_ROOM))
    stays = [
        stay
        for manager, left in desk.left.items()
        for stay in [*unplaced.get(manager, ()), *held.get(manager, ())][: max(left, 0)]
    ]
    return desk.proposal(stays)


def still_holding(wanted: Iterable[Kept], clients: Sequence[Client], terms: Terms, receivers: Teams) -> Proposal:
    """What is left of a kept proposal; the rest stays, each with what no longer holds."""
    desk, by_item = _Desk(clients, terms), {one.item: one for one in clients}
    stays: list[Stay] = []
    moved: set[str] = set()
    for one in wanted:
        client = by_item.get(one.item)
        if client is None:
            stays.append(Stay(Client(one.item, one.title, one.giver, ""), GONE))
            continue
        why = DONE if client.item in moved else _stale(one, client, desk, receivers)
        if why:
            stays.append(Stay(client, why))
        else:
            moved.add(client.item)
            desk.hand_over(client, one.to)
    return desk.proposal(stays)


def _stale(one: Kept, client: Client, desk: "_Desk", receivers: Teams) -> str:
    """What no longer holds of a kept move; empty where all does."""
    if client.manager != one.giver:
        return DONE if client.manager == one.to else OTHER_MANAGER
    if client.kept:
        return client.kept
    if not desk.terms.takes(client):
        return OTHER_STATUS
    if desk.left.get(client.manager, 0) <= 0:
        return NOT_ABOVE
    if one.to not in receivers.get(client.manager, ()):
        return NOT_IN_TEAM
    return "" if desk.has_room(one.to, client) else FULL


class _Desk:
    """The loads while clients change hands."""

    def __init__(self, clients: Sequence[Client], terms: Terms) -> None:
        self.terms = terms
        self.before = _loads(clients)
        self.left = above(clients, terms)
        self._load = Counter(self.before)
        self._lost: Counter[int] = Counter()
        """What makes nobody's load larger, by receiver."""
        self._moves: list[Move] = []

    def has_room(self, person: int, client: Client) -> bool:
        """Nobody is above the number by what they receive."""
        return self._load[person] + client.counts <= self.terms.most

    def receiver(self, client: Client, people: Sequence[int]) -> int | None:
        """Of those with room the one with the fewest clients; of several the one who got the fewest lost ones now."""
        free = [one for one in people if self.has_room(one, client)]
        return min(free, key=lambda one: (self._load[one], self._lost[one], one), default=None)

    def hand_over(self, client: Client, to: int) -> None:
        """Notes a move."""
        self._moves.append(Move(client, to))
        self._lost[to] += not client.counts
        if client.counts:
            self._load[to] += 1
            self._load[client.manager] -= 1
            self.left[client.manager] -= 1

    def proposal(self, stays: Iterable[Stay]) -> Proposal:
        """What it came to."""
        return Proposal(tuple(self._moves), tuple(stays), self.before, dict(self._load))


def _loads(clients: Iterable[Client]) -> dict[int, int]:
    return dict(Counter(one.manager for one in clients if one.counts))


def _turn(client: Client) -> tuple[int, ItemRef]:
    return client.last_call, ItemRef.parse(client.item)
