"""A client and its deals made within one second: whichever event is handled first, the client ends the same."""

from datetime import timedelta
from itertools import permutations

import pytest
from crm_robots.robots.client_status import cards, deals
from crm_robots.robots.client_status.deals import DealMemory
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.client_status.timer import Timer
from crm_robots.shared.items import Item, ItemRef
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.client_status import FIELD, ITEMS, NOON, PORTAL, RULES, calendar
from tests.support.world import EXAMPLE, new_world
from tests.test_client_status_robot import label, timer

CARD = ItemRef("company", 42)
CODES = {item: code for code, item in ITEMS["company"].items()}
SEMANTICS = {"open": "P", "won": "S", "lost": "F"}
AFTER = {"won": "hot", "lost": "cold"}
CLOSED_LONG_AGO = timedelta(days=30)
DAYS = calendar(after_won="hot", after_lost="cold")


class Birth:
    """A new card, its deals, and their events on the way. A closed deal stays closed."""

    def __init__(self) -> None:
        self.now, self.status, self.timer = NOON, "", Timer()
        self.known = False
        self.deals: dict[int, tuple[str, int]] = {}
        self.memories: dict[int, DealMemory] = {}
        self.events = [0]
        """0 is the card, others are deals."""

    def deal(self, number: int, state: str) -> None:
        self.now += 1
        if self.deals.get(number, ("open", 0))[0] == "open" and self.deals.get(number, ("",))[0] != state:
            self.deals[number] = (state, self.now)
            self.events.append(number)

    def arrive(self, number: int) -> None:
        decision = self._deal_arrives(number) if number else self._card_arrives()
        self.known |= not number
        if decision:
            self.timer, self.status = decision.memory, decision.memory.status

    def expected(self) -> tuple[str, bool]:
        if any(state == "open" for state, _ in self.deals.values()):
            return "in_work", True
        last = max(self.deals.values(), key=lambda deal: deal[1], default=None)
        return (AFTER[last[0]] if last else "new"), False

    def _card(self) -> Item:
        return Item(CARD, {FIELD: ITEMS["company"].get(self.status)})

    def _item(self, number: int) -> Item:
        semantics = SEMANTICS[self.deals[number][0]]
        return Item(ItemRef("deal", number), {"STAGE_SEMANTIC_ID": semantics, "COMPANY_ID": CARD.id})

    def _card_arrives(self):
        theirs = [(self._item(number), moved) for number, (_, moved) in self.deals.items()]
        met = deals.so_far(theirs, born=NOON, ts=self.now)
        sight = cards.Sight(self._card(), self.timer, NOON, added=not self.known, deals=met)
        return cards.decide(sight, cards.change_of(sight, DAYS, PORTAL), DAYS, PORTAL, called=False)

    def _deal_arrives(self, number: int):
        moved = self.deals[number][1]
        item, before = self._item(number), self.memories.get(number, DealMemory())
        self.memories[number] = now = deals.seen(item, RULES)
        news = deals.happenings(item.ref, before, now, "", moved=moved, ts=self.now).get(str(CARD))
        has_open = any(state == "open" for state, _ in self.deals.values())
        if not news:
            return None
        return deals.decide(self._card(), self.timer, [news], DAYS, PORTAL, ts=self.now, has_open=has_open)


DEALS = st.tuples(st.integers(1, 3), st.sampled_from(["open", "won", "lost"]))
ROADS = st.tuples(st.sampled_from(["arrive", "repeat"]), st.integers(0, 9))


@given(st.lists(st.one_of(DEALS, ROADS), max_size=20), st.randoms(use_true_random=False))
@settings(max_examples=500, deadline=None)
def test_s2_s5_a_new_clients_status_does_not_depend_on_the_order_of_events(story, order):
    """S2, S5: an open deal means in work, a closed last one the status after it, none at all the new one."""
    birth = Birth()
    for what, which in story:
        if isinstance(what, int):
            birth.deal(what, which)
        elif birth.events:
            place = which % len(birth.events)
            birth.arrive(birth.events[place] if what == "repeat" else birth.events.pop(place))
    order.shuffle(birth.events)
    for event in birth.events:
        birth.arrive(event)

    if birth.known:
        assert (birth.status, birth.timer.in_deal) == birth.expected()


@pytest.fixture
def world():
    for made in new_world({"client-status": ClientStatusRobot}):
        made.publish(EXAMPLE.read_text().replace("{won: hot, lost: hot}", "{won: hot, lost: warm}"))
        yield made


@pytest.mark.parametrize("kind", ["company", "contact"])
@pytest.mark.parametrize("won", [True, False])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_s5_a_client_whose_only_deal_was_closed_before_we_looked(world, kind, won, order):
    """S5: made, got a deal and lost it within a second: the client has the status that follows a deal."""
    person, whose = world.person("Петров"), {"company": "companyId", "contact": "contactIds"}[kind]
    client = person.create(kind, title="Ромашка") if kind == "company" else person.create(kind, name="Анна")
    deal = person.create("deal", title="Сделка", **{whose: client if kind == "company" else [client]})
    person.close_deal(deal, won=won)
    world.events()
    waiting, world._pending["client-status"] = world._pending["client-status"], []
    assert len(waiting) == 3
    for place in order:
        world.queue("client-status", waiting[place])
        world.settle()

    assert label(world, kind, client) == ("Горячий" if won else "Тёплый")
    assert not timer(world, f"{kind}:{client}").in_deal


def test_s2_a_deal_that_ended_before_the_client_was_made_is_not_theirs(world):
    """S2: a new card put into a deal that is long over is a new client."""
    person = world.person("Петров")
    deal = person.create("deal", title="Сделка")
    person.close_deal(deal, won=False)
    world.settle()
    world.portal.clock.advance(CLOSED_LONG_AGO)
    client = person.create("company", title="Ромашка")
    person.update("deal", deal, companyId=client)
    world.settle()

    assert label(world, "company", client) == "Новый"


def test_section_9_a_new_client_costs_two_requests_with_its_deals(world):
    """Section 9: looking for deals of a new card is part of the first request."""
    person = world.person("Петров")
    client = person.create("company", title="Ромашка")
    deal = person.create("deal", title="Сделка", companyId=client)
    person.close_deal(deal, won=True)
    world.events()
    card, *_ = world._pending["client-status"]
    world._pending["client-status"] = [card]
    before = world.requests
    world.work()

    assert world.requests - before == 2
    assert label(world, "company", client) == "Горячий"


def test_s2_a_status_that_the_portal_refuses_a_new_card_is_given_at_its_next_change(world):
    """S2, S5: nobody is told of a change that nobody made, no event comes back, and the deal is not forgotten."""
    refused = world.portal.faults.add("access_denied", "crm.item.update", times=None, inner=True)
    person = world.person("Петров")
    client = person.create("company", title="Ромашка")
    world.settle()
    person.create("deal", title="Сделка", companyId=client)
    person.update("company", client, title="Ромашка и сыновья")
    world.settle()
    assert label(world, "company", client) == ""
    assert world.comments("company", client) == person.notifications() == []

    world.portal.faults.remove(refused)
    person.update("company", client, title="Ромашка и дочери")
    world.settle()

    assert label(world, "company", client) == "В работе"
    assert timer(world, f"company:{client}").in_deal


def test_s5_f1_a_status_that_cannot_be_put_back_does_not_hold_up_the_clients_deals(world):
    """S5, F1: a deal of a card that was cleared against the rules is handled, not tried again for hours."""
    person = world.person("Петров")
    client = person.create("company", title="Ромашка", **{FIELD: "Горячий"})
    world.settle()
    world.portal.faults.add("access_denied", "crm.item.update", times=None, inner=True)
    person.update("company", client, **{FIELD: ""})
    world.settle()
    deal = person.create("deal", title="Сделка", companyId=client)
    person.close_deal(deal, won=True)
    world.settle()

    assert label(world, "company", client) == ""
    assert len(world.comments("company", client)) == 1


def test_s5_a_status_that_the_portal_refuses_is_owed_and_nobody_is_blamed(world):
    """S5: told once, without a word about calls; the card's next change is another try."""
    person = world.person("Петров")
    client = person.create("company", title="Ромашка", **{FIELD: "Горячий"})
    world.settle()
    refused = world.portal.faults.add("access_denied", "crm.item.update", times=None, inner=True)
    person.create("deal", title="Сделка", companyId=client)
    world.settle()
    person.update("company", client, title="Ромашка и сыновья")
    world.settle()
    (told,) = world.comments("company", client)
    assert "не удалось сменить на «В работе»" in told
    assert (label(world, "company", client), person.notifications()) == ("Горячий", [])

    world.portal.faults.remove(refused)
    person.update("company", client, title="Ромашка и дочери")
    world.settle()

    assert label(world, "company", client) == "В работе"
    assert timer(world, f"company:{client}").in_deal
    assert not timer(world, f"company:{client}").owed
