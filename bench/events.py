"""What an event costs each robot, alone and in a flood: requests to the portal, and units of DynamoDB."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from crm_robots.engine.pipeline import WINDOW, Robot
from crm_robots.engine.tools import Tools
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.lost_deal.robot import LostDealRobot
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.robots.routing.robot import RoutingRobot

from bench.capacity import Meter
from bench.kept import keep
from bench.row import Row, at_most, emit
from sandbox.portal.persons import Person
from tests.support.world import EXAMPLE, World, new_world

ALONE, FLOOD = "Events, each alone", f"Events in a flood, {WINDOW} in a window"
WARM = 3
"""Events that warm the container up: afterwards settings and people are known."""


@dataclass(frozen=True, slots=True)
class Case:
    """A robot, an item, and what people do to the item.

    `most`: requests when something changes; `flooded`: in a flood, per event. That is the event's number of commands,
    divided by 50 per request, plus a margin for requests that are not full.
    """

    robot: str
    make: Callable[[Tools], Robot]
    kind: str
    item: Callable[[Person], int]
    change: Callable[[Person, int], Any]
    most: int = 2
    flooded: float = 0.15


@dataclass(frozen=True, slots=True)
class Cost:
    """Per event. `stored`: write units without those of the shared limiter, one per request."""

    requests: float
    stored: float
    reads: float

    @property
    def writes(self) -> float:
        """All write units."""
        return self.stored + self.requests


def _lead(person: Person) -> int:
    return person.create("lead", title="Шторы", stageId="IN_PROCESS", name="Анна", UF_CRM_DIRECTION="Оптовик")


def _client(person: Person) -> int:
    return person.create("company", title="Ромашка", UF_CRM_CLIENT_STATUS="Горячий")


def _deal(person: Person) -> int:
    contact = person.create("contact", name="Анна", lastName="Орлова")
    return person.create("deal", title="Ткань", categoryId=0, contactIds=[contact])


def _repeat_lead(person: Person) -> int:
    contact = person.create("contact", name="Анна")
    known = {"UF_CRM_CLIENT_TYPE": "Физическое лицо", "contactIds": [contact]}
    return person.create("lead", title="Шторы", stageId="IN_PROCESS", **known)


def _new_client(person: Person) -> int:
    return person.create("lead", title="Шторы", stageId="IN_PROCESS", name="Анна")


def _given_a_phone(person: Person, lead: int) -> None:
    phone = f"+7916{lead:07}"
    person.update("lead", lead, fm=[{"typeId": "PHONE", "valueType": "WORK", "value": phone}])


NEW_CLIENT = Case("conversion", ConversionRobot, "lead", _new_client, _given_a_phone)
"""Four requests, one more than an event may cost: docs/decisions/13."""

CASES = (
    Case("qualification", QualificationRobot, "lead", _lead, lambda one, lead: one.move("lead", lead, "QUALIFIED")),
    Case("conversion", ConversionRobot, "lead", _repeat_lead, lambda one, n: one.move("lead", n, "CONVERTED"), 3, 0.35),
    Case(
        "routing",
        RoutingRobot,
        "lead",
        lambda one: one.create("lead", title="Ромашка", name="Анна"),
        lambda one, lead: one.update("lead", lead, UF_CRM_SERVICES=["Монтаж", "Проектирование"]),
        most=3,
        flooded=0.25,
    ),
    Case("lost-deal", LostDealRobot, "deal", _deal, lambda one, deal: one.move("deal", deal, "Нет денег")),
    Case(
        "client-status",
        ClientStatusRobot,
        "company",
        _client,
        lambda one, number: one.update("company", number, UF_CRM_CLIENT_STATUS="Тёплый"),
        flooded=0.2,
    ),
)


def main() -> None:
    """A row per robot and kind of event."""
    numbers: dict[str, float] = {}
    for case in CASES:
        found = measured(case)
        for kind, cost in found.items():
            numbers |= {f"{case.robot} {kind} {unit}": value for unit, value in asdict(cost).items()}
        emit(
            at_most(ALONE, f"{case.robot}: requests to the portal, nothing changes", found["idle"].requests, 1, ""),
            at_most(ALONE, f"{case.robot}: requests, something changes", found["change"].requests, case.most, ""),
            Row(ALONE, f"{case.robot}: write units, nothing changes / something", _units(found, "idle", "change")),
            at_most(
                FLOOD, f"{case.robot}: requests per event, nothing changes", found["idle flood"].requests, 0.05, ""
            ),
            at_most(
                FLOOD, f"{case.robot}: requests per event, something changes", found["flood"].requests, case.flooded, ""
            ),
            Row(FLOOD, f"{case.robot}: write units, nothing changes / something", _units(found, "idle flood", "flood")),
        )
    made = measured(NEW_CLIENT)
    emit(
        Row(ALONE, "conversion: requests, a client is made and linked", f"{made['change'].requests:.2f}"),
        Row(FLOOD, "conversion: requests per event, clients are made and linked", f"{made['flood'].requests:.2f}"),
    )
    keep("events", numbers)


def _units(found: dict[str, Cost], idle: str, change: str) -> str:
    return f"{found[idle].writes:.2f} / {found[change].writes:.2f}"


def measured(case: Case) -> dict[str, Cost]:
    """`idle` and `change` of a lone event, `idle flood` and `flood` of a window full of them."""
    os.environ |= {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    return dict(_costs(case))


def _costs(case: Case) -> Iterator[tuple[str, Cost]]:
    for world in new_world({case.robot: case.make}):
        world.publish(EXAMPLE.read_text())
        person = world.person("Петров")
        items = [case.item(person) for _ in range(WARM + 1 + WINDOW)]
        world.settle()
        run = _Run(world, Meter(world.dynamodb), case)
        for item in items[:WARM]:
            run.idle([item])
            run.change([item])
        lone, many = items[WARM : WARM + 1], items[WARM + 1 :]
        yield "idle", run.idle(lone)
        yield "change", run.change(lone)
        yield "idle flood", run.idle(many)
        yield "flood", run.change(many)


@dataclass(frozen=True, slots=True)
class _Run:
    """One world in which people change many items at once. Echoes of the robot's own writes are not counted."""

    world: World
    meter: Meter
    case: Case

    def idle(self, items: Sequence[int]) -> Cost:
        """Saves the cards with a change that no robot looks at."""
        person = self.world.person("Петров")
        for item in items:
            person.update(self.case.kind, item, comments="Звонили")
        return self._cost(len(items))

    def change(self, items: Sequence[int]) -> Cost:
        """Makes the change that the robot reacts to."""
        person = self.world.person("Петров")
        for item in items:
            self.case.change(person, item)
        return self._cost(len(items))

    def _cost(self, events: int) -> Cost:
        self.world.events()
        before = self.world.requests
        self.meter.reset()
        self.world.work()
        requests = self.world.requests - before
        cost = Cost(requests / events, self.meter.writes / events, self.meter.reads / events)
        self.world.settle()
        return cost


if __name__ == "__main__":
    main()
