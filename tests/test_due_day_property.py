"""S8: card, timer and `inspect` never disagree, after any order of events, faults and re-indexing."""

from datetime import timedelta
from typing import Any

from crm_robots.robots.client_status.due_days import DueDays
from crm_robots.robots.client_status.reindexing import Reindexing
from crm_robots.robots.client_status.window import Window
from crm_robots.shared.plan import Cause
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.care import DUE, ROBOTS, TARGET, UNTIL, WHY, agrees, item_of
from tests.support.care import settings as published
from tests.support.chaos import Chaos
from tests.support.client_status import FIELD
from tests.support.days import DAY, client, persistently
from tests.support.world import World, new_world

OPEN, WON, LOST = "В работе", "Сделка успешна", "Нет денег"


class Life:
    """One contact, and what may happen to it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.person = world.person("Петров")
        self.number = client(world, kind="contact")
        self.deal = 0

    def do(self, what: str) -> None:
        getattr(self, what)()
        self.world.settle()

    def save(self, **fields: Any) -> None:
        self.person.update("contact", self.number, **fields)

    def call(self) -> None:
        self.person.call("contact", self.number)

    def drop_by_hand(self) -> None:
        self.save(**{FIELD: "Холодный"})

    def clear(self) -> None:
        self.save(**{FIELD: ""})

    def give(self) -> None:
        self.save(**{FIELD: "Горячий"})

    def lie(self) -> None:
        self.save(**{DUE: "2030-01-01"})

    def stop(self) -> None:
        self.save(**{TARGET: item_of(self.world, TARGET, "НЕТ")})

    def let_go(self) -> None:
        self.save(**{TARGET: ""})

    def pause(self) -> None:
        until = self.world.portal.clock.now().date() + timedelta(days=40)
        self.save(**{UNTIL: until.isoformat(), WHY: "В отпуске"})

    def pause_without_a_reason(self) -> None:
        self.save(**{UNTIL: (self.world.portal.clock.now().date() + timedelta(days=9)).isoformat(), WHY: ""})

    def end_the_pause(self) -> None:
        self.save(**{UNTIL: "", WHY: ""})

    def open_deal(self) -> None:
        self.deal = self.deal or self.person.create("deal", title="Нитки", contactIds=[self.number], categoryId=0)
        self.person.move("deal", self.deal, OPEN)

    def win_deal(self) -> None:
        if self.deal:
            self.person.move("deal", self.deal, WON)

    def lose_deal(self) -> None:
        if self.deal:
            self.person.move("deal", self.deal, LOST)

    def days_pass(self) -> None:
        self.world.portal.clock.advance(29 * DAY)
        persistently(self.world, self.world.portal.clock.now().replace(hour=9, minute=0) + DAY)

    def reindex(self) -> None:
        current = self.world.tools.settings.load("client_status", _rules(), {})
        window = Window(self.world.tools, current.rules, current.portal, "reindex")
        now = self.world.portal.clock.now()
        days, cause = DueDays(window.portal, window.tools.journal), Cause("reindex", "", int(now.timestamp()))
        run = Reindexing(
            window.portal, window.tools.timers, window.calendar, now.date(), lambda one: days.write(one, cause)
        )
        run.run(lambda done, total: None)


def _rules() -> Any:
    from crm_robots.robots.client_status.rules import ClientStatusRules

    return ClientStatusRules


ACTS = [name for name in vars(Life) if name[0] != "_" and name not in ("do", "save")]
STRIKES = st.none() | st.tuples(st.integers(0, 12), st.booleans())


@given(st.lists(st.tuples(st.sampled_from(ACTS), STRIKES), min_size=3, max_size=8))
@settings(max_examples=12, deadline=None)
def test_s8_card_and_timer_never_disagree(acts):
    for world in new_world(ROBOTS):
        world.publish(published())
        life = Life(world)
        for what, strike in acts:
            if strike and what not in ("reindex", "days_pass"):
                world.chaos = Chaos(strike[0], cut=strike[1])
            life.do(what)
            world.chaos = Chaos()
            world.settle()
            assert agrees(world, "contact", life.number), what
