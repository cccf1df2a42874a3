"""Events in any order, twice or never: wherever people, calls and deals have led, the sweep leaves things true."""

from crm_robots.robots.client_status import cards, deals
from crm_robots.robots.client_status.deals import DealMemory
from crm_robots.robots.client_status.timer import Timer
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.items import Item, ItemRef
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.client_status import A_DAY, FIELD, ITEMS, NOON, PORTAL, ROBOT_USER, RULES, calendar

CARD, PERSON = ItemRef("company", 42), 12
CODES = {item: code for code, item in ITEMS["company"].items()}
SEMANTICS = {"open": "P", "won": "S", "lost": "F"}
DAYS = calendar()


class Client:
    """One client with three deals: the portal's truth, what the robot remembers, and the events on their way."""

    def __init__(self) -> None:
        self.now = NOON
        self.status, self.author = "hot", PERSON
        self.timer = Timer(status="hot", since=DAYS.today(NOON))
        self.deals: dict[int, tuple[str, int]] = {}
        self.memories: dict[int, DealMemory] = {}
        self.events: list[int] = []
        """0 is the card, others are deals."""
        self.called = False
        self.writes = 0

    def person(self, status: str) -> None:
        self.status, self.author = status, PERSON
        self.events.append(0)

    def deal(self, number: int, state: str) -> None:
        if self.deals.get(number, ("",))[0] != state:
            self.deals[number] = (state, self.now)
            self.events.append(number)

    def arrive(self, number: int) -> None:
        if number:
            self._deal_arrives(number)
        else:
            sight = cards.Sight(self._card(), self.timer, self.now)
            change = cards.change_of(sight, DAYS, PORTAL)
            self._apply(cards.decide(sight, change, DAYS, PORTAL, called=self.called))

    def settle(self) -> None:
        """Whatever is on its way arrives; then the sweep feeds everything once more."""
        for _ in range(2):
            for number in [*self.events, 0, *self.deals, 0]:
                self.arrive(number)
            self.events.clear()

    @property
    def has_open(self) -> bool:
        return any(state == "open" for state, _ in self.deals.values())

    def _card(self) -> Item:
        value = ITEMS["company"].get(self.status)
        return Item(CARD, {FIELD: value, "ASSIGNED_BY_ID": PERSON, "UPDATED_BY": self.author})

    def _deal_arrives(self, number: int) -> None:
        if number not in self.deals:
            return
        if self.timer.status and not self.status:
            self.arrive(0)
        state, moved = self.deals[number]
        fields = {"STAGE_SEMANTIC_ID": SEMANTICS[state], "COMPANY_ID": CARD.id}
        ref = ItemRef("deal", number)
        now, before = deals.seen(Item(ref, fields), RULES), self.memories.get(number, DealMemory())
        news = deals.happenings(ref, before, now, "", moved=moved, ts=self.now)
        if str(CARD) in news:
            told = [news[str(CARD)]]
            known = {"ts": self.now, "has_open": self.has_open}
            self._apply(deals.decide(self._card(), self.timer, told, DAYS, PORTAL, **known))
        self.memories[number] = now

    def _apply(self, decision) -> None:
        self.timer = decision.memory
        for action in decision.actions:
            if isinstance(action, UpdateItem):
                self.status, self.author = CODES[action.fields[FIELD]], ROBOT_USER
                self.writes += 1
                self.events.append(0)


DEALS = st.tuples(st.just("deal"), st.integers(1, 3), st.sampled_from(["open", "won", "lost"]))
PEOPLE = st.tuples(st.just("person"), st.just(0), st.sampled_from(["hot", "warm", "cold", "lost", "in_work", ""]))
ROADS = st.tuples(st.sampled_from(["arrive", "repeat", "lose"]), st.integers(0, 9), st.just(""))


def played(story) -> Client:
    client = Client()
    for what, number, word in story:
        client.now += 60
        if what == "person":
            client.person(word)
        elif what == "deal":
            client.deal(number, word)
        elif client.events:
            place = number % len(client.events)
            event = client.events[place] if what == "repeat" else client.events.pop(place)
            if what != "lose":
                client.arrive(event)
    return client


@given(st.lists(st.one_of(DEALS, PEOPLE, ROADS), max_size=30))
@settings(max_examples=300, deadline=None)
def test_s3_s5_without_a_call_only_deals_move_a_client(story):
    client = played(story)
    client.settle()

    assert client.status == client.timer.status
    if client.has_open:
        assert (client.status, client.timer.in_deal) == ("in_work", True)
        assert DAYS.term(client.timer) is None
    else:
        assert not client.timer.in_deal
        assert client.status == "hot"


@given(st.lists(st.one_of(DEALS, PEOPLE, ROADS), max_size=30))
@settings(max_examples=300, deadline=None)
def test_s4_s7_with_calls_card_and_timer_agree_and_nothing_moves_any_more(story):
    client = played(story)
    client.called = True
    client.settle()
    timer, writes = client.timer, client.writes
    client.now += A_DAY
    client.settle()

    assert client.status == client.timer.status
    assert (client.timer, client.writes) == (timer, writes)
    assert (client.timer.since is None) == (not client.status)
